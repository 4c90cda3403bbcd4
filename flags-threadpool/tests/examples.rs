//! The examples print what they promise.

use std::io;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::LazyLock;

use flags_testing::cargo;

static EXECUTORS: LazyLock<PathBuf> =
    LazyLock::new(|| cargo::example("executors"));

fn executors(args: &[&str]) -> Output {
    Command::new(&*EXECUTORS).args(args).output().unwrap()
}

fn lines(stdout: Vec<u8>) -> Vec<String> {
    String::from_utf8(stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn results_are_in_the_order_of_the_numbers() {
    // With three workers, the later ones are checked long before the first.
    let answers = [
        "1000000007 is prime",
        "0 is not prime",
        "1 is not prime",
        "2 is prime",
        "3 is prime",
        "4 is not prime",
        "25 is not prime",
        "999999937 is prime",
        "1000000005 is not prime",
        "97 is prime",
    ];
    let numbers = answers.map(|line| line.split(' ').next().unwrap());
    for executor in ["sequence", "threads", "processes", "async"] {
        let args =
            [&["--workers", "3", "--executor", executor], &numbers[..]]
                .concat();
        let output = executors(&args);
        assert!(output.status.success(), "{output:?}");
        let lines = lines(output.stdout);
        assert_eq!(lines[..numbers.len()], answers, "{executor}");
        assert!(
            lines.last().unwrap().starts_with(&format!("| {executor} ")),
            "{lines:?}"
        );
    }
}

#[test]
fn all_four_executors_run_by_default() {
    let output = executors(&["7"]);
    assert!(output.status.success(), "{output:?}");
    let lines = lines(output.stdout);
    assert_eq!(lines[0], "7 is prime");
    let names = lines
        .iter()
        .rev()
        .take(4)
        .map(|line| line.split_whitespace().nth(1).unwrap());
    assert_eq!(
        names.collect::<Vec<_>>(),
        ["async", "processes", "threads", "sequence"]
    );
}

#[test]
fn wrong_arguments_are_a_usage_error() {
    for args in [
        &["seven"][..],
        &["7.0"],
        &["--", "-7"],
        &["18446744073709551616"],
        &["--workers", "0", "7"],
        &["--workers", "many", "7"],
        &["--executor", "gil", "7"],
    ] {
        let output = executors(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {output:?}");
        assert!(output.stdout.is_empty(), "{args:?}: {output:?}");
        assert!(
            output.stderr.starts_with(b"error: invalid value"),
            "{args:?}: {output:?}"
        );
    }
}

#[cfg(target_os = "linux")] // finds the worker processes in /proc
#[test]
fn death_of_a_worker_process_is_reported() {
    use std::process::Stdio;
    use std::thread::yield_now;

    // Keeps a worker busy for a long time.
    const HUGE_PRIME: &str = "18446744073709551557";
    let mut executors = Command::new(&*EXECUTORS);
    executors.args([
        "--executor",
        "processes",
        "--workers",
        "2",
        HUGE_PRIME,
        HUGE_PRIME,
    ]);
    executors.stdout(Stdio::piped()).stderr(Stdio::piped());
    let executors = executors.spawn().unwrap();
    let children = format!("/proc/{0}/task/{0}/children", executors.id());
    let workers = loop {
        let pids = std::fs::read_to_string(&children).unwrap();
        let pids: Vec<_> =
            pids.split_whitespace().map(str::to_owned).collect();
        match pids.len() {
            2 => break pids,
            _ => yield_now(),
        }
    };
    assert!(
        Command::new("kill")
            .args(["-KILL", &workers[1]])
            .status()
            .unwrap()
            .success()
    );

    let output = executors.wait_with_output().unwrap();
    let message = format!(
        "error: worker process {} died at {HUGE_PRIME}\n",
        workers[1]
    );
    assert_eq!(String::from_utf8(output.stderr).unwrap(), message);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let other = format!("/proc/{}/stat", workers[0]);
    while std::fs::read_to_string(&other)
        .is_ok_and(|stat| !stat.contains(") Z "))
    {
        yield_now(); // the other worker is killed too
    }
}

#[test]
fn job_runs_without_polling_and_async_block_does_not() {
    let output = Command::new(cargo::example("futures")).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let expected = "\
A job in a pool:
  before: Pending
  during: Pending, the job runs
  after:  Ready(Ok(42))
An async block:
  before: started: false
  during: Pending, started: true
  after:  42
Jobs in the order in which they end:
  job 1 ends: Some(Ok(1))
  job 2 ends: Some(Ok(2))
  job 0 ends: Some(Ok(0))
";
    assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
}

#[test]
fn closed_stdout_is_not_an_error() {
    for (example, args) in [("executors", &["7"][..]), ("futures", &[])] {
        let (reader, stdout) = io::pipe().unwrap();
        drop(reader); // as `| head -1` does once it has its line
        let mut command = Command::new(cargo::example(example));
        let output = command.args(args).stdout(stdout).output().unwrap();
        assert_eq!(
            String::from_utf8_lossy(&output.stderr),
            "",
            "{example}"
        );
        assert!(output.status.success(), "{example}: {output:?}");
    }
}

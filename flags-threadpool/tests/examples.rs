//! The examples print what they promise.

use std::process::Command;

use flags_testing::cargo;

/// What `executors` prints.
fn lines(args: &[&str]) -> Vec<String> {
    let mut executors = Command::new(cargo::example("executors"));
    let output = executors.args(args).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let stdout = String::from_utf8(output.stdout).unwrap();
    stdout.lines().map(str::to_owned).collect()
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
        let mut args = vec!["--workers", "3", "--executor", executor];
        args.extend(numbers);
        let lines = lines(&args);
        assert_eq!(lines[..numbers.len()], answers, "{executor}");
        let row = lines.last().unwrap();
        assert!(row.starts_with(&format!("| {executor} ")), "{row}");
    }
}

#[test]
fn all_four_executors_run_by_default() {
    let lines = lines(&["7"]);
    assert_eq!(lines[0], "7 is prime");
    let rows = &lines[lines.len() - 4..];
    let names = rows.iter().filter_map(|row| row.split(' ').nth(1));
    let names: Vec<_> = names.collect();
    assert_eq!(names, ["sequence", "threads", "processes", "async"]);
}

/// The system ends it after a second of CPU time.
#[cfg(unix)]
#[test]
fn death_of_a_worker_process_is_an_error() {
    const HUGE_PRIME: &str = "18446744073709551557";
    let mut limited = Command::new("sh");
    limited.args(["-c", "ulimit -t 1; exec \"$@\"", "sh"]);
    limited.arg(cargo::example("executors"));
    let options = ["--executor", "processes", "--workers", "1"];
    let output = limited.args(options).arg(HUGE_PRIME).output().unwrap();
    let message = format!("error: a worker process died at {HUGE_PRIME}\n");
    assert_eq!(String::from_utf8_lossy(&output.stderr), message);
    assert_eq!(output.status.code(), Some(1));
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

//! The examples of flags-lesson print what they promise. (`flag-site` has its own test file, the test `python`
//! runs `languages`, and the README's commands run `executors` and `compare`.)

use std::path::PathBuf;
use std::process::Command;

use flags_testing::cargo;

fn stdout(program: PathBuf, args: &[&str]) -> String {
    let output = Command::new(program).args(args).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn worker_process_of_executors_answers_in_the_order_of_the_numbers() {
    let (primes, others) = (["1000000007", "2", "3", "97"], ["0", "1", "4", "25", "1000000005"]);
    let args = [&["worker"][..], &primes, &others].concat();
    let answers = "true\n".repeat(primes.len()) + &"false\n".repeat(others.len());
    assert_eq!(stdout(cargo::example("executors"), &args), answers);
}

#[test]
fn job_runs_without_polling_and_async_block_does_not() {
    let expected = "\
A job in a pool:
  before: Pending
  during: Pending, the job runs
  after:  Ready(Ok(42))
An async block:
  before: started: false
  during: Pending, started: true
  after:  42
Jobs, in the order of their ends:
  job 1 ends: Some(Ok(1))
  job 2 ends: Some(Ok(2))
  job 0 ends: Some(Ok(0))
";
    assert_eq!(stdout(cargo::example("futures"), &[]), expected);
}

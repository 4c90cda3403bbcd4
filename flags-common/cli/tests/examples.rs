//! The worker process of the example `executors`. (`flag-site` has its own test file, the test `python` runs
//! `languages`, and the README's commands run `futures`, `executors` and `compare`.)

use std::process::Command;

use flags_testing::cargo;

#[test]
fn worker_of_executors_tells_primes_in_the_order_of_the_numbers() {
    let mut worker = Command::new(cargo::example("executors"));
    let numbers = ["1000000007", "4", "2", "0", "1", "3", "25", "97", "1000000005"];
    let output = worker.arg("worker").args(numbers).output().expect("it starts");
    let answers = "true\nfalse\ntrue\nfalse\nfalse\ntrue\nfalse\ntrue\nfalse\n";
    assert_eq!(String::from_utf8_lossy(&output.stdout), answers);
}

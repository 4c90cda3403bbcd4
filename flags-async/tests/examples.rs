//! The example, as a user runs it. Its figures are not tested: they depend
//! on the machine.

use std::io;
use std::process::Command;

use flags_testing::cargo;

#[test]
fn closed_stdout_is_not_an_error() {
    let (reader, stdout) = io::pipe().unwrap();
    drop(reader); // as `| head -1` does once it has its line
    let mut command = Command::new(cargo::example("blocking"));
    let output = command.stdout(stdout).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(output.status.success(), "{output:?}");
}

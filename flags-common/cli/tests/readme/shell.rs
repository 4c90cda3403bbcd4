//! Runs commands, and compares what they print with what a page says.

use std::path::Path;
use std::process::Command;

use flags_testing::cargo::forget_package;
use flags_testing::codes_in_order;
use regex_lite::{Regex, escape};

/// Runs commands as a person would type them, up to the first that fails, and returns what they
/// print on stdout and stderr.
pub fn shell(folder: &Path, commands: &str) -> String {
    let mut shell = Command::new("bash");
    let script = format!("exec 2>&1\n{commands}");
    shell.args(["-e", "-o", "pipefail", "-c", &script]).current_dir(folder);
    shell.env("CARGO_TERM_COLOR", "never");
    forget_package(&mut shell);
    let output = shell.output().expect("bash starts");
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{commands}\n{printed}");
    printed
}

/// Checks that `printed` is what is `expected`. There, a line `…` stands for any lines.
pub fn compare(expected: &[&str], printed: &str) {
    let pattern = |line: &&str| match *line {
        "…" => "(?:.*\n)*".to_owned(),
        line => escape(&stable(line)) + "\n",
    };
    let pattern: String = expected.iter().map(pattern).collect();
    let stable: String = printed.lines().map(|line| stable(line) + "\n").collect();
    let is_expected = Regex::new(&format!("^{pattern}$")).expect("a pattern").is_match(&stable);
    assert!(is_expected, "expected:\n{}\n\nprinted:\n{printed}", expected.join("\n"));
}

/// A line of output without what varies from run to run: numbers that contain a point or a colon
/// (times, ports), the order of codes, and the width of a table's columns.
fn stable(line: &str) -> String {
    let words: Vec<_> = line.split_whitespace().collect();
    if !words.is_empty() && words.iter().all(|word| word.len() == 2 && word.is_ascii()) {
        return codes_in_order(line);
    }
    let varies = |word: &str| {
        word.contains(|c: char| c.is_ascii_digit()) && word.contains(['.', ':'])
            || word.len() > 2 && word.chars().all(|c| "-:|".contains(c))
    };
    let words = words.into_iter().map(|word| if varies(word) { "#" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

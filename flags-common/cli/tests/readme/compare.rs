//! Compares what a command prints with what a page says.

use flags_testing::codes_in_order;
use regex_lite::{Regex, escape};

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

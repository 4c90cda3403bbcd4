//! What a command prints, compared with what a page says.

use flags_testing::codes_in_order;

use crate::Outcome;

/// Checks that `printed` is what is `expected`, if anything is. There, a line `…` stands for any lines.
pub fn compare(expected: &[&str], printed: &str) {
    let expected_lines: Vec<_> = expected.iter().map(|line| stable(line)).collect();
    let printed_lines: Vec<_> = printed.lines().map(stable).collect();
    let (expected_text, printed_text) = (expected_lines.join("\n"), printed_lines.join("\n"));
    assert!(
        expected.is_empty() || matches(&expected_lines, &printed_lines),
        "expected:\n{expected_text}\n\nprinted:\n{printed_text}\n\n{printed}"
    );
}

fn matches(expected: &[String], printed: &[String]) -> bool {
    match expected {
        [] => printed.is_empty(),
        [dots, rest @ ..] if dots == "…" => {
            (0..=printed.len()).any(|n| matches(rest, &printed[n..]))
        }
        [line, rest @ ..] => printed.first() == Some(line) && matches(rest, &printed[1..]),
    }
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

pub fn dots_stand_for_any_lines() -> Outcome {
    let matches = |expected: &str, printed: &str| {
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        matches(&lines(expected), &lines(printed))
    };
    for printed in ["b", "a\nb", "a\na\nb"] {
        assert!(matches("…\nb", printed) && matches("…\nb\n…", printed), "{printed:?}");
        assert!(!matches("…\nc", printed) && !matches("…\na\n…\na\n…\na", printed), "{printed:?}");
    }
    assert!(!matches("b", "a\nb") && !matches("a", "a\nb"));
    Ok(())
}

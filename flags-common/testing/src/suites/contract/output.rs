//! Checks of single lines of a downloader's output.

use std::path::Path;

/// Panics unless `line` is the `expected` one, in which each `…` stands for any text.
pub(super) fn assert_is_like(line: &str, expected: &str) {
    assert!(is_like(line, expected), "{line:?} is not like {expected:?}");
}

fn is_like(line: &str, expected: &str) -> bool {
    let mut parts = expected.split('…');
    let start = parts.next().expect("split gives one part or more");
    let Some(mut rest) = line.strip_prefix(start) else { return false };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.is_empty() || expected.ends_with('…')
}

/// Panics unless `line` is the last one of a run that saved `saved` flags: `20 downloads in 0.12s`.
pub(super) fn assert_is_total(line: &str, saved: usize) {
    let plural = if saved == 1 { "" } else { "s" };
    let seconds = line
        .strip_prefix(&format!("{saved} download{plural} in "))
        .and_then(|rest| rest.strip_suffix('s'));
    let seconds = seconds.unwrap_or_else(|| panic!("{line:?} for {saved} saved"));
    let (whole, hundredths) = seconds.split_once('.').expect("a decimal point");
    assert!(whole.parse::<u32>().is_ok() && hundredths.len() == 2, "{line:?}");
}

/// The line that names the folder of the saved flags.
pub(super) fn saved_in(dir: &str) -> String {
    format!("Saved in {}", Path::new(dir).join("").display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ellipsis_stands_for_any_text() {
        for (line, expected, like) in [
            ("a line", "a line", true),
            ("a line", "a…e", true),
            ("a line", "…line…", true),
            ("a line", "a…", true),
            ("a line", "a li", false),
            ("a line", "a…n", false),
            ("a line", "line", false),
        ] {
            assert_eq!(is_like(line, expected), like, "{line} {expected}");
        }
    }
}

//! Text for people: notes, plurals, and sanitizing untrusted text.

use std::fmt::Display;
use std::io::{self, Write};

use anstream::adapter::strip_str;

/// Writes a line on stderr. Errors are ignored: there is nowhere to report them.
pub(crate) fn note(text: impl Display) {
    _ = anstream::stderr().write_all(format!("{text}\n").as_bytes()); // in one piece
}

/// The text without colours, unless stderr shows them: for a handle of our own to it.
pub(crate) fn plain(text: &str) -> String {
    match anstream::AutoStream::choice(&io::stderr()) {
        anstream::ColorChoice::Never => strip_str(text).to_string(),
        _ => text.to_owned(),
    }
}

/// `1 flag`, `2 flags`.
pub(crate) fn counted(n: usize, thing: &str) -> String {
    format!("{n} {thing}{}", if n == 1 { "" } else { "s" })
}

/// Maximum length in characters of a text from outside.
const MAX_CHARS: usize = 200;

/// Makes text from outside safe to print on one line of a terminal and to write into XML: replaces
/// characters that are invisible or steer the terminal, and cuts what is beyond 200 characters.
pub(crate) fn clean(text: &str) -> String {
    let safe = |c: char| if is_unsafe(c) { '\u{fffd}' } else { c };
    let mut chars = text.chars().map(safe);
    let mut cleaned: String = chars.by_ref().take(MAX_CHARS).collect();
    if chars.next().is_some() {
        cleaned.push('…');
    }
    cleaned
}

/// Control characters, line separators, bidirectional controls, zero-width characters, tags, and
/// non-characters, which XML does not allow.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fdd0}'..='\u{fdef}')
        || matches!(c, '\u{e0000}'..='\u{e007f}')
        || u32::from(c) & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_cut() {
        assert_eq!(clean(&"x".repeat(200)), "x".repeat(200));
        assert_eq!(clean(&"é".repeat(30_000)), format!("{}…", "é".repeat(200)));
    }
}

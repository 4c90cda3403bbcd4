//! Text for people: notes, plurals, and making text from outside harmless.

use std::fmt::Display;
use std::io::{self, Write};

/// Writes a line on stderr. Errors are ignored: there is nowhere to report them.
pub(crate) fn note(text: impl Display) {
    _ = writeln!(io::stderr(), "{text}");
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
    fn unsafe_characters_are_replaced() {
        assert_eq!(clean("ab\u{1b}[31m\u{202e}\u{ffff}\n\té"), "ab�[31m����é");
    }

    #[test]
    fn long_text_is_cut() {
        assert_eq!(clean(&"x".repeat(200)), "x".repeat(200));
        assert_eq!(clean(&"é".repeat(30_000)), format!("{}…", "é".repeat(200)));
    }
}

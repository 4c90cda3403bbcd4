//! Text for people: notes, plurals, and making text from outside harmless.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::thread::sleep;
use std::time::Duration;

/// Writes a line on stderr. Errors are ignored: there is nowhere to report them.
pub(crate) fn note(text: impl Display) {
    _ = write(&mut anstream::stderr(), &format!("{text}\n"));
}

/// Writes the whole text. What a terminal or pipe cannot take now, it takes later.
pub(crate) fn write(out: &mut impl Write, text: &str) -> io::Result<()> {
    let mut rest = text.as_bytes();
    while !rest.is_empty() {
        match out.write(rest) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(written) => rest = &rest[written..],
            Err(error) => wait_if_busy(error)?,
        }
    }
    while let Err(error) = out.flush() {
        wait_if_busy(error)?;
    }
    Ok(())
}

fn wait_if_busy(error: io::Error) -> io::Result<()> {
    match error.kind() {
        ErrorKind::WouldBlock => sleep(Duration::from_millis(5)),
        ErrorKind::Interrupted => {}
        _ => return Err(error),
    }
    Ok(())
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

    /// Takes a byte, then is busy, then takes the next one.
    struct Busy(Vec<u8>, bool);

    impl Write for Busy {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.1 = !self.1;
            if self.1 {
                return Err(ErrorKind::WouldBlock.into());
            }
            self.0.push(bytes[0]);
            Ok(1)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn busy_terminal_loses_nothing() {
        let mut busy = Busy(Vec::new(), false);
        write(&mut busy, "BR CN\n").unwrap();
        assert_eq!(busy.0, b"BR CN\n");
    }
}

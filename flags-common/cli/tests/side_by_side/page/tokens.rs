//! The tokens of Rust source, line by line, each with the colour that it gets.

use ra_ap_rustc_lexer::{FrontmatterAllowed, TokenKind, tokenize};

/// A token, or the part of it that is on one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token<'a> {
    pub text: &'a str,
    /// CSS class, an initial: comment, keyword, type, function, string or whitespace; or none.
    pub class: &'static str,
}

/// The tokens of one line, without its end.
pub type Line<'a> = Vec<Token<'a>>;

/// Every character of `source` but the ends of lines is in one token.
pub fn lines(source: &str) -> Vec<Line<'_>> {
    let (mut lines, mut rest) = (vec![vec![]], source);
    for token in tokenize(source, FrontmatterAllowed::No) {
        let (text, tail) = rest.split_at(token.len as usize);
        rest = tail;
        let class = class(token.kind, text, tail);
        for (index, text) in text.split('\n').enumerate() {
            if index > 0 {
                lines.push(vec![]);
            }
            if !text.is_empty() {
                lines.last_mut().expect("a line").push(Token { text, class });
            }
        }
    }
    lines.pop_if(|line| line.is_empty()); // behind the last end of a line
    lines
}

fn class(kind: TokenKind, text: &str, tail: &str) -> &'static str {
    const KEYWORDS: &str = "as async await break const continue crate dyn else enum extern false \
        fn for if impl in let loop match mod move mut pub ref return self static struct super \
        trait true type unsafe use where while";
    const TYPES: &str = "bool char f64 i64 str u16 u32 u64 u8 usize";
    let is_one_of = |words: &str| words.split(' ').any(|word| word == text);
    match kind {
        TokenKind::Whitespace => "w",
        TokenKind::LineComment { .. } | TokenKind::BlockComment { .. } => "c",
        TokenKind::Literal { .. } => "s",
        TokenKind::Ident if is_one_of(KEYWORDS) => "k",
        TokenKind::Ident if is_one_of(TYPES) || text.starts_with(char::is_uppercase) => "t",
        TokenKind::Ident if tail.starts_with(['(', '!']) => "f",
        _ => "",
    }
}

//! The tokens of Rust source, line by line, each with the colour that it gets.

use ra_ap_rustc_lexer::{FrontmatterAllowed, TokenKind, tokenize};

/// What a token is, as far as the page shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Space,
    Comment,
    Keyword,
    Type,
    Function,
    Literal,
    /// Any other identifier.
    Name,
    Punctuation,
}

/// A token, or the part of it that is on one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    pub text: &'a str,
    pub kind: Kind,
}

/// The tokens of one line, without its end.
pub type Line<'a> = Vec<Token<'a>>;

/// Every character of `source` but the ends of lines is in one token.
pub fn lines(source: &str) -> Vec<Line<'_>> {
    let (mut lines, mut line, mut rest) = (vec![], vec![], source);
    for token in tokenize(source, FrontmatterAllowed::No) {
        let (text, tail) = rest.split_at(token.len as usize);
        rest = tail;
        let kind = kind(token.kind, text, tail);
        for part in text.split_inclusive('\n') {
            let (part, ended) = part.strip_suffix('\n').map_or((part, false), |part| (part, true));
            if !part.is_empty() {
                line.push(Token { text: part, kind });
            }
            if ended {
                lines.push(std::mem::take(&mut line));
            }
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

fn kind(kind: TokenKind, text: &str, tail: &str) -> Kind {
    const KEYWORDS: &str = "as async await break const continue crate dyn else enum extern false \
        fn for if impl in let loop match mod move mut pub ref return self static struct super \
        trait true type unsafe use where while";
    const PRIMITIVE_TYPES: &str = "bool char f64 i64 str u16 u32 u64 u8 usize";
    let is_one_of = |words: &str| words.split(' ').any(|word| word == text);
    match kind {
        TokenKind::Whitespace => Kind::Space,
        TokenKind::LineComment { .. } | TokenKind::BlockComment { .. } => Kind::Comment,
        TokenKind::Literal { .. } => Kind::Literal,
        TokenKind::Ident if is_one_of(KEYWORDS) => Kind::Keyword,
        TokenKind::Ident if is_one_of(PRIMITIVE_TYPES) => Kind::Type,
        TokenKind::Ident if text.starts_with(char::is_uppercase) => Kind::Type,
        TokenKind::Ident if tail.starts_with(['(', '!']) => Kind::Function,
        TokenKind::Ident => Kind::Name,
        _ => Kind::Punctuation,
    }
}

/// The text of a line.
pub fn text(line: &[Token]) -> String {
    line.iter().map(|token| token.text).collect()
}

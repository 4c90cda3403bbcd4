//! The tokens of Rust and Python, line by line, each with the colour that it gets: as few kinds as a
//! reader needs.

use regex_lite::Regex;

/// Those of both languages: no keyword of one is a name in the code of the other.
const KEYWORDS: &str = "and as async await break const continue crate def dyn else enum except extern \
    false finally fn for from if impl import in is lambda let loop match mod move mut not or pass \
    pub ref return self static struct super trait true try type unsafe use where while with";
const TYPES: &str = "bool bytes char dict f64 i64 int str tuple u16 u32 u64 u8 usize";

/// A token, or the part of it that is on one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token {
    pub text: &'static str,
    /// CSS class, an initial: comment, keyword, type, function, string or whitespace; or none.
    pub class: &'static str,
}

/// The tokens of one line, without its end.
pub type Line = Vec<Token>;

/// Every character of `source` but the ends of lines is in one token.
pub fn lines(source: &'static str) -> Vec<Line> {
    // Comments and docstrings; strings and numbers; words; spaces; ends of lines; any other character.
    let token = r#"(//|# ).*|"""[^"]*"""|"[^"]*"|\d[\w.]*|\w+| +|\n|."#;
    let mut lines = vec![vec![]];
    for token in Regex::new(token).expect("a pattern").find_iter(source) {
        let class = class(token.as_str(), &source[token.end()..]);
        for (index, text) in token.as_str().split('\n').enumerate() {
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

fn class(text: &str, tail: &str) -> &'static str {
    let is_one_of = |words: &str| words.split(' ').any(|word| word == text);
    match text.chars().next() {
        Some(' ') => "w",
        _ if ["//", "# ", "\"\"\""].iter().any(|start| text.starts_with(start)) => "c",
        Some('"' | '0'..='9') => "s",
        _ if is_one_of(KEYWORDS) => "k",
        Some('A'..='Z') => "t",
        _ if is_one_of(TYPES) => "t",
        Some('a'..='z' | '_') if tail.starts_with(['(', '!']) => "f",
        _ => "",
    }
}

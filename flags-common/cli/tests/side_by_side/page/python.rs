//! The tokens of Python source, line by line: as few kinds as a reader needs.

use super::tokens::{Line, Token};

const KEYWORDS: &str = "and as async await def else except finally for from if import in is lambda \
    None not or pass return try while with";

/// Every character of `source` but the ends of lines is in one token.
pub fn lines(source: &str) -> Vec<Line<'_>> {
    let mut in_docstring = false;
    let line = |text| {
        let was_in_docstring = in_docstring;
        in_docstring ^= str::matches(text, "\"\"\"").count() == 1;
        match was_in_docstring || str::starts_with(text, "\"\"\"") {
            true => vec![Token { text, class: "c" }],
            false => tokens(text),
        }
    };
    source.lines().map(line).collect()
}

fn tokens(mut rest: &str) -> Line<'_> {
    let mut line = vec![];
    while let Some(first) = rest.chars().next() {
        let in_word = |c: char| c.is_alphanumeric() || c == '_';
        let length = match first {
            '#' => rest.len(),
            '"' => rest[1..].find('"').map_or(rest.len(), |end| end + 2),
            ' ' => rest.len() - rest.trim_start().len(),
            _ if in_word(first) => rest.find(|c| !in_word(c)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (text, tail) = rest.split_at(length);
        let class = match first {
            '#' => "c",
            '"' => "s",
            ' ' => "w",
            _ if KEYWORDS.split(' ').any(|word| word == text) => "k",
            _ => "",
        };
        line.push(Token { text, class });
        rest = tail;
    }
    line
}

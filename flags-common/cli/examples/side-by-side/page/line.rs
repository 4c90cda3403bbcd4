//! A line of code as HTML: number, mark, coloured tokens, note.

use std::ops::Range;

use super::align::Difference;
use super::code::Column;
use super::html::{escape, from_markdown};
use super::source::Source;
use super::tokens::{Kind, Line, text};

/// The line with this index. `difference` is that from the line to its left; `None` in the first
/// column.
///
/// The text outside elements of the class `extra` is the line, to the letter.
pub fn line_html(column: &Column, index: usize, difference: Option<Difference>) -> String {
    let Source { variant, lines, .. } = &column.source;
    let (line, number) = (&lines[index], index + 1);
    let (mark, class, changed) = match difference {
        None => ("", "", vec![]),
        Some(Difference::Same) => ("", " same", vec![]),
        Some(Difference::Changed(tokens)) => ("~ ", " new", tokens),
        Some(Difference::New) => ("+ ", " new", vec![]),
    };
    let (tied, tie) = match column.loop_body() {
        Some(line) if line == index => {
            (" tied", "<a class=\"extra tie\" href=\"#download_one\">becomes download_one</a>")
        }
        _ if column.is_body_of_download_one(index) => (" tied", ""),
        _ => ("", ""),
    };
    let note = column.notes.iter().position(|note| note.line == index);
    let fragment = note.map_or(0..0, |note| column.notes[note].fragment.clone());
    let code = code_html(line, &changed, fragment);
    let id = format!("{variant}-{number}");
    let note = note.map_or_else(String::new, |note| {
        let (n, text) = (note + 1, from_markdown(column.notes[note].text));
        format!(
            "<a class=\"extra callout\" role=\"doc-noteref\" href=\"#{id}\" aria-label=\"Note {n} \
             on {variant}\" aria-describedby=\"{id}-note\">{n}</a><span class=\"extra note\" \
             role=\"doc-footnote\" id=\"{id}-note\">{text}</span>"
        )
    });
    let indent = text(line).chars().take_while(|c| *c == ' ').count();
    format!(
        "<span class=\"l{class}{tied}\" id=\"{id}\" data-n=\"{mark}{number}\" \
         style=\"--i:{indent}\">{code}{note}{tie}</span>"
    )
}

/// Text that looks the same throughout.
#[derive(Clone, Copy)]
struct Piece<'a> {
    text: &'a str,
    kind: Kind,
    changed: bool,
    /// Whether it belongs to the fragment that a note explains.
    noted: bool,
    /// Whether a line that is too long may be wrapped before it.
    breakable: bool,
}

/// The tokens of a line, with the `changed` ones and the noted `fragment` marked.
fn code_html(line: &Line, changed: &[usize], fragment: Range<usize>) -> String {
    let pieces = pieces(line, changed, fragment);
    let by_note = pieces.chunk_by(|one, next| one.noted == next.noted);
    let html = by_note.map(|pieces| {
        let by_change = pieces.chunk_by(|one, next| one.changed == next.changed);
        let html: String = by_change.map(change_html).collect();
        if pieces[0].noted { format!("<span class=\"noted\">{html}</span>") } else { html }
    });
    html.collect()
}

fn change_html(pieces: &[Piece]) -> String {
    let by_kind = pieces.chunk_by(|one, next| one.kind == next.kind);
    let html: String = by_kind.map(kind_html).collect();
    if pieces[0].changed { format!("<b>{html}</b>") } else { html }
}

fn kind_html(pieces: &[Piece]) -> String {
    let html = pieces.iter().map(|piece| match piece.kind {
        Kind::Comment => unbroken(piece.text),
        _ if piece.breakable => format!("<wbr/>{}", escape(piece.text)),
        _ => escape(piece.text),
    });
    let html: String = html.collect();
    let class = match pieces[0].kind {
        Kind::Space | Kind::Name | Kind::Punctuation => return html,
        Kind::Comment => "c",
        Kind::Keyword => "k",
        Kind::Type => "t",
        Kind::Function => "f",
        Kind::Literal => "s",
    };
    format!("<i class=\"{class}\">{html}</i>")
}

/// A comment that is wrapped neither after its slashes nor at a hyphen.
fn unbroken(comment: &str) -> String {
    let slashes = if comment.starts_with("// ") { "// " } else { "" };
    let mut words: Vec<_> = comment[slashes.len()..].split(' ').map(str::to_owned).collect();
    words[0].insert_str(0, slashes);
    let words = words.iter().map(|word| match escape(word) {
        html if word.contains([' ', '-']) => format!("<span class=\"nb\">{html}</span>"),
        html => html,
    });
    words.collect::<Vec<_>>().join(" ")
}

fn pieces<'a>(line: &Line<'a>, changed: &[usize], fragment: Range<usize>) -> Vec<Piece<'a>> {
    let (mut pieces, mut start) = (vec![], 0);
    for (index, token) in line.iter().enumerate() {
        let end = start + token.text.len();
        let is_changed = |index: usize| changed.contains(&index);
        let space = token.kind == Kind::Space && index > 0;
        let between = space && is_changed(index - 1) && is_changed(index + 1);
        let changed = is_changed(index) || between;
        let called = line.get(index + 1).is_some_and(|next| next.kind == Kind::Function);
        let breakable = token.text == "." && called;
        // A fragment may begin or end within a token: in a comment.
        let cuts = [start, fragment.start.clamp(start, end), fragment.end.clamp(start, end), end];
        for cut in cuts.windows(2).filter(|cut| cut[0] < cut[1]) {
            let text = &token.text[cut[0] - start..cut[1] - start];
            let noted = fragment.contains(&cut[0]);
            pieces.push(Piece { text, kind: token.kind, changed, noted, breakable });
        }
        start = end;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::super::tokens::lines;
    use super::*;

    #[test]
    fn changes_and_fragments_are_marked() {
        let lines = lines("    let a = b.f(\"<\"); // a note this\n");
        assert_eq!(
            code_html(&lines[0], &[1, 3, 9], 27..36),
            "    <b><i class=\"k\">let</i> a</b> = b<wbr/>.<b><i class=\"f\">f</i></b>(<i \
             class=\"s\">&quot;&lt;&quot;</i>); <i class=\"c\"><span class=\"nb\">// a</span> </i><span \
             class=\"noted\"><i class=\"c\">note this</i></span>"
        );
    }
}

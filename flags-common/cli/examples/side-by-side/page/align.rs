//! Which lines stand side by side, and how a line differs from the one to its left.

use std::ops::Range;

use similar::{Algorithm, DiffOp, DiffTag, capture_diff_slices};

use super::tokens::{Kind, Line, text};

/// A row of the page: for each column, the index of its line, if it has one there.
pub type Row = Vec<Option<usize>>;

/// How a line differs from the one to its left.
#[derive(Debug, PartialEq)]
pub enum Difference {
    /// The same text.
    Same,
    /// A similar line: the tokens at these indices differ.
    Changed(Vec<usize>),
    /// Nothing similar is there.
    New,
}

/// Aligns the columns so that as many words as possible face the same words to their left.
pub fn rows(columns: &[&[Line]]) -> Vec<Row> {
    let mut rows: Vec<Row> = vec![];
    for (column, lines) in columns.iter().enumerate() {
        let score = |row: usize, line: usize| {
            let cells = rows[row].iter().enumerate();
            let left = cells.filter_map(|(column, index)| Some(&columns[column][(*index)?]));
            left.map(|left| similarity(left, &lines[line])).max().unwrap_or(0)
        };
        let pairs = best_pairs(rows.len(), lines.len(), score);
        rows = merge(&rows, column, lines.len(), pairs);
    }
    rows
}

/// How `line` differs from the nearest line to its left in its row, if there is one.
pub fn difference(left: Option<&Line>, line: &Line) -> Difference {
    if line.is_empty() || left == Some(line) {
        return Difference::Same;
    }
    let Some(left) = left.filter(|left| similarity(left, line) > 0) else {
        return Difference::New;
    };
    let tokens = |line: &Line| {
        let visible = line.iter().enumerate().filter(|(_, token)| token.kind != Kind::Space);
        visible.map(|(index, token)| (index, token.text.to_owned())).unzip()
    };
    let (_, old): (Vec<usize>, Vec<_>) = tokens(left);
    let (indices, new): (Vec<usize>, Vec<_>) = tokens(line);
    let differing = diff(&old, &new).into_iter().filter(|op| op.tag() != DiffTag::Equal);
    Difference::Changed(differing.flat_map(|op| indices[op.new_range()].to_vec()).collect())
}

/// How similar two lines are: twice the number of words that they share, in order, with a bonus for
/// equal lines; 0 if they have little in common.
fn similarity(left: &Line, right: &Line) -> usize {
    const MIN_RATIO: f64 = 0.3;
    let (old, new) = (words(left), words(right));
    if left == right {
        return 2 * new.len() + 2;
    }
    if old.is_empty() && new.is_empty() {
        return usize::from(left.last().is_some_and(|_| text(left).starts_with(&text(right))));
    }
    let shared: usize = diff(&old, &new)
        .iter()
        .filter(|op| op.tag() == DiffTag::Equal)
        .map(|op| op.new_range().len())
        .sum();
    let ratio = 2.0 * shared as f64 / (old.len() + new.len()).max(1) as f64;
    if ratio < MIN_RATIO { 0 } else { 2 * shared }
}

fn words<'a>(line: &Line<'a>) -> Vec<&'a str> {
    let words = line.iter().filter(|it| !matches!(it.kind, Kind::Space | Kind::Punctuation));
    words.map(|token| token.text).collect()
}

fn diff<T: Ord + std::hash::Hash>(old: &[T], new: &[T]) -> Vec<DiffOp> {
    capture_diff_slices(Algorithm::Myers, old, new)
}

/// The pairs (row, line), ascending, with the highest sum of scores.
fn best_pairs(
    rows: usize,
    lines: usize,
    score: impl Fn(usize, usize) -> usize,
) -> Vec<(usize, usize)> {
    // best[r][l]: the highest sum for the rows from r and the lines from l.
    let mut best = vec![vec![0; lines + 1]; rows + 1];
    for row in (0..rows).rev() {
        for line in (0..lines).rev() {
            let paired = score(row, line) + best[row + 1][line + 1];
            best[row][line] = paired.max(best[row + 1][line]).max(best[row][line + 1]);
        }
    }
    let (mut row, mut line, mut pairs) = (0, 0, vec![]);
    while row < rows && line < lines {
        let points = score(row, line);
        if points > 0 && best[row][line] == points + best[row + 1][line + 1] {
            pairs.push((row, line));
            (row, line) = (row + 1, line + 1);
        } else if best[row][line] == best[row + 1][line] {
            row += 1;
        } else {
            line += 1;
        }
    }
    pairs
}

/// Adds a column. Between two pairs, the last lines share rows too, to save height.
fn merge(rows: &[Row], column: usize, lines: usize, mut pairs: Vec<(usize, usize)>) -> Vec<Row> {
    pairs.push((rows.len(), lines)); // ends the last gap
    let (mut merged, mut row, mut line) = (vec![], 0, 0);
    let mut add = |rows: &[Row], lines: Range<usize>| {
        let height = rows.len().max(lines.len());
        for from_end in (1..=height).rev() {
            let row = rows.len().checked_sub(from_end).map(|index| rows[index].clone());
            let mut row = row.unwrap_or_else(|| vec![None; column]);
            row.push(lines.end.checked_sub(from_end).filter(|line| lines.contains(line)));
            merged.push(row);
        }
    };
    for (paired_row, paired_line) in pairs {
        add(&rows[row..paired_row], line..paired_line);
        (row, line) = (paired_row, paired_line);
        if row < rows.len() && line < lines {
            add(&rows[row..row + 1], line..line + 1);
            (row, line) = (row + 1, line + 1);
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::super::tokens::lines;
    use super::*;

    #[test]
    fn similar_lines_share_a_row() {
        let left = lines("fn f() {\n    let x = get(a);\n    save(x)\n}\n");
        let middle = lines("fn f() {\n    spawn(|| {\n        let x = get(a);\n    });\n}\n");
        let right = lines("async fn f() {\n    let x = get(a).await;\n    save(x)\n}\n");
        let expected = [
            [Some(0), Some(0), Some(0)],
            [None, Some(1), None],
            [Some(1), Some(2), Some(1)],
            [Some(2), Some(3), Some(2)],
            [Some(3), Some(4), Some(3)],
        ];
        assert_eq!(rows(&[&left, &middle, &right]), expected);
    }

    #[test]
    fn missing_column_has_no_lines() {
        let lines = lines("fn f() {}\n");
        assert_eq!(rows(&[&[], &lines, &[]]), [[None, Some(0), None]]);
    }

    #[test]
    fn changed_tokens_are_found() {
        let lines = lines("fn get(x: &X) -> X {\nasync fn get(x: &X) -> X {\ndrop(y);\n}\n");
        let [left, right, other, brace] = &lines[..] else { panic!("four lines") };
        assert_eq!(difference(Some(left), left), Difference::Same);
        assert_eq!(difference(Some(left), right), Difference::Changed(vec![0]));
        assert_eq!(difference(Some(left), other), Difference::New);
        assert_eq!(difference(None, brace), Difference::New);
        assert_eq!(difference(None, &vec![]), Difference::Same, "a blank line");
    }
}

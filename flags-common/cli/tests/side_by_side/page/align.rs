//! Which lines stand side by side, and how a line differs from the column to its left.

use similar::{Algorithm, DiffTag, capture_diff_slices, diff_ratio};

use super::tokens::Line;

/// Equal lines stand side by side only where that leaves no more empty rows than this in one place.
/// Elsewhere, the columns drift.
const MAX_EMPTY_ROWS: usize = 4;
/// Lines that have less in common are not similar.
const MIN_RATIO: f32 = 0.7;

/// A line and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    pub row: usize,
    /// Whether its counterpart stands to its left.
    pub aligned: bool,
    pub mark: Mark,
}

/// How a line differs from its counterpart in the column to its left.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// The same text.
    Same,
    /// A similar line: these tokens are not in it.
    Changed(Vec<usize>),
    /// It has none.
    New,
}

/// The cells of each column. Each is compared with the nearest to its left that is not empty.
pub fn cells(columns: &[&[Line]]) -> Vec<Vec<Cell>> {
    let mut cells: Vec<Vec<Cell>> = vec![];
    for (index, lines) in columns.iter().enumerate() {
        let left = (0..index).rev().find(|left| !columns[*left].is_empty());
        let counterparts = counterparts(left.map_or(&[], |left| columns[left]), lines);
        cells.push(vec![]);
        for (counterpart, mark) in counterparts {
            let row = cells[index].last().map_or(0, |cell| cell.row + 1);
            let opposite = left.zip(counterpart).map(|(left, line)| cells[left][line].row);
            let same = opposite.filter(|_| mark == Mark::Same);
            cells[index].push(Cell { row, aligned: opposite == Some(row), mark });
            cells = same.and_then(|opposite| align(&cells, row, opposite)).unwrap_or(cells);
        }
    }
    cells
}

/// Moves the last line from `row` to that of its counterpart, or the reverse: down. `None` if that
/// leaves too many empty rows.
fn align(cells: &[Vec<Cell>], row: usize, opposite: usize) -> Option<Vec<Vec<Cell>>> {
    let mut cells = cells.to_vec();
    let (last, others) = cells.split_last_mut()?;
    for moved in others.iter_mut().flatten().filter(|cell| cell.row >= opposite) {
        moved.row += row.saturating_sub(opposite);
    }
    let cell = last.last_mut()?;
    (cell.row, cell.aligned) = (row.max(opposite), true);
    let fits = |column: &Vec<Cell>| {
        let next = [0].into_iter().chain(column.iter().map(|cell| cell.row + 1));
        next.zip(column).all(|(next, cell)| cell.row - next <= MAX_EMPTY_ROWS)
    };
    cells.iter().all(fits).then_some(cells)
}

/// For each line of `right`, the line of `left` that is the same or similar, in ascending order.
fn counterparts(left: &[Line], right: &[Line]) -> Vec<(Option<usize>, Mark)> {
    let mut counterparts = vec![];
    for op in capture_diff_slices(Algorithm::Myers, left, right) {
        let mut candidates = op.old_range();
        for line in op.new_range() {
            // max_by takes the last of several: from the end, that is the first.
            let similar = candidates.clone().rev().filter_map(|candidate| {
                let (ratio, changed) = compare(&left[candidate], &right[line]);
                (ratio >= MIN_RATIO).then_some((ratio, candidate, changed))
            });
            let best = similar.max_by(|one, other| one.0.total_cmp(&other.0));
            candidates.start = best.as_ref().map_or(candidates.start, |best| best.1 + 1);
            counterparts.push(match best {
                Some((_, left, _)) if op.tag() == DiffTag::Equal => (Some(left), Mark::Same),
                Some((_, left, changed)) => (Some(left), Mark::Changed(changed)),
                None => (None, Mark::New),
            });
        }
    }
    counterparts
}

/// How similar two lines are, from 0 to 1, and the tokens of `right` that differ.
fn compare(left: &Line, right: &Line) -> (f32, Vec<usize>) {
    let ops = capture_diff_slices(Algorithm::Myers, left, right);
    let differ = ops.iter().filter(|op| op.tag() != DiffTag::Equal);
    let changed = differ.flat_map(|op| op.new_range()).filter(|index| right[*index].class != "w");
    (diff_ratio(&ops, left.len(), right.len()), changed.collect())
}

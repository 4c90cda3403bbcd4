//! What fits into the height of the terminal.

use crate::timeline::Timeline;
use crate::timeline::figures::{figures, small_print};

/// Lines that are always there: the legends, of two lines and of three, the axis, the last two lines of
/// the program, and the prompt.
const FIXED: usize = 9;
/// So few lanes have a row each, whatever there is to share.
const FEW: usize = 8;
/// Rows of each kind, where the height is not limited.
const MAX_ROWS: usize = 40;

/// What fits: blank lines go first, then the small print, then the figures; then bars share rows, and
/// lanes last.
#[derive(Debug)]
pub(super) struct Layout {
    /// What separates the parts: a blank line or nothing.
    pub blank: &'static str,
    pub small_print: Vec<&'static str>,
    pub figures: Vec<(&'static str, String)>,
    /// Maximum number of rows for the bars.
    pub bars: usize,
    /// Maximum number of rows for the lanes.
    pub lanes: usize,
}

impl Layout {
    /// For so many bars and lanes.
    pub fn new(run: &Timeline, [bars, lanes]: [usize; 2], height: Option<usize>) -> Self {
        let rows = bars + lanes;
        let fixed = FIXED + usize::from(run.cut().is_some());
        let room = height.map_or(usize::MAX, |height| height.saturating_sub(fixed));
        let (figures, small_print) = (figures(run), small_print(&[run]));
        let words = figures.len() + small_print.len();
        let parts = [words + 3, words, figures.len()];
        let dropped = parts.iter().take_while(|lines| rows + *lines > room).count();
        let (bars, lanes) = match height {
            None => (bars.min(MAX_ROWS), lanes.min(MAX_ROWS)),
            Some(_) if rows <= room => (bars, lanes),
            Some(_) => share(room.max(2), bars, lanes),
        };
        Self {
            blank: if dropped < 1 { "\n" } else { "" },
            small_print: if dropped < 2 { small_print } else { vec![] },
            figures: if dropped < 3 { figures } else { vec![] },
            bars,
            lanes,
        }
    }
}

/// Divides this many rows between the bars and the lanes.
fn share(rows: usize, bars: usize, lanes: usize) -> (usize, usize) {
    let most = if lanes <= FEW { rows - 1 } else { rows / 2 };
    let bars = bars.min(rows - lanes.min(most)).max(1);
    (bars, lanes.min(rows - bars))
}

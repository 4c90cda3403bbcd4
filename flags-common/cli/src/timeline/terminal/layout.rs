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
    pub fn new(run: &Timeline, [mut bars, mut lanes]: [usize; 2], height: Option<usize>) -> Self {
        let (mut blank, mut small_print, mut figures) = ("\n", small_print(&[run]), figures(run));
        let rows = bars + lanes;
        if let Some(height) = height {
            let room = height.saturating_sub(FIXED + usize::from(run.cut().is_some()));
            if rows + figures.len() + small_print.len() + 3 > room {
                blank = "";
            }
            if rows + figures.len() + small_print.len() > room {
                small_print.clear();
            }
            if rows + figures.len() > room {
                figures.clear();
            }
            if rows > room {
                let room = room.max(2);
                let most = if lanes <= FEW { room - 1 } else { room / 2 };
                bars = bars.min(room - lanes.min(most)).max(1);
                lanes = lanes.min(room - bars);
            }
        } else {
            bars = bars.min(MAX_ROWS);
            lanes = lanes.min(MAX_ROWS);
        }
        Self { blank, small_print, figures, bars, lanes }
    }
}

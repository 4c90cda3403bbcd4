//! What fits into the height of the terminal.

use crate::timeline::Timeline;
use crate::timeline::figures::{figures, small_print};
use crate::timeline::scene::Scene;

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
    /// Lines that are always there: the legends, of two lines and of three, the axis, the last two lines of
    /// the program, and the prompt.
    const FIXED: usize = 9;
    /// So few lanes have a row each, whatever there is to share.
    const FEW: usize = 8;
    /// Rows of each kind, where the height is not limited.
    const MAX_ROWS: usize = 40;

    pub fn new(run: &Timeline, scene: &Scene, height: Option<usize>) -> Self {
        let mut layout = Self {
            blank: "\n",
            small_print: small_print(&[run]),
            figures: figures(run),
            bars: scene.bars.len(),
            lanes: scene.lanes.len(),
        };
        let Some(height) = height.map(|it| it.saturating_sub(run.cut().is_some().into())) else {
            layout.bars = layout.bars.min(Self::MAX_ROWS);
            layout.lanes = layout.lanes.min(Self::MAX_ROWS);
            return layout;
        };
        if layout.lines() > height {
            layout.blank = "";
        }
        if layout.lines() > height {
            layout.small_print.clear();
        }
        if layout.lines() > height {
            layout.figures.clear();
        }
        if layout.lines() > height {
            layout.share(height.saturating_sub(Self::FIXED).max(2));
        }
        layout
    }

    fn lines(&self) -> usize {
        let blank_lines = 3 * self.blank.len();
        let words = self.small_print.len() + self.figures.len();
        Self::FIXED + blank_lines + words + self.bars + self.lanes
    }

    /// Divides this many rows between the bars and the lanes.
    fn share(&mut self, rows: usize) {
        let most = if self.lanes <= Self::FEW { rows - 1 } else { rows / 2 };
        self.bars = self.bars.min(rows - self.lanes.min(most)).max(1);
        self.lanes = self.lanes.min(rows - self.bars);
    }
}

//! What serves the person at the terminal: the command line, progress, signals, and the summary.

mod background;
mod base_url;
mod cause;
mod interrupt;
mod notes;
mod open_files;
mod options;
mod panics;
mod screen;
#[cfg(unix)]
mod signals;
mod summary;
mod tally;

pub(crate) use self::background::Background;
pub(crate) use self::interrupt::{Interrupt, stop_on_signals};
pub(crate) use self::open_files::max_requests;
pub(crate) use self::options::{Options, Site};
pub(crate) use self::panics::Panics;
pub(crate) use self::screen::Screen;
pub(crate) use self::summary::{Ending, report_error, summarize};
pub use self::tally::Tally;

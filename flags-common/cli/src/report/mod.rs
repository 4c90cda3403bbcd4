//! What is said to the person at the terminal: what the strategy claims of each flag, held beside
//! what the witnesses saw.

mod cause;
mod codes;
mod notes;
mod screen;
mod summary;
mod tally;
mod verdict;
mod watch;

pub(crate) use self::screen::Screen;
pub(crate) use self::summary::{interrupted, report_error, summarize};
pub use self::tally::Tally;
pub(crate) use self::tally::{Claim, Claims};
pub(crate) use self::watch::watch;

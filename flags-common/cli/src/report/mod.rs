//! What is said to the person at the terminal: what the strategy claims of each flag, held beside
//! what the witnesses saw.

mod codes;
mod counts;
mod hint;
mod summary;
mod threads;
mod verdict;
mod watch;

pub(crate) use self::summary::{interrupted, report_error, summarize};
pub(crate) use self::threads::what_threads_do;
pub(crate) use self::watch::watch;

//! What was seen of a run, each by its witness. None of them asks the strategy.

pub(crate) mod calls;
pub(crate) mod disk;
pub(crate) mod doing;
pub(crate) mod os;
pub(crate) mod requests;
pub(crate) mod threads;

//! Where the result of each flag goes.

use anyhow::Result;

use crate::Flag;

/// Takes the result of each download. It has one owner; workers only return results.
///
/// `flags-cli` counts and prints them. In your own program, a closure is enough, as in the example of
/// this [crate](crate).
pub trait Report {
    /// Records the result of downloading and saving `flag`. Call it once for each flag of the plan.
    fn record(&mut self, flag: &Flag, result: Result<()>);
}

impl<F: FnMut(&Flag, Result<()>)> Report for F {
    fn record(&mut self, flag: &Flag, result: Result<()>) {
        self(flag, result);
    }
}

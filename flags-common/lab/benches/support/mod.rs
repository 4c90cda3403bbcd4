//! What the benchmarks share: how to compare whole processes on a machine that does other things
//! too.

#[path = "../../tests/support/mod.rs"]
pub mod tests;

use std::path::Path;
use std::time::Duration;

use clap::Args;
use tempfile::TempDir;

/// The options that every benchmark has.
#[derive(Args)]
pub struct Options {
    /// Fewer runs, to see that the benchmark works
    #[arg(long)]
    quick: bool,
    /// `cargo bench` adds this one. Without it, this is `cargo test --benches`, which builds in
    /// debug mode: nothing worth more than a quick look.
    #[arg(long, hide = true)]
    bench: bool,
}

impl Options {
    pub fn quick(&self) -> bool {
        self.quick || !self.bench
    }
}

/// Measures each of `runs` once a round, in another order each time: what else goes on in the
/// machine, and what a run leaves behind, then hits all of them alike. `rounds` says in how many
/// rounds a run takes part. Returns what was measured, in the order of `runs`.
pub fn interleaved<R, M>(
    runs: &[R],
    rounds: impl Fn(&R) -> usize,
    mut measure: impl FnMut(&R) -> M,
) -> Vec<Vec<M>> {
    let mut measured: Vec<_> = runs.iter().map(|_| Vec::new()).collect();
    let mut order: Vec<_> = (0..runs.len()).collect();
    for round in 0..runs.iter().map(&rounds).max().unwrap_or(0) {
        fastrand::Rng::with_seed(round as u64).shuffle(&mut order);
        for &index in order.iter().filter(|&&index| round < rounds(&runs[index])) {
            measured[index].push(measure(&runs[index]));
        }
    }
    measured
}

/// The one in the middle, or the lower one of the two: a single run that was disturbed does not
/// change it.
pub fn median<T: PartialOrd>(values: impl IntoIterator<Item = T>) -> T {
    let mut values: Vec<_> = values.into_iter().collect();
    values.sort_by(|a, b| a.partial_cmp(b).expect("values that can be compared"));
    let middle = (values.len() - 1) / 2;
    values.swap_remove(middle)
}

/// In milliseconds.
pub fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// A folder for a downloader to run in. In memory, where Linux has one there: on a disk, more than
/// half of the time would be the file system's, and the most changeable part of it.
pub fn new_folder() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a temporary folder")
}

/// How many flags a downloader saved that ran in `dir`.
pub fn saved(dir: &Path) -> usize {
    tests::files(dir).iter().filter(|name| name.ends_with(".gif")).count()
}

//! What the benchmarks share: comparing whole processes on a machine that also does other things.

use clap::Parser;
use flags_common::ALL_CC;
use flags_testing::saved_files;
use tempfile::TempDir;

// The options of every benchmark. (A doc comment would be the text of `--help`.)
#[derive(Parser)]
pub struct Options {
    /// Run fewer rounds, to see that the benchmark works
    #[arg(long)]
    quick: bool,
    /// Added by `cargo bench`. `cargo test` does without, and builds in debug mode: the figures are
    /// worth no more than a quick look.
    #[arg(long, hide = true)]
    bench: bool,
}

impl Options {
    /// Whether to run only as often as it takes to see that the benchmark works.
    pub fn quick(&self) -> bool {
        self.quick || !self.bench
    }
}

/// Measures each of `runs` once per round, in a different order each time, so that other load on
/// the machine, and what one run leaves behind for the next, affects all of them alike. Each run
/// takes part in the first `rounds` rounds. Returns the measurements in the order of `runs`.
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

/// The median, or the lower one of the two in the middle. Unlike the mean, it hardly changes if a
/// single run was disturbed.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<_> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values[(values.len() - 1) / 2]
}

/// A folder for a downloader to run in. On Linux it is in memory: on a disk, the file system would
/// take more than half of the time, and the part that varies most.
pub fn new_folder() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a temporary folder")
}

/// Whether the downloader that ran in `dir` has saved every flag.
pub fn has_every_flag(dir: &TempDir) -> bool {
    saved_files(dir.path()).len() == ALL_CC.len()
}

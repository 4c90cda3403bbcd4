//! Comparing runs on a machine that also does other things.

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

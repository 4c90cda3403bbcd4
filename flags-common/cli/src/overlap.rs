//! How many intervals overlap.

/// The most intervals that contain the same moment. One without an end goes on; one that begins when
/// another ends does not overlap it.
pub(crate) fn most_at_once<T: Ord>(intervals: impl Iterator<Item = (T, Option<T>)>) -> usize {
    let mut changes: Vec<(T, i64)> = Vec::new();
    for (start, end) in intervals {
        changes.push((start, 1));
        changes.extend(end.map(|end| (end, -1)));
    }
    changes.sort_unstable();
    let (mut now, mut most) = (0, 0);
    for (_, change) in changes {
        now += change;
        most = most.max(now);
    }
    usize::try_from(most).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interval_goes_on_to_its_end() {
        assert_eq!(most_at_once([(0, None), (1, Some(2)), (2, Some(3))].into_iter()), 2);
    }
}

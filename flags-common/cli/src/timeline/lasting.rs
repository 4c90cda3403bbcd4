//! How long a state lasted in which a thread was seen.

use std::time::Duration;

use super::Doing;
use crate::witness::threads::State;

/// Each state with its start and its end. It lasts to the next look or, if a span begins or ends on the
/// thread before that, to there; the next look's state then reaches back to the last such edge. What
/// happened between two edges without a look is not known. `edges` are in chronological order.
pub(super) fn lasting(
    states: &[State],
    edges: &[Duration],
) -> impl Iterator<Item = (Doing, Duration, Duration)> {
    states.iter().enumerate().map(|(n, state)| {
        let previous = if n == 0 { Duration::ZERO } else { states[n - 1].last };
        let before = edges[..edges.partition_point(|edge| *edge <= state.first)].last();
        let near = |edge: Duration| edge >= previous && state.first - edge < State::PAUSE;
        let from = before.copied().filter(|edge| near(*edge)).unwrap_or(state.first);

        let after = edges.get(edges.partition_point(|edge| *edge < state.last)).copied();
        let next = states.get(n + 1).map(|next| next.first);
        let end = after.into_iter().chain(next).min();
        let near = |end: &Duration| end.saturating_sub(state.last) < State::PAUSE;
        (state.doing, from, end.filter(near).unwrap_or(state.last))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks at these moments that each saw another state, each lasting as it is drawn.
    fn drawn(looks: &[u64], edges: &[u64]) -> Vec<(u128, u128)> {
        let ms = |ms: &u64| Duration::from_millis(*ms);
        let states: Vec<_> = looks.iter().map(|at| State::new(Doing::Runs, ms(at), 0)).collect();
        let edges: Vec<_> = edges.iter().map(ms).collect();
        lasting(&states, &edges).map(|(_, from, to)| (from.as_millis(), to.as_millis())).collect()
    }

    #[test]
    fn state_lasts_to_the_next_look_or_span_and_between_two_spans_nothing_is_known() {
        assert_eq!(drawn(&[1, 6, 11], &[]), [(1, 6), (6, 11), (11, 11)]);
        assert_eq!(drawn(&[10, 20], &[7, 13]), [(7, 13), (13, 20)]);
        assert_eq!(drawn(&[10, 20], &[13, 14, 16]), [(10, 13), (16, 20)]);
        assert_eq!(drawn(&[10, 20], &[3, 22]), [(3, 20), (20, 22)]);
    }

    #[test]
    fn what_happens_in_a_long_pause_is_not_known() {
        assert_eq!(drawn(&[1, 111], &[]), [(1, 1), (111, 111)]);
        assert_eq!(drawn(&[1, 111], &[5]), [(1, 5), (111, 111)]);
    }
}

//! Lists of flags: those with the same facts, by code.

use flags_common::CountryCode;

/// Groups the members by key. The groups are in the order of their first members.
pub(super) fn grouped<K: PartialEq, M>(members: impl Iterator<Item = (K, M)>) -> Vec<(K, Vec<M>)> {
    let mut groups: Vec<(K, Vec<M>)> = Vec::new();
    for (key, member) in members {
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, members)) => members.push(member),
            None => groups.push((key, vec![member])),
        }
    }
    groups
}

/// Number of codes that fit in 80 columns.
pub(super) const CODES_PER_LINE: usize = 25;

/// The codes on lines of at most 80 columns, each line behind `indent`.
pub(super) fn listed(codes: &[CountryCode], indent: &str) -> String {
    let codes: Vec<_> = codes.iter().map(ToString::to_string).collect();
    let lines = codes.chunks(CODES_PER_LINE).map(|line| format!("{indent}{}", line.join(" ")));
    lines.collect::<Vec<_>>().join("\n")
}

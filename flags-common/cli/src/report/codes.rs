//! Lists of flags: those with the same facts, by code.

use flags_common::CountryCode;

/// Puts the flags with equal keys together, in the order in which the keys come up.
pub(super) fn grouped<K: PartialEq>(
    flags: impl Iterator<Item = (K, CountryCode)>,
) -> Vec<(K, Vec<CountryCode>)> {
    let mut groups: Vec<(K, Vec<CountryCode>)> = Vec::new();
    for (key, cc) in flags {
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, codes)) => codes.push(cc),
            None => groups.push((key, vec![cc])),
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

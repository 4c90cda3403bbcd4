//! Lists of flags: those of which the same is known, by code.

use std::fmt::Display;

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

/// A heading and, below it, the codes that it is about, indented, on lines of 80 columns.
pub(super) fn listed(heading: impl Display, codes: &[CountryCode]) -> String {
    let codes: Vec<_> = codes.iter().map(ToString::to_string).collect();
    let lines: Vec<_> = codes.chunks(CODES_PER_LINE).map(|line| line.join(" ")).collect();
    format!("{heading}\n  {}", lines.join("\n  "))
}

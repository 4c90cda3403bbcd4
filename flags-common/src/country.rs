//! Country list: the countries whose flags the book downloads, and the type of a country code.
//!
//! The `build.rs` of flags-cli includes this file too, so it uses only the standard library.

use std::fmt;
use std::str::FromStr;

/// The 20 most populous countries, most populous first, as listed in *Fluent Python* (2nd edition,
/// chapter 20, `flags.py`).
pub const POP20_CC: [CountryCode; 20] =
    codes("CN IN US ID BR PK NG BD RU JP MX PH VN ET EG DE IR TR CD FR");

/// Every country with a flag on the book's site, AD to ZW, in alphabetical order: the codes of
/// `country_codes.txt` in *Fluent Python* (2nd edition, chapter 20).
pub const ALL_CC: [CountryCode; 194] = codes(
    "AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD \
     CF CG CH CI CL CM CN CO CR CU CV CY CZ DE DJ DK DM DZ EC EE EG ER ES ET FI FJ FM FR GA GB \
     GD GE GH GM GN GQ GR GT GW GY HN HR HT HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KI KM \
     KN KP KR KW KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MR MT MU MV \
     MW MX MY MZ NA NE NG NI NL NO NP NR NZ OM PA PE PG PH PK PL PT PW PY QA RO RS RU RW SA SB \
     SC SD SE SG SI SK SL SM SN SO SR SS ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA \
     UG US UY UZ VA VC VE VN VU WS YE ZA ZM ZW",
);

/// Two letters A–Z, the form of an ISO 3166-1 alpha-2 code, so it is safe in a URL and in a file
/// name. The code need not belong to a country.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountryCode([u8; 2]);

impl CountryCode {
    /// Makes a code; `None` unless both letters are upper-case ASCII.
    #[must_use]
    pub const fn new(letters: [u8; 2]) -> Option<Self> {
        match letters {
            [b'A'..=b'Z', b'A'..=b'Z'] => Some(Self(letters)),
            _ => None,
        }
    }

    /// Every possible code that starts with `letter`, in alphabetical order: 26 codes if `letter` is
    /// A to Z, otherwise none.
    pub fn starting_with(letter: u8) -> impl Iterator<Item = Self> {
        (b'A'..=b'Z').filter_map(move |second| Self::new([letter, second]))
    }

    /// Every possible code, AA to ZZ, in alphabetical order: 676 codes.
    pub fn every() -> impl Iterator<Item = Self> {
        (b'A'..=b'Z').flat_map(Self::starting_with)
    }

    /// The code in upper case, as printed and as in file names.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_else(|_| unreachable!("two ASCII letters"))
    }
}

impl FromStr for CountryCode {
    type Err = ParseCountryCodeError;

    /// Parses a code in upper or lower case.
    fn from_str(text: &str) -> Result<Self, ParseCountryCodeError> {
        match text.to_ascii_uppercase().as_bytes() {
            &[first, second] => Self::new([first, second]).ok_or(ParseCountryCodeError),
            _ => Err(ParseCountryCodeError),
        }
    }
}

impl fmt::Display for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Error of parsing a [`CountryCode`]: the text is not two letters A–Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParseCountryCodeError;

impl fmt::Display for ParseCountryCodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a country code, AA to ZZ")
    }
}

impl std::error::Error for ParseCountryCodeError {}

/// Parses `N` codes separated by spaces at compile time, so that a typing error in a list above, or a
/// list of the wrong length, does not compile.
const fn codes<const N: usize>(text: &str) -> [CountryCode; N] {
    let text = text.as_bytes();
    assert!(text.len() == 3 * N - 1, "the list has the wrong length");
    let mut list = [CountryCode([b'A', b'A']); N];
    let mut i = 0;
    while i < N {
        assert!(i == 0 || text[3 * i - 1] == b' ', "codes must be separated by one space");
        list[i] = match CountryCode::new([text[3 * i], text[3 * i + 1]]) {
            Some(code) => code,
            None => panic!("not a country code"),
        };
        i += 1;
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_unique_and_complete() {
        assert!(ALL_CC.is_sorted_by(|a, b| a < b), "sorted, each code once");
        assert_eq!((ALL_CC[0].as_str(), ALL_CC[193].as_str()), ("AD", "ZW"));
        assert!(POP20_CC.iter().all(|cc| ALL_CC.contains(cc)));
        assert_eq!(CountryCode::every().count(), 676);
        assert_eq!(CountryCode::starting_with(b'B').count(), 26);
    }

    #[test]
    fn only_two_letters_parse_as_a_code() {
        assert_eq!("cN".parse::<CountryCode>().unwrap().as_str(), "CN");
        for text in ["", "C", "CHN", "C1", "12", "..", "C/", "ÅB", "é", "C\0", " CN", "CN\n"] {
            assert_eq!(text.parse::<CountryCode>(), Err(ParseCountryCodeError), "{text:?}");
        }
    }
}

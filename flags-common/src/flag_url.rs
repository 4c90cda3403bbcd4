//! URL building.

use crate::CountryCode;

/// URL of the flag of `cc` on the site `base`: `{base}/{cc}/{cc}.gif`, with the code in lower case,
/// as on the book's site. Slashes at the end of `base` are ignored.
///
/// ```
/// use flags_common::flag_url;
///
/// let url = flag_url("https://www.fluentpython.com/data/flags/", "CN".parse()?);
/// assert_eq!(url, "https://www.fluentpython.com/data/flags/cn/cn.gif");
/// # Ok::<(), flags_common::ParseCountryCodeError>(())
/// ```
#[must_use]
pub fn flag_url(base: &str, cc: CountryCode) -> String {
    let base = base.trim_end_matches('/');
    let cc = cc.as_str().to_ascii_lowercase();
    format!("{base}/{cc}/{cc}.gif")
}

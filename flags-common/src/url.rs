//! URL building.

use anyhow::{Result, ensure};
use url::Url;

use crate::CountryCode;

/// Where the flag of `cc` is on the site `base`: `{base}/{cc}/{cc}.gif`, the code in lower case
/// as on the book's site. A slash at the end of `base` makes no difference.
///
/// ```
/// use flags_common::flag_url;
///
/// let url = flag_url("https://www.fluentpython.com/data/flags", "CN".parse()?);
/// assert_eq!(url, "https://www.fluentpython.com/data/flags/cn/cn.gif");
/// # Ok::<(), flags_common::NotACode>(())
/// ```
pub fn flag_url(base: &str, cc: CountryCode) -> String {
    let base = base.trim_end_matches('/');
    let cc = cc.as_str().to_ascii_lowercase();
    format!("{base}/{cc}/{cc}.gif")
}

/// Reads the base URL that a person typed, and returns it in the normal form of the URL standard,
/// so that both HTTP clients see the same one.
///
/// # Errors
/// If it is no URL, is not `http` or `https`, or has what cannot stand in front of a path (a query
/// or a fragment) or would show a secret on the screen (a user name or a password).
pub(crate) fn parse_base_url(text: &str) -> Result<String> {
    let url = Url::parse(text)?;
    ensure!(matches!(url.scheme(), "http" | "https"), "not an http or https URL");
    ensure!(url.username().is_empty() && url.password().is_none(), "a user name is not supported");
    ensure!(url.query().is_none(), "a base URL has no query (?)");
    ensure!(url.fragment().is_none(), "a base URL has no fragment (#)");
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slash_at_the_end_makes_no_difference() {
        let cn = "CN".parse().unwrap();
        for base in ["http://h/flags", "http://h/flags/", "http://h/flags//"] {
            assert_eq!(flag_url(base, cn), "http://h/flags/cn/cn.gif");
        }
    }

    #[test]
    fn only_a_base_url_is_one() {
        assert_eq!(
            parse_base_url("HTTP://Example.ORG:80/a/../b/").unwrap(),
            "http://example.org/b"
        );
        for text in [
            "",
            "x",
            "/flags",
            "//h/flags",
            "example.org",
            "localhost:8000",
            "http://",
            "ftp://h/",
            "file:///etc",
            "data:,x",
            "http://h/?q",
            "http://h/#f",
            "http://u:p@h/",
            "http://h:99999/",
        ] {
            assert!(parse_base_url(text).is_err(), "{text:?}");
        }
    }

    proptest::proptest! {
        /// What is taken for a base URL stays one: it has a flag below it, on the same host.
        #[test]
        fn any_text_as_a_base_url(text in ".*|https?://[a-z0-9./?#@:-]*") {
            if let Ok(base) = parse_base_url(&text) {
                let url = Url::parse(&flag_url(&base, "CN".parse().unwrap())).unwrap();
                assert_eq!(url.host(), Url::parse(&base).unwrap().host());
                assert!(url.path().ends_with("/cn/cn.gif") && url.query().is_none());
                assert_eq!(parse_base_url(&base).unwrap(), base, "in its normal form already");
            }
        }
    }
}

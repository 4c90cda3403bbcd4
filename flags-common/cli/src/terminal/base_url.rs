//! The base URL that a person types.

use anyhow::{Result, ensure};
use url::Url;

/// Parses a base URL and returns its normal form by the URL standard, so that both HTTP clients see
/// the same one.
///
/// # Errors
/// If it is not a URL, not `http` or `https`, has a query or a fragment (neither can stand before a
/// path), or a user name or a password (which would be shown on the screen).
pub(crate) fn parse_base_url(text: &str) -> Result<String> {
    let http = ["http://", "https://"].iter().any(|start| {
        text.get(..start.len()).is_some_and(|scheme| scheme.eq_ignore_ascii_case(start))
    });
    ensure!(http, "expected a URL that starts with http:// or https://");
    let url = Url::parse(text)?;
    ensure!(url.username().is_empty() && url.password().is_none(), "a user name is not supported");
    ensure!(url.query().is_none(), "a base URL has no query (?)");
    ensure!(url.fragment().is_none(), "a base URL has no fragment (#)");
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use flags_common::flag_url;

    use super::*;

    #[test]
    fn base_urls_are_normalized_or_rejected() {
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
        #[test]
        fn accepted_base_urls_keep_their_host_and_form(text in ".*|https?://[a-z0-9./?#@:-]*") {
            if let Ok(base) = parse_base_url(&text) {
                let url = Url::parse(&flag_url(&base, "CN".parse().unwrap())).unwrap();
                assert_eq!(url.host(), Url::parse(&base).unwrap().host());
                assert!(url.path().ends_with("/cn/cn.gif") && url.query().is_none());
                assert_eq!(parse_base_url(&base).unwrap(), base, "already in its normal form");
            }
        }
    }
}

//! The base URL that a person types.

use anyhow::{Context, Result, ensure};
use http::Uri;

/// Parses a base URL, and returns it without slashes at its end, with scheme and host in lower case.
/// Both HTTP clients see the same one, so what only one of them would change is rejected.
///
/// # Errors
/// If it is not a URL, not `http` or `https`, has a query or a fragment (neither can stand before a
/// path), a user name or a password (which would be shown on the screen), or a path with `.` or `..`.
pub(crate) fn parse_base_url(text: &str) -> Result<String> {
    let http = ["http://", "https://"].iter().any(|start| {
        text.get(..start.len()).is_some_and(|scheme| scheme.eq_ignore_ascii_case(start))
    });
    ensure!(http, "expected a URL that starts with http:// or https://");
    ensure!(!text.contains('#'), "a base URL has no fragment (#)");
    ensure!(!text.contains('?'), "a base URL has no query (?)");
    let url: Uri = text.parse().context("not a URL")?;
    let authority = url.authority().context("it names no host")?;
    ensure!(!authority.as_str().contains('@'), "a user name is not supported");
    ensure!(!authority.host().is_empty(), "it names no host");
    let port = authority.as_str().strip_prefix(authority.host()).unwrap_or_default();
    ensure!(
        port.is_empty() || authority.port_u16().is_some(),
        "the port is not a number up to 65535"
    );
    let path = url.path().trim_end_matches('/');
    ensure!(!path.split('/').any(|part| matches!(part, "." | "..")), "its path has a '.' or '..'");
    let scheme = url.scheme_str().unwrap_or_default().to_ascii_lowercase();
    Ok(format!("{scheme}://{}{path}", authority.as_str().to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use flags_common::flag_url;

    use super::*;

    #[test]
    fn base_urls_are_normalized() {
        for (text, base) in [
            ("HTTP://Example.ORG:80/A/", "http://example.org:80/A"),
            ("http://[::1]:8000", "http://[::1]:8000"),
            ("https://h//", "https://h"),
        ] {
            assert_eq!(parse_base_url(text).unwrap(), base);
        }
    }

    proptest::proptest! {
        #[test]
        fn accepted_base_urls_keep_their_host_and_form(text in ".*|https?://[a-z0-9./?#@:-]*") {
            if let Ok(base) = parse_base_url(&text) {
                let url: Uri = flag_url(&base, "CN".parse().unwrap()).parse().unwrap();
                assert_eq!(url.host(), base.parse::<Uri>().unwrap().host());
                assert!(url.path().ends_with("/cn/cn.gif") && url.query().is_none());
                assert_eq!(parse_base_url(&base).unwrap(), base, "already in its normal form");
            }
        }
    }
}

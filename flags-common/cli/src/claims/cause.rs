//! Why a flag failed, in one line.

use anyhow::Error;
use flags_common::HttpStatusError;

use crate::text::clean;

/// The cause of a failure.
#[derive(Debug, Clone)]
pub(crate) struct Cause {
    /// The error chain on one line, safe to print.
    pub text: String,
    /// Equal for causes that differ only in a number, a URL or a path.
    key: String,
}

impl PartialEq for Cause {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Cause {
    /// The chain of causes, each once.
    pub fn of(error: &Error) -> Self {
        let mut chain: Vec<_> =
            error.chain().map(|cause| without_url(&cause.to_string()).to_owned()).collect();
        chain.dedup();
        let text = clean(&chain.join(": "));
        // The number of an HTTP status is not incidental.
        let key = if error.is::<HttpStatusError>() { text.clone() } else { key(&text) };
        Self { text, key }
    }
}

/// reqwest adds the URL, which would be another one for each flag.
fn without_url(text: &str) -> &str {
    text.split_once(" for url (").map_or(text, |(text, _)| text)
}

/// The text without numbers, URLs and paths. Whatever a site sends is in a URL, a path or a number:
/// ureq quotes malformed headers, and says how long they are.
fn key(text: &str) -> String {
    let words = text.split_whitespace().map(|word| match word {
        _ if word.contains('/') => "/".to_owned(),
        _ => word.replace(|c: char| c.is_ascii_digit(), "").to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;
    use flags_common::StatusCode;

    use super::*;

    #[test]
    fn chain_is_on_one_line_without_repetition() {
        let error = anyhow!("refused").context("refused").context("sending for url (http://h/cn)");
        assert_eq!(Cause::of(&error).text, "sending: refused");
    }

    #[test]
    fn causes_that_differ_in_a_number_or_a_url_are_equal() {
        let cause = |text: &str| Cause::of(&anyhow!(text.to_owned()));
        assert_eq!(cause("header of 70123 bytes"), cause("header of 66001 bytes"));
        assert_eq!(cause("bad URI: /cn/cn.gif x"), cause("bad URI: /us/us.gif x"));
        assert_ne!(cause("timeout: connect"), cause("timeout: receive body"));
        assert_ne!(cause("Connection refused"), cause("Connection reset"));
        let status = |code| Cause::of(&HttpStatusError(code).into());
        assert_ne!(status(StatusCode::BAD_GATEWAY), status(StatusCode::SERVICE_UNAVAILABLE));
    }

    proptest::proptest! {
        #[test]
        fn any_cause_is_one_short_safe_line(links in proptest::collection::vec("(?s).{0,400}", 1..4)) {
            let error = links.into_iter().fold(anyhow!("cause"), |error, link| error.context(link));
            let text = Cause::of(&error).text;
            assert!(text.chars().count() <= 201, "{text:?}");
            assert!(!text.contains(|c: char| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c)));
        }
    }
}

//! Why a flag failed, in one line.

use std::env;

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

/// What a run can tell of itself, for its hints.
#[derive(Clone, Copy)]
pub(super) struct Circumstances {
    /// The run uses the demo site, which needs no network.
    pub demo: bool,
    pub max_req: usize,
}

/// What a person can do about the cause in `text`. There is a hint only where it is certain to fit: by
/// the clients' and the system's own words, and by the circumstances, if there is a run.
pub(super) fn hint(text: &str, run: Option<Circumstances>) -> Option<&'static str> {
    let says = |parts: &[&str]| parts.iter().any(|part| text.contains(part));
    let elsewhere = run.is_some_and(|run| !run.demo);
    let own_bundle =
        || ["SSL_CERT_FILE", "SSL_CERT_DIR"].iter().any(|it| env::var_os(it).is_some());
    let hint = if says(&["Resource temporarily unavailable"]) {
        "The system allows no more threads."
    } else if says(&["Too many open files"]) {
        "The system limits open files: try a smaller -m."
    } else if says(&["No CA certificates were loaded", "no native root CA", "No such certificate"])
    {
        if own_bundle() {
            "SSL_CERT_FILE or SSL_CERT_DIR is set: does it lead to certificates in PEM format?"
        } else {
            "The system has no certificates: install the package ca-certificates."
        }
    } else if says(&["UnknownIssuer"]) {
        "The system does not trust who issued it. On Linux, SSL_CERT_FILE can name a file to trust."
    } else if says(&["certificate expired", "certificate not valid yet", "Expired", "NotValidYet"])
    {
        "The certificate is out of date, or the clock of this machine is wrong."
    } else if elsewhere
        && says(&["failed to lookup address", "dns error", "Network is unreachable"])
    {
        "Is the host name right, and is there a network? The demo site needs none: leave out -s REMOTE or --base-url."
    } else if elsewhere && says(&["Connection refused"]) {
        "Nothing listens there: is the site running, and is the port right?"
    } else if says(&["timeout: ", "timed out"]) {
        match run?.max_req {
            1 => "Try a longer --timeout.",
            _ => "Try a smaller -m or a longer --timeout.",
        }
    } else if elsewhere
        && says(&[
            "Peer disconnected",
            "connection closed before",
            "Connection reset",
            "Broken pipe",
        ])
    {
        "The site closed the connection. There are no retries: run the program again."
    } else {
        return None;
    };
    Some(hint)
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
        let status = |code| Cause::of(&HttpStatusError(code).into());
        assert_ne!(status(StatusCode::BAD_GATEWAY), status(StatusCode::SERVICE_UNAVAILABLE));
    }

    #[test]
    fn hint_fits_the_cause_and_the_run() {
        let hint = |text, demo, max_req| hint(text, Some(Circumstances { demo, max_req }));
        let hints = |text, part| hint(text, false, 20).is_some_and(|hint| hint.contains(part));
        assert!(hints("cannot save in d: Too many open files (os error 24)", "a smaller -m"));
        assert!(hints("No CA certificates were loaded", "certificates"));
        assert!(hints("invalid peer certificate: UnknownIssuer", "SSL_CERT_FILE"));
        assert!(hints("invalid peer certificate: certificate expired: verification", "clock"));
        assert!(hints("invalid peer certificate: certificate not valid yet", "clock"));
        let other_name = "invalid peer certificate: certificate not valid for name \"h\"";
        assert_eq!(hint(other_name, false, 20), None);
        for elsewhere in ["io: Connection refused", "dns error", "io: Peer disconnected"] {
            assert!(hint(elsewhere, false, 20).is_some());
            assert_eq!(hint(elsewhere, true, 20), None, "the demo site needs no network");
        }
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

//! Why a flag failed, in one line.

use anyhow::Error;

use crate::text::clean;

/// The chain of causes, each once, on one line that is safe to print.
pub(crate) fn cause(error: &Error) -> String {
    // reqwest adds the URL, which would be another one for each flag.
    let without_url = |text: String| text.split(" for url (").next().unwrap_or_default().to_owned();
    let mut chain: Vec<_> = error.chain().map(|cause| without_url(cause.to_string())).collect();
    chain.dedup();
    clean(&chain.join(": "))
}

/// A cause without numbers, URLs and paths: equal for two that differ in no more. Whatever a site sends
/// is in a URL, a path or a number: ureq quotes malformed headers, and says how long they are.
pub(crate) fn kind(cause: &str) -> String {
    if cause.contains("HTTP status ") {
        return cause.to_owned(); // whose number is not incidental
    }
    let words = cause.split_whitespace().map(|word| match word {
        _ if word.contains('/') => "/".to_owned(),
        _ => word.replace(|c: char| c.is_ascii_digit(), ""),
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_that_differ_in_a_number_or_a_url_are_alike() {
        let alike = |one, other| kind(one) == kind(other);
        assert!(alike("header of 70123 bytes", "header of 66001 bytes"));
        assert!(alike("bad URI: /cn/cn.gif x", "bad URI: /us/us.gif x"));
        assert!(!alike("Connection refused", "Connection reset"));
        assert!(!alike("HTTP status 502 Bad", "HTTP status 503 Bad"));
    }
}

//! The table of faults.

use crate::{Strategy, Variant};

/// A fault, and what a downloader makes of CN, US and VN from a site that has it but for VN.
pub(super) struct Fault {
    /// As the server knows it.
    pub name: &'static str,
    /// Whether CN and US are saved in spite of it: first with ureq, then with reqwest. VN is saved in
    /// any case.
    saved: [bool; 2],
    /// What is said of a failure, with `2 flags` before it. Where the HTTP clients have words of
    /// their own, first ureq's and then reqwest's.
    causes: &'static [&'static str],
    /// Part of the line that says what to do, if there must be one.
    pub hint: &'static str,
}

impl Fault {
    const fn with_hint(self, hint: &'static str) -> Self {
        Self { hint, ..self }
    }

    pub fn saved(&self, variant: &Variant) -> bool {
        self.saved[usize::from(variant.strategy == Strategy::Async)]
    }

    pub fn cause(&self, variant: &Variant) -> &str {
        let reqwest = variant.strategy == Strategy::Async;
        let cause = if reqwest { self.causes.last() } else { self.causes.first() };
        cause.expect("a fault without a cause is no failure")
    }

    /// Short where it ends the request; elsewhere a busy machine needs time.
    pub fn timeout(&self) -> &str {
        if self.causes.iter().any(|cause| cause.contains("time")) { "1" } else { "10" }
    }
}

const fn harmless(name: &'static str) -> Fault {
    Fault { name, saved: [true, true], causes: &[], hint: "" }
}

const fn failure(name: &'static str, causes: &'static [&'static str]) -> Fault {
    Fault { name, saved: [false, false], causes, hint: "" }
}

/// One client follows it, the other fails.
const fn saved_by(name: &'static str, saved: [bool; 2], causes: &'static [&'static str]) -> Fault {
    Fault { name, saved, causes, hint: "" }
}

const UREQ_ONLY: [bool; 2] = [true, false];
const REQWEST_ONLY: [bool; 2] = [false, true];

const NOT_FOUND: &[&str] = &["not found: for example http://"];
const TIMEOUT: &[&str] = &["timeout: receive response", "operation timed out"];
const TIMEOUT_IN_BODY: &[&str] = &["timeout: receive body", "operation timed out"];
const CUT: &[&str] = &["Peer disconnected", "end of file before message length reached"];
const TOO_LARGE: &[&str] = &["larger than request limit", "larger than 262144 bytes"];
const NO_GIF: &[&str] = &["not a complete GIF image: malformed GIF header"];
const CUT_GIF: &[&str] = &["not a complete GIF image: Unexpected End of File"];
const TOO_MANY_REDIRECTS: &[&str] = &["too many redirects"];

pub(super) const FAULTS: &[Fault] = &[
    // Redirects.
    harmless("none"),
    harmless("redirect"),
    harmless("10-hops"),
    failure("11-hops", TOO_MANY_REDIRECTS),
    failure("redirect-to-itself", TOO_MANY_REDIRECTS),
    // The clients' own rules. An update of a client that changes them shows here.
    saved_by("redirect-300", UREQ_ONLY, &["HTTP status 300 Multiple Choices"]),
    saved_by("redirect-305", UREQ_ONLY, &["HTTP status 305 Use Proxy"]),
    saved_by("redirect-with-space", REQWEST_ONLY, &["location header is malformed: /none/"]),
    harmless("redirect-with-dots"),
    failure("redirect-to-file", &["too many redirects", "HTTP status 302 Found"]),
    failure("redirect-to-ftp", &["unknown scheme: ftp", "URL scheme is not allowed"]),
    failure(
        "redirect-to-escape",
        &["malformed: ftp://\u{fffd}31m\u{fffd}", "HTTP status 302 Found"],
    ),
    failure("redirect-to-20-kb", &["malformed: ftp://\u{fffd}xxx", "HTTP status 302 Found"]),
    failure("redirect-to-dead-port", &["io: Connection refused", "error sending request: "])
        .with_hint("Nothing listens there"),
    // Statuses.
    failure("204", CUT_GIF),
    failure("404", NOT_FOUND),
    failure("404-cut", NOT_FOUND),
    failure("404-without-end", NOT_FOUND),
    failure("410", &["HTTP status 410 Gone"]),
    failure("418", &["HTTP status 418 I'm a teapot"]),
    failure("429", &["HTTP status 429 Too Many Requests"]),
    failure("500", &["HTTP status 500 Internal Server Error"]),
    failure("500-without-end", &["HTTP status 500 Internal Server Error"]),
    failure("503", &["HTTP status 503 Service Unavailable"]),
    // Heads.
    failure("malformed", &["invalid HTTP version", "invalid HTTP"]),
    harmless("header-of-20-kb"),
    // ureq's input buffer is full before its limit is exceeded, so it reports a lost connection.
    failure("header-of-1-mb", &["response header is too big", "message head is too large"]),
    harmless("100-headers"),
    // ureq accepts 128 headers, reqwest 100: a row of the table "Where ureq and reqwest differ".
    saved_by("128-headers", UREQ_ONLY, &["message head is too large"]),
    failure("129-headers", &["too many headers", "message head is too large"]),
    // Connections.
    failure("closes", &["Peer disconnected", "connection closed before message completed"])
        .with_hint("run the program again"),
    failure("silent", TIMEOUT),
    failure("trickle", TIMEOUT_IN_BODY),
    failure("trickle-head", TIMEOUT),
    failure("cut", CUT),
    failure("reset", &["Peer disconnected", "Connection reset by peer"])
        .with_hint("run the program again"),
    // Bodies.
    failure("length-too-long", TIMEOUT_IN_BODY),
    harmless("longer-than-length"),
    failure("empty", CUT_GIF),
    failure("html", NO_GIF),
    failure("gif-cut-short", CUT_GIF),
    failure("chunked-2-gib", TOO_LARGE),
    failure("length-of-10-gb", TOO_LARGE),
    failure("gzip", NO_GIF),
];

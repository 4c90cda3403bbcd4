//! What a person can do about a failure.

use std::env;

/// What a run can tell of itself, for its hints.
#[derive(Clone, Copy)]
pub(super) struct Circumstances {
    /// The run uses the demo site, which needs no network.
    pub demo: bool,
    pub max_req: usize,
    /// A request was given up after as long as `--timeout` allows.
    pub timed_out: bool,
}

/// What a person can do about the cause in `text`. There is a hint only where it is certain to fit: by
/// the clients' and the system's own words, and by the circumstances, if there is a run.
pub(super) fn hint(text: &str, run: Option<Circumstances>) -> Option<&'static str> {
    let elsewhere = run.is_some_and(|run| !run.demo);
    let bundle = ["SSL_CERT_FILE", "SSL_CERT_DIR"].iter().any(|it| env::var_os(it).is_some());
    let timed_out = run.is_some_and(|run| run.timed_out);
    let several = run.is_some_and(|run| run.max_req > 1);
    let says = |parts: &[&str]| parts.iter().any(|part| text.contains(part));
    let no_certificates =
        says(&["No CA certificates were loaded", "no native root CA", "No such certificate"]);
    let no_network = says(&["failed to lookup address", "dns error", "Network is unreachable"]);
    let limited = says(&["HTTP status 429", "HTTP status 503"]);
    let timeout = timed_out && says(&["timeout: ", "timed out"]);
    let hints = [
        (says(&["Too many open files"]), "The system limits open files: try a smaller -m."),
        (
            no_certificates && bundle,
            "SSL_CERT_FILE or SSL_CERT_DIR is set: does it name certificates in PEM format?",
        ),
        (no_certificates, "The system has no certificates: install the package ca-certificates."),
        (
            says(&["UnknownIssuer"]),
            "The system does not trust its issuer.\n  \
             On Linux and BSD, SSL_CERT_FILE can name a file to trust.",
        ),
        (
            says(&["CaUsedAsEndEntity"]),
            "The certificate is a CA's. To make one for a site, add to openssl req:\n  \
             -addext basicConstraints=critical,CA:FALSE",
        ),
        (
            elsewhere && no_network,
            "Check the host name and the network, or leave out -s REMOTE and --base-url:\n  \
             the demo site needs neither.",
        ),
        (
            elsewhere && says(&["Connection refused"]),
            "Nothing is listening there: is the site running, and is the port right?",
        ),
        (elsewhere && limited, "The site limits requests: try a smaller -m, or later."),
        (timeout && several, "Try a smaller -m or a longer --timeout."),
        (timeout, "Try a longer --timeout."),
    ];
    hints.into_iter().find(|(fits, _)| *fits).map(|(_, hint)| hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hint_fits_the_cause_and_the_run() {
        let at = |demo, max_req, timed_out| Some(Circumstances { demo, max_req, timed_out });
        let [site, demo] = [at(false, 20, false), at(true, 20, false)];
        for (cause, run, part) in [
            ("cannot save in d: Too many open files (os error 24)", demo, "a smaller -m"),
            ("No CA certificates were loaded", None, "certificates"),
            ("invalid peer certificate: UnknownIssuer", site, "SSL_CERT_FILE"),
            ("invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))", site, "CA:FALSE"),
            ("dns error", site, "the host name"),
            ("io: Connection refused", site, "Nothing is listening"),
            ("HTTP status 429 Too Many Requests", site, "limits requests"),
            ("timeout: receive response", at(false, 20, true), "a smaller -m or a longer"),
            ("operation timed out", at(true, 1, true), "Try a longer"),
        ] {
            assert!(hint(cause, run).is_some_and(|hint| hint.contains(part)), "{cause}");
        }
        for (cause, run) in [
            ("invalid peer certificate: certificate not valid for name \"h\"", site),
            ("dns error", demo), // which needs no network
            ("io: Connection refused", demo),
            ("HTTP status 503 Service Unavailable", demo),
            ("operation timed out", site), // by a shorter time-out in the code
        ] {
            assert_eq!(hint(cause, run), None, "{cause}");
        }
    }
}

//! What a person can do about a failure.

use std::env;

use crate::session::Session;

/// What a person can do about a cause of failure, in this run if there is one yet. `timed_out` tells
/// whether a request was given up after as long as `--timeout` allows. There is a hint only where it is
/// certain to fit: by the clients' and the system's own words, and by what is known of the run.
pub(super) fn hint(cause: &str, run: Option<&Session>, timed_out: bool) -> Option<&'static str> {
    let elsewhere = run.is_some_and(|run| run.demo.is_none()); // the demo site needs no network
    let several = run.is_some_and(|run| run.max_req > 1);
    let says = |words: &[&str]| words.iter().any(|word| cause.contains(word));
    let bundle = || ["SSL_CERT_FILE", "SSL_CERT_DIR"].iter().any(|it| env::var_os(it).is_some());
    let no_certificates =
        says(&["No CA certificates were loaded", "no native root CA", "No such certificate"]);
    let no_network = says(&["failed to lookup address", "dns error", "Network is unreachable"]);
    let timed_out = timed_out && says(&["timeout: ", "timed out"]);
    Some(match cause {
        _ if says(&["Too many open files"]) => "The system limits open files: try a smaller -m.",
        _ if no_certificates && bundle() => {
            "SSL_CERT_FILE or SSL_CERT_DIR is set: does it name certificates in PEM format?"
        }
        _ if no_certificates => {
            "The system has no certificates: install the package ca-certificates."
        }
        _ if says(&["UnknownIssuer"]) => {
            "The system does not trust its issuer.\n  \
             On Linux and BSD, SSL_CERT_FILE can name a file to trust."
        }
        _ if says(&["CaUsedAsEndEntity"]) => {
            "The certificate is a CA's. To make one for a site, add to openssl req:\n  \
             -addext basicConstraints=critical,CA:FALSE"
        }
        _ if elsewhere && no_network => {
            "Check the host name and the network, or leave out -s REMOTE and --base-url:\n  \
             the demo site needs neither."
        }
        _ if elsewhere && says(&["Connection refused"]) => {
            "Nothing is listening there: is the site running, and is the port right?"
        }
        _ if elsewhere && says(&["HTTP status 429", "HTTP status 503"]) => {
            "The site limits requests: try a smaller -m, or later."
        }
        _ if timed_out && several => "Try a smaller -m or a longer --timeout.",
        _ if timed_out => "Try a longer --timeout.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The other hints are in the contract, the faults and the suite `tls`.
    #[test]
    fn hint_is_for_a_run_that_it_fits() {
        assert!(hint("cannot save: Too many open files (os error 24)", None, false).is_some());
        for cause in ["dns error", "Connection refused", "HTTP status 503", "timed out"] {
            assert_eq!(hint(cause, None, false), None, "{cause}");
        }
    }
}

//! HTTPS: a downloader trusts what the system trusts, and nothing else. Which certificates are bad is
//! rustls's business and not tested here. A test that needs a certificate goes here.

use libtest_mimic::Trial;

#[cfg(target_os = "linux")]
use crate::Strategy;
use crate::Variant;
use crate::sites::tls_site::{TlsSite, run_trusting};

pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    let mut trials = trials!(variant, "tls", [stranger_is_not_trusted]);
    #[cfg(target_os = "linux")]
    trials.extend(trials!(
        variant,
        "tls",
        [
            site_trusted_by_the_system_is_trusted,
            name_in_the_certificate_is_checked,
            missing_certificates_are_an_error,
            certificate_of_a_ca_has_a_hint,
        ]
    ));
    trials
}

fn stranger_is_not_trusted(variant: &Variant) {
    let [site, stranger] = ["127.0.0.1"; 2].map(TlsSite::start);
    let run =
        run_trusting(variant, Some(&site.certificate), &["CN", "--base-url", &stranger.base_url]);
    run.assert(1, 0);
    run.assert_says("certificate");
}

#[cfg(target_os = "linux")]
fn site_trusted_by_the_system_is_trusted(variant: &Variant) {
    let site = TlsSite::start("127.0.0.1");
    run_trusting(variant, Some(&site.certificate), &["--base-url", &site.base_url]).assert(0, 20);
}

/// Whether it is checked is a setting of the HTTP clients.
#[cfg(target_os = "linux")]
fn name_in_the_certificate_is_checked(variant: &Variant) {
    let site = TlsSite::start("example.org");
    let run = run_trusting(variant, Some(&site.certificate), &["CN", "--base-url", &site.base_url]);
    run.assert(1, 0);
    run.assert_says("not valid for name");
}

/// As in a small container. reqwest reads the certificates before the first request, and ureq with the
/// first request over https.
#[cfg(target_os = "linux")]
fn missing_certificates_are_an_error(variant: &Variant) {
    const HINT: &str = "\n  SSL_CERT_FILE or SSL_CERT_DIR is set: does it name certificates in PEM \
                        format?\n";
    let https = TlsSite::start("127.0.0.1").base_url;
    let local = run_trusting(variant, None, &["CN"]);
    let remote = run_trusting(variant, None, &["CN", "--base-url", &https]);
    if variant.strategy == Strategy::Async {
        for run in [local, remote] {
            run.assert(1, 0);
            run.assert_says("\nerror: ");
            run.assert_says(HINT);
        }
    } else {
        local.assert(0, 1);
        remote.assert(1, 0);
        remote.assert_says("\n1 flag failed: ");
        remote.assert_says(HINT);
    }
}

/// As a teacher may make it for a site of the class.
#[cfg(target_os = "linux")]
fn certificate_of_a_ca_has_a_hint(variant: &Variant) {
    let site = TlsSite::start_with_a_cas("127.0.0.1");
    let run = run_trusting(variant, Some(&site.certificate), &["CN", "--base-url", &site.base_url]);
    run.assert(1, 0);
    run.assert_says("CaUsedAsEndEntity");
    run.assert_says("\n  -addext basicConstraints=critical,CA:FALSE\n");
}

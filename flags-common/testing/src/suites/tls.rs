//! HTTPS: a downloader trusts what the system trusts, and nothing else. A test that needs a certificate
//! goes here.

use libtest_mimic::Trial;

use crate::sites::tls_site::{Authority, certificate_for, start_tls_site};
use crate::{Variant, finish};

pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    let mut trials = trials!(variant, "tls", [unknown_authority_is_not_trusted]);
    #[cfg(target_os = "linux")]
    trials.extend(linux::trials(variant));
    trials
}

fn unknown_authority_is_not_trusted(variant: &Variant) {
    let site = start_tls_site(certificate_for("127.0.0.1"), Some(&Authority::new("A stranger")));
    let dir = tempfile::tempdir().unwrap();
    let mut command = variant.command(dir.path());
    command.args(["--base-url", &site]).env_remove("SSL_CERT_DIR").env_remove("SSL_CERT_FILE");
    let run = finish(command, dir);
    run.assert(1, 0);
    run.assert_says("certificate");
}

/// Where `SSL_CERT_FILE` says what the system trusts.
#[cfg(target_os = "linux")]
mod linux {
    use super::*;
    use crate::Strategy;
    use crate::sites::tls_site::run_trusting;

    pub fn trials(variant: &'static Variant) -> Vec<Trial> {
        trials!(
            variant,
            "tls",
            [
                authority_trusted_by_the_system_is_trusted,
                bad_certificates_are_rejected,
                missing_certificates_are_an_error,
            ]
        )
    }

    fn authority_trusted_by_the_system_is_trusted(variant: &Variant) {
        let authority = Authority::new("A company");
        let site = start_tls_site(certificate_for("127.0.0.1"), Some(&authority));
        let run = run_trusting(variant, Some(&authority), &["--base-url", &site]);
        run.assert(0, 20);
    }

    fn bad_certificates_are_rejected(variant: &Variant) {
        let (authority, stranger) = (Authority::new("A company"), Authority::new("A stranger"));
        let mut expired = certificate_for("127.0.0.1");
        expired.not_after = rcgen::date_time_ymd(2001, 1, 1);
        let other = certificate_for("example.org");
        for (site, cause) in [
            (start_tls_site(expired, Some(&authority)), "expired"),
            (start_tls_site(certificate_for("127.0.0.1"), Some(&stranger)), "UnknownIssuer"),
            (start_tls_site(certificate_for("127.0.0.1"), None), "UnknownIssuer"),
            (start_tls_site(other, Some(&authority)), "not valid for name"),
        ] {
            let run = run_trusting(variant, Some(&authority), &["CN", "--base-url", &site]);
            run.assert(1, 0);
            run.assert_says(cause);
        }
    }

    /// As in a small container. reqwest reads the certificates before the first request, and ureq
    /// with the first request over https.
    fn missing_certificates_are_an_error(variant: &Variant) {
        const HINT: &str = "\n  SSL_CERT_FILE or SSL_CERT_DIR is set: does it lead to certificates in \
                            PEM format?\n";
        let authority = Authority::new("A stranger");
        let https = start_tls_site(certificate_for("127.0.0.1"), Some(&authority));
        let run_without = |args: &[&str]| {
            let run = run_trusting(variant, None, args);
            assert!(!run.stderr.contains("panicked"), "{run}");
            run
        };
        let (local, remote) = (run_without(&["CN"]), run_without(&["CN", "--base-url", &https]));
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
}

//! HTTPS: a downloader trusts what the system trusts, and nothing else. Which certificates are bad is
//! rustls's business and not tested here. A test that needs a certificate goes here. (Only on Linux can a
//! test tell the system whom to trust.)

use std::io::Write;

use libtest_mimic::Trial;

use crate::sites::tls_site;
use crate::{Run, Strategy, Variant};

pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    trials!(
        variant,
        "tls",
        [only_what_the_system_trusts_is_trusted, missing_certificates_are_an_error]
    )
}

/// Downloads CN where the system trusts only `certificate`, or none if that is empty.
fn run_trusting(variant: &Variant, certificate: &str, options: &str) -> Run {
    let mut trusted = tempfile::NamedTempFile::new().unwrap();
    trusted.write_all(certificate.as_bytes()).unwrap();
    let file = trusted.path().display();
    variant.run(&format!("unset SSL_CERT_DIR; SSL_CERT_FILE={file} flags CN {options}"))
}

fn only_what_the_system_trusts_is_trusted(variant: &Variant) {
    let ours = tls_site::start("127.0.0.1", false);
    let strangers = tls_site::start("127.0.0.1", false);
    // Whether the name is checked is a setting of the HTTP clients.
    let of_another_name = tls_site::start("example.org", false);
    let of_a_ca = tls_site::start("127.0.0.1", true);
    for ((site, _), trusted, saved, said) in [
        (&ours, &ours.1, 1, "\n1 download in "),
        (&strangers, &ours.1, 0, "invalid peer certificate"),
        (&of_another_name, &of_another_name.1, 0, "not valid for name"),
        (&of_a_ca, &of_a_ca.1, 0, "\n  -addext basicConstraints=critical,CA:FALSE\n"),
    ] {
        let run = run_trusting(variant, trusted, &format!("--base-url {site}"));
        run.assert(1 - saved, saved as usize);
        run.assert_says(said);
    }
}

/// As in a small container. reqwest reads the certificates before the first request, and ureq with the
/// first request over https.
fn missing_certificates_are_an_error(variant: &Variant) {
    let (https, _) = tls_site::start("127.0.0.1", false);
    let local = run_trusting(variant, "", "");
    let remote = run_trusting(variant, "", &format!("--base-url {https}"));
    let failed = if variant.strategy == Strategy::Async {
        vec![local, remote]
    } else {
        local.assert(0, 1);
        vec![remote]
    };
    for run in failed {
        run.assert(1, 0);
        run.assert_says(
            "\n  SSL_CERT_FILE or SSL_CERT_DIR is set: does it name certificates in PEM format?\n",
        );
    }
}

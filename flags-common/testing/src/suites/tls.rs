//! HTTPS: all three downloaders trust what the system trusts, and nothing else.

mod support;

use support::tls::{Authority, certificate_for, run_trusting, start_tls_site};
use support::{VARIANTS, finish};

#[test]
#[cfg(target_os = "linux")] // where SSL_CERT_FILE says what the system trusts
fn a_company_s_own_authority_is_trusted_where_the_system_trusts_it() {
    let (authority, stranger) = (Authority::new("A company"), Authority::new("A stranger"));
    let site = start_tls_site(certificate_for("127.0.0.1"), Some(&authority));
    for variant in VARIANTS.iter() {
        let run = run_trusting(variant, Some(&authority), &["--base-url", &site]);
        assert_eq!((run.status, run.files().len()), (0, 20), "{}: {}", variant.name, run.stderr);

        let run = run_trusting(variant, Some(&stranger), &["--base-url", &site]);
        assert_eq!((run.status, run.files().len()), (1, 0), "{}: {}", variant.name, run.stderr);
        assert!(run.stderr.contains("UnknownIssuer"), "{}: {}", variant.name, run.stderr);
    }
}

#[test]
fn an_authority_unknown_to_the_system_is_not_trusted() {
    let site = start_tls_site(certificate_for("127.0.0.1"), Some(&Authority::new("A stranger")));
    for variant in VARIANTS.iter() {
        let dir = tempfile::tempdir().unwrap();
        let mut command = variant.command(dir.path());
        command.args(["--base-url", &site]);
        command.env_remove("SSL_CERT_DIR").env_remove("SSL_CERT_FILE");
        let run = finish(command, dir);
        assert_eq!((run.status, run.files().len()), (1, 0), "{}: {}", variant.name, run.stderr);
        assert!(run.stderr.contains("certificate"), "{}: {}", variant.name, run.stderr);
    }
}

/// As in a small container.
#[test]
#[cfg(target_os = "linux")]
fn a_system_with_no_certificates_is_enough_for_http() {
    let site = start_tls_site(certificate_for("127.0.0.1"), Some(&Authority::new("A stranger")));
    for variant in VARIANTS.iter() {
        let run = run_trusting(variant, None, &["--latency", "0"]);
        assert_eq!((run.status, run.files().len()), (0, 20), "{}: {}", variant.name, run.stderr);

        let run = run_trusting(variant, None, &["CN", "US", "--base-url", &site]);
        assert_eq!((run.status, run.files().len()), (1, 0), "{}: {}", variant.name, run.stderr);
        let failures: Vec<_> = run.stderr.lines().skip(3).collect();
        let [cause, codes] = failures[..] else { panic!("{}: {}", variant.name, run.stderr) };
        assert!(cause.starts_with("2 ") && cause.contains("certificate"), "{cause}");
        assert_eq!(support::codes_in_order(codes), "CN US");
    }
}

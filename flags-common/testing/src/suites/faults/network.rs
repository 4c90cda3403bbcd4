//! Faults that are not the site's alone.

use libtest_mimic::Trial;

use super::SITE;
use crate::{Strategy, Variant, finish};

pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    trials!(
        variant,
        "faults",
        [
            each_failure_has_its_own_cause,
            unknown_name_is_an_error,
            proxies_are_not_used,
            unanswered_handshake_times_out,
            kept_connection_that_closes_costs_one_flag,
        ]
    )
}

fn each_failure_has_its_own_cause(variant: &Variant) {
    let (closed, timeout) = match variant.strategy {
        Strategy::Async => ("error sending request: client error", "error sending request: oper"),
        _ => ("io: Peer disconnected", "timeout: receive response"),
    };
    let run = variant.run(&["--timeout", "2", "--base-url", &format!("{}/mixed", *SITE)]);
    assert_eq!((run.status, run.files().len()), (1, 15), "{}", run.stderr);
    let lines: Vec<_> = run.stderr.lines().skip(2).collect();
    let causes = lines.iter().filter(|line| line.starts_with("1 flag "));
    assert_eq!(causes.count(), 5, "{}", run.stderr);
    for (codes, cause) in [
        ("DE", "not found: http://"),
        ("EG", "failed: HTTP status 500 Internal Server Error"),
        ("FR", "failed: not a complete GIF image"),
        ("IN", &format!("failed: {closed}")),
        ("IR", &format!("failed: {timeout}")),
    ] {
        let at = lines.iter().position(|line| line.trim() == codes);
        let failure = lines[at.unwrap_or_else(|| panic!("no {codes}: {}", run.stderr)) - 1];
        assert!(failure.starts_with(&format!("1 flag {cause}")), "{codes}: {failure}");
    }
}

fn unknown_name_is_an_error(variant: &Variant) {
    let run = variant.run(&["CN", "--base-url", "http://no-such-host.invalid/"]);
    assert_eq!((run.status, run.files().len()), (1, 0), "{}", run.stderr);
    assert!(run.stderr.contains("failed to lookup address information"), "{}", run.stderr);
}

fn proxies_are_not_used(variant: &Variant) {
    let dir = tempfile::tempdir().unwrap();
    let mut command = variant.command(dir.path());
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        command.env(name, "http://127.0.0.1:1").env(name.to_lowercase(), "http://127.0.0.1:1");
    }
    command.args(["CN", "US"]);
    let run = finish(command, dir);
    assert_eq!((run.status, run.files().len()), (0, 2), "{}", run.stderr);
}

/// The site accepts the connection, but does not speak TLS.
fn unanswered_handshake_times_out(variant: &Variant) {
    let site = SITE.replace("http:", "https:");
    let run = variant.run(&["CN", "--timeout", "0.5", "--base-url", &site]);
    assert_eq!((run.status, run.files().len()), (1, 0), "{}", run.stderr);
    let cause = match variant.strategy {
        Strategy::Async => "operation timed out",
        _ => "timeout: connect",
    };
    assert!(run.stderr.contains(cause), "{}", run.stderr);
}

/// One request at a time, all on one connection, until the site closes it after CN. Neither client
/// sends a request again once it has been written.
fn kept_connection_that_closes_costs_one_flag(variant: &Variant) {
    let site = format!("{}/closes-kept", *SITE);
    let run = variant.run(&["CN", "US", "VN", "-m", "1", "--base-url", &site]);
    assert_eq!(run.files(), ["CN.gif", "VN.gif"], "{}", run.stderr);
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(run.stderr.contains("There are no retries: run the program again."), "{}", run.stderr);
}

//! A name server that does not answer.

use std::fs;

use libtest_mimic::{Completion, Trial};

use super::shell::run_unshared;
use crate::{Strategy, Variant};

/// Only reqwest bounds the lookup of a name.
pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    match variant.strategy {
        Strategy::Async => trials!(variant, "resolver", [run_ends_while_a_name_is_looked_up]),
        _ => Vec::new(),
    }
}

/// A network without anyone on it, where the first query is repeated after 5 s.
const BEFORE: &str = "\
    ip link set lo up && ip route add 192.0.2.53 dev lo && \
    printf 'nameserver 192.0.2.53\\noptions timeout:5 attempts:2\\n' > resolv.conf && \
    printf 'hosts: files dns\\n' > nsswitch.conf && \
    mount --bind resolv.conf /etc/resolv.conf && mount --bind nsswitch.conf /etc/nsswitch.conf";

fn run_ends_while_a_name_is_looked_up(variant: &Variant) -> Completion {
    let args = ["CN", "--timeout", "0.5", "--base-url", "http://no-such-host.test"];
    let after = "cp /proc/net/snmp counters";
    let Some(run) = run_unshared(variant, &["--net"], (BEFORE, after), &args) else {
        return Completion::ignored_with("no permission to set up a network and its name server");
    };
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(run.stderr.contains("operation timed out"), "{}", run.stderr);
    // One query for IPv4, and one for IPv6.
    let queries = datagrams_sent(&fs::read_to_string(run.dir.path().join("counters")).unwrap());
    assert!((1..=2).contains(&queries), "{queries} queries: it has waited for the second attempt");
    Completion::Completed
}

/// Number of UDP datagrams that Linux has sent on a network: the column `OutDatagrams`.
fn datagrams_sent(counters: &str) -> u64 {
    let mut lines = counters.lines().filter_map(|line| line.strip_prefix("Udp: "));
    let (names, values) = (lines.next().expect("a header"), lines.next().expect("values"));
    let mut columns = names.split(' ').zip(values.split(' '));
    let sent = columns.find_map(|(name, value)| (name == "OutDatagrams").then_some(value));
    sent.expect("the column").parse().expect("a number")
}

//! The contract: what every downloader promises to a person at a terminal. Most of it is a command line
//! with its output: a row in `contract.txt`. A test goes here if it must look elsewhere, such as at the
//! request or at the order of arrival, and if the three could differ.

use flags_common::POP20_CC;
use libtest_mimic::Trial;

use super::transcript::Transcript;
use crate::sites::TestSite;
use crate::{Strategy, Variant, codes_in_order};

static ROWS: Transcript =
    Transcript::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/suites/contract.txt"));

pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    let mut trials = trials!(
        variant,
        "contract",
        [
            flags_arrive_in_plan_order_only_in_sequence,
            full_speed_needs_no_more_connections_than_max_req,
            site_learns_the_name_and_version_of_the_crate,
            any_base_url_is_requested_as_the_same_bytes,
        ]
    );
    let run = |command: &str| variant.run(command);
    trials.extend(ROWS.trials("contract", Some(variant.strategy.name()), run));
    trials
}

/// LOCAL's latency is different for each flag.
fn flags_arrive_in_plan_order_only_in_sequence(variant: &Variant) {
    let run = variant.run("flags 2>/dev/null");
    let codes = run.stdout.lines().next().expect("a line of codes").trim_end();
    let plan = codes_in_order(codes);
    assert_eq!(plan.split(' ').count(), POP20_CC.len(), "{run}");
    assert_eq!(codes == plan, variant.strategy == Strategy::Sequence, "{run}");
}

/// Without latency, nothing but the limit keeps a client from opening more connections.
fn full_speed_needs_no_more_connections_than_max_req(variant: &Variant) {
    let site = TestSite::with_latency(0);
    let run = variant.run(&format!("flags --every -m 30 --base-url {}", site.base_url));
    run.assert(1, 194);
    let seen = site.counters();
    assert_eq!(seen.requests, 676, "{run}");
    assert!(seen.connections <= variant.strategy.in_flight(30), "{seen:?}\n{run}");
}

fn site_learns_the_name_and_version_of_the_crate(variant: &Variant) {
    let site = TestSite::with_latency(0);
    variant.run(&format!("flags CN --base-url {}", site.base_url)).assert(0, 1);
    let version = variant.run("flags --version").stdout;
    assert_eq!(site.requests()[0].client.replace('/', " ") + "\n", version);
}

/// ureq sends a URL as it is, and reqwest encodes it.
fn any_base_url_is_requested_as_the_same_bytes(variant: &Variant) {
    let site = TestSite::with_latency(0);
    let base_url = format!("{}/\u{e9}t\u{e9} {{\"|}}/100%25", site.base_url);
    let run = variant.run(&format!("flags CN --base-url '{base_url}'"));
    run.assert(1, 0);
    let target = site.requests().remove(0).target;
    assert_eq!(target, "/flags/%C3%A9t%C3%A9%20%7B%22%7C%7D/100%25/cn/cn.gif", "{run}");
}

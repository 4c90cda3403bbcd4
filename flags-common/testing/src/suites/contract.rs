//! The contract: what every downloader promises to a person at a terminal. Most of it is a command line
//! with its output: a row in `contract.txt`. A test goes here if it must look elsewhere, such as at the
//! request or at the order of arrival, and if the three could differ.

use std::fs;

use flags_common::POP20_CC;
use libtest_mimic::Trial;

use super::transcript::Transcript;
#[cfg(unix)]
use crate::is_flag;
use crate::sites::TestSite;
use crate::{Running, Strategy, Variant, codes_in_order};

static ROWS: Transcript =
    Transcript::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/suites/contract.txt"));

pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    let mut trials = trials!(
        variant,
        "contract",
        [
            flags_arrive_in_plan_order_only_in_sequence,
            site_learns_the_name_and_version_of_the_crate,
        ]
    );
    #[cfg(unix)]
    trials.extend(trials!(variant, "contract", [flag_that_cannot_be_saved_is_a_failure]));
    let run = |command: &str| start(variant, command).finish();
    trials.extend(ROWS.trials("contract", Some(variant.strategy.name()), run));
    trials
}

/// Starts `variant` with the words of a row, its streams in order on one pipe.
pub(super) fn start(variant: &Variant, command: &str) -> Running {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let mut downloader = variant.command(dir.path());
    downloader.args(command.split(' ').skip(1));
    Running::start_on_one_pipe(downloader, dir)
}

/// LOCAL's latency is different for each flag.
fn flags_arrive_in_plan_order_only_in_sequence(variant: &Variant) {
    let run = variant.run(&[]);
    let codes = run.stdout.lines().next().expect("a line of codes").trim_end();
    let plan = codes_in_order(codes);
    assert_eq!(plan.split(' ').count(), POP20_CC.len(), "{run}");
    assert_eq!(codes == plan, variant.strategy == Strategy::Sequence, "{run}");
}

/// A directory that has the flag's name is not replaced, either.
#[cfg(unix)]
fn flag_that_cannot_be_saved_is_a_failure(variant: &Variant) {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("downloaded/CN.gif")).unwrap();
    let run = variant.run_in(dir, &["CN", "US"]);
    run.assert(1, 2);
    run.assert_says(
        "\n1 flag failed: cannot save in downloaded: Is a directory (os error 21)\n  CN\n",
    );
    assert!(is_flag(&run.dir.path().join("downloaded/US.gif")), "{run}");
}

fn site_learns_the_name_and_version_of_the_crate(variant: &Variant) {
    let site = TestSite::with_latency(0);
    let run = variant.run(&["CN", "--base-url", &site.base_url]);
    run.assert(0, 1);
    let client = site.requests().remove(0).client;
    let (name, version) = client.split_once('/').expect("name/version");
    let package = format!("[package]\nname = \"{name}\"\nversion = \"{version}\"\n");
    let manifest = fs::read_to_string(variant.folder.join("Cargo.toml")).unwrap();
    assert!(manifest.starts_with(&package), "{client}\n{run}");
}

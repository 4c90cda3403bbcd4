//! The contract: what every downloader promises to a person at a terminal. Most of it is a command line
//! with its output: a row in `contract.txt`. A test goes here if it must look elsewhere, such as at the
//! request or at the order of arrival, and if the three could differ.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::mpsc;
use std::thread;

use flags_common::POP20_CC;
use libtest_mimic::Trial;

use super::transcript::{Transcript, start};
#[cfg(unix)]
use crate::is_flag;
use crate::{Run, Strategy, Variant, codes_in_order};

static ROWS: Transcript = Transcript::new("contract.txt");

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
    trials.extend(ROWS.trials("contract", variant, |variant, row| start(variant, row).finish()));
    trials
}

/// LOCAL's latency is different for each flag.
fn flags_arrive_in_plan_order_only_in_sequence(variant: &Variant) {
    let run = variant.run(&[]);
    let codes = run.stdout.lines().next().expect("a line of codes");
    let plan = codes_in_order(codes);
    assert_eq!(plan.split(' ').count(), POP20_CC.len(), "{run}");
    assert_eq!(codes == plan, variant.strategy == Strategy::Sequence, "{run}");
}

/// Nor is the directory that has its name replaced.
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
    let manifest = fs::read_to_string(variant.folder.join("Cargo.toml")).unwrap();
    let (run, head) = run_and_read_head(variant);
    let agent = head.iter().find_map(|line| line.strip_prefix("user-agent: "));
    let (name, version) = agent.and_then(|it| it.split_once('/')).expect("name/version");
    let package = format!("[package]\nname = \"{name}\"\nversion = \"{version}\"\n");
    assert!(manifest.starts_with(&package), "{head:?}\n{run}");
}

/// Runs `variant` for one flag, and returns the lines of its request in lower case.
fn run_and_read_head(variant: &Variant) -> (Run, Vec<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, head) = mpsc::channel();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let lines = BufReader::new(&stream).lines().map_while(Result::ok);
        let lines = lines.take_while(|line| !line.is_empty()).map(|line| line.to_lowercase());
        sender.send(lines.collect()).unwrap();
        stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n").unwrap();
    });
    let run = variant.run(&["CN", "--base-url", &base_url]);
    let head = head.try_recv().expect("a request: it has ended because that was answered");
    (run, head)
}

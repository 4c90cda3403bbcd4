//! A site can do anything: whatever it does, a downloader ends soon, in little memory, saves the
//! other flags, and says which flag failed and why.

mod network;
mod table;

use std::sync::LazyLock;

use libtest_mimic::Trial;

use self::table::{FAULTS, Fault};
use crate::sites::fault_server;
use crate::{Variant, codes_in_order, is_flag, trial};

/// Base URL of the fault server, without a fault.
static SITE: LazyLock<String> = LazyLock::new(fault_server::start);

pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    let mut trials = network::trials(variant);
    for fault in FAULTS {
        trials.push(trial("faults", fault.name, move || check(variant, fault)));
    }
    trials
}

fn check(variant: &Variant, fault: &Fault) {
    let site = format!("{}/{}", *SITE, fault.name);
    let args = ["CN", "US", "VN", "--timeout", fault.timeout(), "--base-url", &site];
    let mut downloader = variant.start(&args);
    let memory = downloader.peak_memory();
    assert!(memory.is_none_or(|kib| kib < 64 * 1024), "{memory:?} KiB of memory");

    let run = downloader.finish();
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    assert!(!run.stderr.replace('\n', "").contains(is_unsafe), "{:?}", run.stderr);
    let folder = run.dir.path().join("downloaded");
    assert!(run.files().iter().all(|name| is_flag(&folder.join(name))));
    // Two lines before the downloads; the last names the folder.
    let lines: Vec<_> = run.stderr.lines().skip(2).collect();
    if fault.saved(variant) {
        assert_eq!((run.status, lines.len()), (0, 1), "{}", run.stderr);
        assert_eq!(run.files(), ["CN.gif", "US.gif", "VN.gif"]);
        assert!(run.stdout.contains("\n3 downloads in "), "{}", run.stdout);
    } else {
        assert_eq!(run.status, 1, "{}", run.stderr);
        assert_eq!(run.files(), ["VN.gif"], "{}", run.stderr);
        assert!(run.stdout.starts_with("VN\n1 download in "), "{}", run.stdout);
        let [failure, codes, hints @ .., _] = &lines[..] else { panic!("{}", run.stderr) };
        assert!(failure.starts_with("2 flags "), "{failure}");
        assert!(failure.contains(fault.cause(variant)), "{failure}");
        assert!(failure.chars().count() <= "2 flags failed: ".len() + 201, "{failure}");
        assert_eq!(codes_in_order(codes), "CN US", "one cause for both: {}", run.stderr);
        assert!(hints.len() <= 1 && hints.iter().all(|it| it.starts_with("  ")), "{}", run.stderr);
        assert!(hints.concat().contains(fault.hint), "{}", run.stderr);
    }
}

/// Whether a character steers the terminal.
fn is_unsafe(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

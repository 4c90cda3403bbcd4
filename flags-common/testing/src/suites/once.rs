//! What does not depend on the strategy, and so is tested on flags-async only: what a person at a terminal
//! sees while flags arrive, and a disk that takes no flags. A test goes here if it needs a whole downloader
//! and cannot be a row `$ flags-async …` in `contract.txt`.

use flags_common::ALL_CC;
use libtest_mimic::Trial;

use super::faults::SITE;
use crate::pty::OnTerminal;
use crate::{Strategy, Variant, is_flag};

pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    if variant.strategy != Strategy::Async {
        return Vec::new();
    }
    trials!(
        variant,
        "once",
        [
            progress_is_up_to_date_in_a_stall,
            every_code_stays_on_the_screen,
            short_run_has_no_bar,
            bar_is_at_the_right_edge,
            ctrl_c_ends_the_line_of_codes,
            full_disk_is_the_cause,
            missing_permission_is_the_cause,
        ]
    )
}

/// Starts a line of shell on a terminal of 40 rows.
fn start(variant: &Variant, columns: u16, line: &str) -> OnTerminal {
    let dir = tempfile::tempdir().expect("a temporary folder");
    OnTerminal::run(variant.shell(line), dir, (40, columns))
}

/// One flag is not answered. Of the others, 15 are saved and four fail.
fn progress_is_up_to_date_in_a_stall(variant: &Variant) {
    let line = format!("flags --timeout 60 --base-url http://{}/mixed", *SITE);
    let mut downloader = start(variant, 80, &line);
    downloader.wait_until(|screen| screen.contains(". 19/20"));
    let screen = downloader.screen();
    assert_eq!(codes_on(&screen), 15, "{screen}");
}

/// Number of flags whose code is on the screen as a word.
fn codes_on(screen: &str) -> usize {
    let words: Vec<_> = screen.split_whitespace().collect();
    ALL_CC.iter().filter(|cc| words.contains(&cc.as_str())).count()
}

/// Two rounds of a second, so that the bar shows while flags arrive; at the end it is gone.
fn every_code_stays_on_the_screen(variant: &Variant) {
    let start = |columns| start(variant, columns, "flags -a -m 100 --latency 1100");
    for mut downloader in [40, 80, 200].map(start) {
        downloader.wait_until(|screen| screen.contains("\n194 downloads in "));
        let (screen, written) = (downloader.screen(), downloader.written());
        assert_eq!(codes_on(&screen), 194, "{screen}");
        assert!(written.contains(". ") && !screen.contains(". "), "{written:?}");
    }
}

/// On a busy machine, a run may take longer than the second after which there is a bar.
fn short_run_has_no_bar(variant: &Variant) {
    let runs = (0..20).map(|_| {
        let mut downloader = start(variant, 80, "flags --latency 0");
        downloader.wait_until(|screen| screen.contains(" downloads in "));
        (downloader.written(), downloader.screen())
    });
    let mut short = runs.filter(|(_, screen)| screen.contains(" downloads in 0."));
    let (written, screen) = short.next().expect("one of 20 runs takes less than a second");
    assert!(!written.contains(". "), "{written:?}");
    let codes = screen.lines().nth(2).expect("a line of codes");
    assert_eq!(codes.split_whitespace().count(), 20, "all on one line:\n{screen}");
}

/// A terminal of less than twice its width has no bar, nor has one that cannot move its cursor.
fn bar_is_at_the_right_edge(variant: &Variant) {
    let line = "flags BR CN -m 1 --latency 1200";
    let dumb = start(variant, 80, &format!("TERM=dumb {line}"));
    let start = |columns| start(variant, columns, line);
    let narrow = start(31);
    for (columns, mut downloader) in [32, 80].map(|columns| (columns, start(columns))) {
        downloader.wait_until(|screen| screen.contains("1/2"));
        let bar = format!("\n{:1$}####.... 1/2", "BR", usize::from(columns) - 17);
        let screen = downloader.screen();
        assert!(screen.contains(&bar), "no {bar:?} on {screen}");
    }
    for mut without in [narrow, dumb] {
        without.wait_until(|screen| screen.contains(" downloads in "));
        let written = without.written();
        assert!(!written.contains("\u{1b}7"), "{written:?}");
    }
}

/// It has `^C` on it, which the terminal writes.
fn ctrl_c_ends_the_line_of_codes(variant: &Variant) {
    for (latency, codes, saved) in [("1000", "BR CN", 2), ("60000", "one at a time\n", 0)] {
        let mut downloader =
            start(variant, 80, &format!("flags BR CN US -m 1 --latency {latency}"));
        downloader.wait_until(|screen| screen.contains(codes.trim_end()));
        downloader.interrupt();
        let (status, screen) = downloader.finish();
        let screen: String = screen.lines().map(|line| line.trim_end().to_owned() + "\n").collect();
        let said = format!("{codes}\nInterrupted: {saved} of 3 saved.\n");
        assert!(status == 130 && screen.contains(&said), "no {said:?} on\n{screen}");
    }
}

/// The disk is mounted in a new namespace: root is not needed where the system lets a user have one.
fn full_disk_is_the_cause(variant: &Variant) {
    // A flag takes a page of memory: some fit, not all.
    let run = variant.run(
        "unshare --mount --map-root-user sh -ec ' mkdir disk
        mount -t tmpfs -o size=32k tmpfs disk || exit 99
        flags --latency 0 --dest-dir disk || cp -R disk downloaded '",
    );
    if run.stdout.contains("unshare:") || run.status == 99 {
        return println!("SKIPPED: no permission to mount a file system");
    }
    let files = run.files();
    assert!((1..20).contains(&files.len()), "{files:?}\n{run}");
    let folder = run.dir.path().join("downloaded");
    assert!(files.iter().all(|file| is_flag(&folder.join(file))), "all complete\n{run}");
    let cause = "cannot save in disk: No space left on device ";
    run.assert_says(&format!("\n{} flags failed: {cause}", 20 - files.len()));

    let run = variant.run("flags --latency 0 >/dev/full");
    run.assert(0, 20);
    run.assert_says("\ncannot write to stdout: No space left on device ");
}

fn missing_permission_is_the_cause(variant: &Variant) {
    // Root may write in any folder, unless it gives up that capability.
    let run = variant.run(
        "mkdir -m 555 downloaded; touch downloaded/probe 2>/dev/null && rm downloaded/probe && \
         setpriv='setpriv --bounding-set=-dac_override'; exec $setpriv flags --latency 0",
    );
    if !run.stdout.contains("LOCAL site") {
        return println!("SKIPPED: root cannot give up a capability: no setpriv");
    }
    run.assert(1, 0);
    run.assert_says("\n20 flags failed: cannot save in downloaded: Permission denied ");
}

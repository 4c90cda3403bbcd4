//! What a person at a terminal sees while flags arrive, and what becomes of the run if the terminal is
//! closed. A test of the progress bar, or of anything else that a pipe does not show, goes here.

use flags_common::ALL_CC;
use libtest_mimic::Trial;

use crate::pty::OnTerminal;
use crate::sites::fault_server;
use crate::{Variant, saved_files, trial};

pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    let mut trials = trials!(
        variant,
        "terminal",
        [
            progress_is_up_to_date_in_a_stall,
            short_run_has_no_bar,
            run_started_with_sighup_ignored_goes_on,
            bar_is_at_the_right_edge,
            ctrl_c_ends_the_line_of_codes,
        ]
    );
    trials.extend([40, 80, 200].map(|columns| {
        let name = format!("every_code_stays_on_a_screen_of_{columns}_columns");
        trial("terminal", &name, move || every_code_stays(variant, columns))
    }));
    trials
}

/// One flag is not answered. Of the others, 15 are saved and four fail.
fn progress_is_up_to_date_in_a_stall(variant: &Variant) {
    let base_url = format!("http://{}/mixed", fault_server::start());
    let args = ["--timeout", "60", "--base-url", &base_url];
    let mut downloader = OnTerminal::start(variant, (24, 80), &args);
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
fn every_code_stays(variant: &Variant, columns: u16) {
    let args = ["-a", "-m", "100", "--latency", "1100"];
    let mut downloader = OnTerminal::start(variant, (40, columns), &args);
    downloader.wait_until(|screen| screen.contains(". "));
    let (status, screen) = downloader.finish();
    assert_eq!((status, codes_on(&screen)), (0, 194), "{screen}");
    assert!(!screen.contains(". "), "{screen}");
}

/// On a busy machine, a run may take longer than the second after which there is a bar.
fn short_run_has_no_bar(variant: &Variant) {
    let runs = (0..20).map(|_| {
        let mut downloader = OnTerminal::start(variant, (24, 80), &["--latency", "0"]);
        downloader.wait_until(|screen| screen.contains(" downloads in "));
        (downloader.written(), downloader.screen())
    });
    let mut short = runs.filter(|(_, screen)| screen.contains(" downloads in 0."));
    let (written, screen) = short.next().expect("one of 20 runs takes less than a second");
    assert!(!written.contains(". "), "{written:?}");
    let codes = screen.lines().nth(2).expect("a line of codes");
    assert_eq!(codes.split_whitespace().count(), 20, "all on one line:\n{screen}");
}

/// As with `nohup`, when the terminal is closed.
fn run_started_with_sighup_ignored_goes_on(variant: &Variant) {
    let args = ["--all", "-m", "2", "--latency", "10"];
    let mut downloader = variant.start_after("trap '' HUP", &args);
    downloader.wait_until(|it| saved_files(it.dir.path()).len() >= 3);
    downloader.signal("HUP");
    let run = downloader.finish();
    run.assert(0, 194);
}

/// A terminal of less than twice its width has no bar.
fn bar_is_at_the_right_edge(variant: &Variant) {
    let start = |columns| {
        let args = ["BR", "CN", "-m", "1", "--latency", "1200"];
        OnTerminal::start(variant, (24, columns), &args)
    };
    let mut narrow = start(31);
    for (columns, mut downloader) in [32, 80].map(|columns| (columns, start(columns))) {
        downloader.wait_until(|screen| screen.contains("1/2"));
        let bar = format!("\n{:1$}####.... 1/2", "BR", usize::from(columns) - 17);
        let screen = downloader.screen();
        assert!(screen.contains(&bar), "no {bar:?} on {screen}");
    }
    narrow.wait_until(|screen| screen.contains(" downloads in "));
    let written = narrow.written();
    assert!(!written.contains("\u{1b}7"), "{written:?}");
}

/// It has `^C` on it, which the terminal writes.
fn ctrl_c_ends_the_line_of_codes(variant: &Variant) {
    for (latency, codes, saved) in [("1000", "BR CN", 2), ("60000", "one at a time\n", 0)] {
        let args = ["BR", "CN", "US", "-m", "1", "--latency", latency];
        let mut downloader = OnTerminal::start(variant, (24, 80), &args);
        downloader.wait_until(|screen| screen.contains(codes.trim_end()));
        downloader.interrupt();
        let (status, screen) = downloader.finish();
        let screen: String = screen.lines().map(|line| line.trim_end().to_owned() + "\n").collect();
        let said = format!("{codes}\nInterrupted: {saved} of 3 saved.\n");
        assert!(status == 130 && screen.contains(&said), "no {said:?} on\n{screen}");
    }
}

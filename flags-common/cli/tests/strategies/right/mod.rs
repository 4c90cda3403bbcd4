//! Right strategies: nothing false is said of them, nothing is suspected, and every flag that the site
//! gives is saved. A new one goes into the list; it runs with each of the options. What flags-threadpool
//! and flags-async do is in the contract.

mod futures;
mod threads;

use flags_testing::trial;
use libtest_mimic::Trial;

use crate::Strategy;
use crate::runner::run;

/// The strategies, each with its name.
pub fn strategies() -> Vec<(&'static str, Strategy)> {
    [threads::STRATEGIES, futures::STRATEGIES].concat()
}

/// Whether a strategy uses ureq.
pub fn is_blocking(name: &str) -> bool {
    threads::STRATEGIES.iter().any(|it| it.0 == name)
}

/// Options, how many flags are requested, and how many of them are refused.
const OPTIONS: &[(&str, usize, usize)] = &[
    ("-m 1 -l 4", 4, 0),
    ("-a -m 50 --latency 20", 194, 0),
    ("-s ERROR DE EG FR US", 4, 1),
    ("-l 1 --latency 0", 1, 0),
];

pub fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for (name, _) in strategies() {
        for &(args, flags, refused) in OPTIONS {
            let asks_again = ["retries", "head_before_get"].contains(&name);
            let refused = if asks_again { 0 } else { refused };
            let test = move || nothing_is_suspected(name, args, flags - refused, refused > 0);
            let slow = args.contains("-a") && ["prints", "rate_limit"].contains(&name);
            trials.push(trial("right", &format!("{name} {args}"), test).with_ignored_flag(slow));
        }
    }
    trials.push(trial("right", "new_files_are_no_hang", files_go_on).with_ignored_flag(true));
    #[cfg(unix)]
    trials.push(trial("right", "what_is_printed_stays_on_the_screen", printed_lines_stay));
    trials
}

fn nothing_is_suspected(name: &str, args: &str, saved: usize, refused: bool) {
    let run = run(&format!("{name} {args}"));
    run.assert(i32::from(refused), saved);
    for word in ["Note", "ecorded", "no request", "no answer", "-m allows", "given up", "new file"]
    {
        assert!(!run.stdout.contains(word), "{word:?} in {run}");
    }
    assert!(run.stdout.contains(&format!("\n{saved} download")), "{run}");
}

/// The first result is recorded after 14 s: until then, only new files show that the run goes on.
fn files_go_on() {
    nothing_is_suspected("semaphore_and_join_all", "-m 1 -l 14 --latency 1000", 14, false);
}

/// Eight requests of 0.3 s, one after the other: a bar is drawn while the lines are printed.
#[cfg(unix)]
fn printed_lines_stay() {
    let (command, dir) = crate::runner::downloader("prints", &["-l", "8", "--latency", "300"]);
    let mut terminal = flags_testing::pty::OnTerminal::run(command, dir, (24, 80));
    terminal.wait_until(|screen| screen.contains("/8"));
    let (status, screen) = terminal.finish();
    assert_eq!(status, 0, "{screen}");
    assert_eq!(screen.matches("downloading ").count(), 8, "{screen}");
}

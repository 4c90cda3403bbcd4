//! What the program prints, and its exit status.

use std::fs;

use flags_cli::timeline::Timeline;
use flags_testing::{Run, finish, saved_files};
use libtest_mimic::Trial;
use roxmltree::Document;

use crate::{downloader, trial};

/// The demo site's line: these strategies save flags without a request.
const NO_REQUEST: &str = "The site saw 0 connections and no request.\n";
const SAVED: &str = "Saved in downloaded/\n";
const PANIC: &str = "error: thread 'main' panicked at …: as a bug would\n";

/// For each strategy the exit status, the number of saved flags, and what stderr says after the
/// plan. `…` stands for the location of a panic.
fn cases() -> Vec<(&'static str, i32, usize, String)> {
    let unsent = "Note: no request was ever sent. Was a future created, or a task spawned, but \
                  never awaited?\n";
    let lost = |why: &str| format!("1 flag lost: {why}\n  US\n");
    let all_lost = |why: &str| format!("3 flags lost: {why}\n  BR CN US\n");
    let panicked = "no result, because of the panic";
    let in_thread = PANIC.replace("main", "<unnamed>");
    vec![
        ("saves_all", 0, 3, NO_REQUEST.to_owned()),
        (
            "forgets_the_last_flag",
            1,
            2,
            lost("the strategy returned without recording a result") + unsent + NO_REQUEST,
        ),
        (
            "records_a_flag_twice",
            0,
            3,
            format!(
                "Note: 1 result ignored: for a flag that had one already, or is not in the plan.\n{NO_REQUEST}"
            ),
        ),
        ("panics_at_once", 1, 0, PANIC.to_owned() + &all_lost(panicked) + NO_REQUEST),
        ("panics_at_the_last_flag", 1, 2, PANIC.to_owned() + &lost(panicked) + NO_REQUEST),
        ("panics_after_the_last_flag", 1, 3, PANIC.to_owned() + NO_REQUEST),
        ("panics_in_a_thread", 1, 2, in_thread + &lost(panicked) + NO_REQUEST),
        (
            "cannot_start",
            1,
            0,
            "error: no runtime\n".to_owned()
                + &all_lost("no result, because of the error")
                + NO_REQUEST,
        ),
        ("fails_after_the_last_flag", 1, 3, format!("error: no runtime\n{NO_REQUEST}")),
    ]
}

pub fn trials() -> Vec<Trial> {
    let mut trials = vec![
        trial("lost_flags_of_another_site", lost_flags_of_another_site),
        trial("panic_with_rust_backtrace_has_one", panic_with_rust_backtrace_has_one),
        trial("subscriber_is_set_only_for_timeline", subscriber_is_set_only_for_timeline),
        trial("any_cause_is_safe_to_print_and_to_record", any_cause_is_safe_to_print_and_to_record),
    ];
    trials.extend(cases().into_iter().map(|(name, status, saved, stderr)| {
        trial(name, move || {
            let run = run(name, &[]);
            let said = after_plan(&run.stderr);
            let folder = if saved > 0 { SAVED } else { "" };
            assert_eq!(said, stderr + folder);
            assert_eq!(run.status, status);
            assert_eq!(saved_files(run.dir.path()), ["BR.gif", "CN.gif", "US.gif"][..saved]);
            let last = run.stdout.lines().last().expect("a last line");
            assert!(last.starts_with(&format!("{saved} downloads in ")), "{last}");
        })
    }));
    trials
}

fn run(name: &str, args: &[&str]) -> Run {
    let (command, dir) = downloader(name, args);
    finish(command, dir)
}

/// The lines of stderr after the two that describe the plan, without the locations of panics.
fn after_plan(stderr: &str) -> String {
    let without_location = |line: &str| {
        let location = line.split_once(" panicked at ").and_then(|(_, rest)| rest.split_once(": "));
        location.map_or(line.to_owned(), |(location, _)| line.replace(location, "…"))
    };
    stderr.lines().skip(2).map(|line| without_location(line) + "\n").collect()
}

/// Nothing is known of another site's requests, so the note has to guess.
fn lost_flags_of_another_site() {
    let run = run("forgets_the_last_flag", &["--base-url", "http://127.0.0.1:1"]);
    let expected = "1 flag lost: the strategy returned without recording a result\n  US\n\
                    Note: was a task spawned but never awaited, or a result not recorded?\n";
    assert_eq!(after_plan(&run.stderr), expected.to_owned() + SAVED);
    assert_eq!(run.status, 1);
}

fn panic_with_rust_backtrace_has_one() {
    let (mut command, dir) = downloader("panics_at_once", &[]);
    command.env("RUST_BACKTRACE", "1");
    let run = finish(command, dir);
    assert!(run.stderr.contains("\nas a bug would\nstack backtrace:\n"), "{}", run.stderr);
    assert!(!run.stderr.contains("error: "), "{}", run.stderr);
    assert_eq!(run.status, 1);
}

/// A program without `--timeline` does not pay for it.
fn subscriber_is_set_only_for_timeline() {
    for (args, answer) in [(&[][..], "false"), (&["--timeline"], "true")] {
        let run = run("tells_of_subscriber", args);
        let expected = format!("tracing has a subscriber: {answer}\n");
        assert!(run.stdout.starts_with(&expected), "{}", run.stdout);
    }
}

fn any_cause_is_safe_to_print_and_to_record() {
    let cause = "<a href='x'>&amp;\"��[31m����]]>";
    for file in ["run.json", "run.svg"] {
        let run = run("fails_with_any_text", &[&format!("--timeline={file}")]);
        assert!(run.stderr.contains(&format!("\n3 flags failed: {cause}\n")), "{}", run.stderr);
        assert_eq!(run.status, 1);
        let recorded = fs::read_to_string(run.dir.path().join(file)).unwrap();
        let causes: Vec<_> = if file == "run.json" {
            let timeline: Timeline = recorded.parse().unwrap();
            timeline.requests.into_iter().map(|request| request.failure.unwrap()).collect()
        } else {
            let document = Document::parse(&recorded).unwrap();
            let texts = document.descendants().filter(|node| node.has_tag_name("text"));
            let texts = texts.filter_map(|node| node.text());
            texts.filter(|text| text.contains("href")).map(str::to_owned).collect()
        };
        assert_eq!(causes, [cause; 3], "{file}");
    }
}

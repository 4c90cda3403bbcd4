//! A correct downloader is never accused: no note at the end of a run, whatever its options. Options
//! under which the program might suspect correct code go here.

use libtest_mimic::Trial;

use crate::{Strategy, Variant, trial};

/// Options, and whether the site answers late enough to tell that flags-seq makes one request at a
/// time, although more are allowed.
const RUNS: &[(&str, bool)] = &[
    ("", true),
    ("--latency 0", false),
    ("--latency 1", false),
    ("-e -m 100 --latency 0", false),
    ("-l 1", false),
    ("-m 1 -l 4", false),
    ("-s ERROR -l 6", true),
    ("-s DELAY CN TR", true),
    ("-s DELAY --timeout 0.7 -m 3 -l 4", false), // clients hang up
];

/// Runs that take seconds; in sequence, the last two would take minutes.
const LONG_RUNS: &[(&str, bool)] = &[("-s ERROR", true), ("-s DELAY", true), ("-e -m 100", true)];

pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    let long = if variant.strategy == Strategy::Sequence { &LONG_RUNS[..1] } else { LONG_RUNS };
    let no_note = |&(args, late): &(&'static str, bool)| {
        trial("honesty", &format!("{args:?}"), move || no_note_on_correct_code(variant, args, late))
    };
    let long = long.iter().map(no_note).map(|trial| trial.with_ignored_flag(true));
    RUNS.iter().map(no_note).chain(long).collect()
}

fn no_note_on_correct_code(variant: &Variant, args: &str, late: bool) {
    let run = variant.run(&args.split_whitespace().collect::<Vec<_>>());
    run.assert_says("\nThe site saw ");
    assert!(!run.stderr.contains("Note: "), "{run}");
    let one_by_one = late && variant.strategy == Strategy::Sequence;
    let said = run.stderr.contains(": each request waited for the one before.\n");
    // A busy machine may take over 10 ms to send the next request; then it is not said.
    assert!(one_by_one || !said, "{run}");
}

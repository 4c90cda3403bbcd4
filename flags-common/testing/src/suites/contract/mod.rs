//! The command line: a table of command lines, what each of them prints, and what it leaves behind.

mod name;
mod output;
mod scenarios;
mod table;

use libtest_mimic::Trial;

use self::output::{assert_is_like, assert_is_total, saved_in};
use self::table::{Case, USAGE_ERRORS, table};
use super::entries;
use crate::{Strategy, Variant, codes_in_order, is_flag, trial};

pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    let mut trials = name::trials(variant);
    trials.extend(scenarios::trials(variant));
    for case in table() {
        let name = format!("{:?}", case.args);
        trials.push(trial("contract", &name, move || check(variant, &case)));
    }
    for &(args, message) in USAGE_ERRORS {
        let run = move || check_usage_error(variant, args, message);
        trials.push(trial("contract", &format!("{args:?}"), run));
    }
    trials
}

fn words(args: &str) -> Vec<&str> {
    args.split_whitespace().collect()
}

fn check(variant: &Variant, case: &Case) {
    let run = variant.run(&words(case.args));
    assert_eq!(run.status, case.status, "{}", run.stderr);

    let files: Vec<_> = case.saved.iter().map(|cc| format!("{cc}.gif")).collect();
    assert_eq!(run.files(), files);
    for file in files {
        assert!(is_flag(&run.dir.path().join("downloaded").join(&file)), "{file} is not its flag");
    }

    // Codes as they arrived, then the last line.
    let mut lines: Vec<_> = run.stdout.lines().map(str::to_owned).collect();
    assert_is_total(&lines.pop().expect("a last line"), case.saved.len());
    match lines.as_slice() {
        [] => assert!(case.saved.is_empty()),
        [codes] => assert_eq!(codes_in_order(codes), case.saved.join(" ")),
        more => panic!("{more:?}"),
    }
    if variant.strategy == Strategy::Sequence && !case.saved.is_empty() {
        assert_eq!(lines, [case.saved.join(" ")], "in sequence is in order");
    }

    let mut stderr: Vec<_> = run.stderr.lines().collect();
    if !case.saved.is_empty() {
        assert_eq!(stderr.pop(), Some(saved_in("downloaded").as_str()), "{}", run.stderr);
    }
    if !case.stderr[0].starts_with("Site:") {
        let seen = stderr.pop().expect("what the demo site saw");
        assert_is_like(seen, "The site saw … connection… and at most … request… at once….");
    }
    assert_eq!(stderr.len(), case.stderr.len(), "{stderr:#?}");
    for (line, expected) in stderr.iter().zip(case.stderr) {
        let codes = line.strip_prefix("  ").filter(|line| line.split(' ').all(|cc| cc.len() == 2));
        let codes = codes.map(|codes| format!("  {}", codes_in_order(codes)));
        assert_is_like(codes.as_deref().unwrap_or(line), expected);
    }
}

fn check_usage_error(variant: &Variant, args: &str, message: &str) {
    let run = variant.run(&words(args));
    assert_eq!(run.status, 2, "{}", run.stderr);
    assert!(run.stderr.contains(message), "no {message:?} in {}", run.stderr);
    assert_eq!((run.stdout.as_str(), entries(run.dir.path())), ("", 0));
}

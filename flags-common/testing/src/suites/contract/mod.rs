//! The contract that all three downloaders keep: a table of command lines, and what each of them
//! prints and leaves behind.

mod others;
#[path = "../support/mod.rs"]
mod support;
mod table;

use std::path::Path;

use libtest_mimic::{Arguments, Trial};
use others::OTHERS;
use support::{VARIANTS, Variant, codes_in_order, is_flag};
use table::{Case, USAGE_ERRORS, table};

fn main() {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(16); // a downloader waits more than it works
    let mut trials = Vec::new();
    for variant in VARIANTS.iter() {
        let mut trial = |name: &str, run: Box<dyn FnOnce() + Send>| {
            trials.push(Trial::test(format!("{}: {name}", variant.name), move || {
                run();
                Ok(())
            }));
        };
        for &(name, check) in OTHERS {
            trial(name, Box::new(move || check(variant)));
        }
        for case in table() {
            trial(&format!("{:?}", case.args), Box::new(move || check(variant, &case)));
        }
        for &(args, message) in USAGE_ERRORS {
            trial(
                &format!("{args:?}"),
                Box::new(move || check_usage_error(variant, args, message)),
            );
        }
    }
    libtest_mimic::run(&arguments, trials).exit()
}

fn words(args: &str) -> Vec<&str> {
    args.split_whitespace().collect()
}

fn entries(dir: &Path) -> usize {
    std::fs::read_dir(dir).unwrap().count()
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
    if variant.name == "flags-seq" && case.saved.len() > 1 {
        assert_eq!(lines, [case.saved.join(" ")], "in sequence is in order");
    }

    let mut stderr: Vec<_> = run.stderr.lines().collect();
    assert!(stderr.remove(2).contains("request"), "{}", run.stderr); // has a test of its own
    if !case.stderr[0].starts_with("Site:") {
        let seen = stderr.pop().expect("what the demo site saw");
        assert!(
            is_like(seen, "The site saw … connection… and at most … request… at once."),
            "{seen}"
        );
    }
    assert_eq!(stderr.len(), case.stderr.len(), "{stderr:#?}");
    for (line, expected) in stderr.iter().zip(case.stderr) {
        let codes = line.strip_prefix("  ").map(|codes| format!("  {}", codes_in_order(codes)));
        let line = codes.as_deref().unwrap_or(line);
        assert!(is_like(line, expected), "{line:?} is not {expected:?}");
    }
}

fn check_usage_error(variant: &Variant, args: &str, message: &str) {
    let run = variant.run(&words(args));
    assert_eq!(run.status, 2, "{}", run.stderr);
    assert!(run.stderr.contains(message), "no {message:?} in {}", run.stderr);
    assert_eq!((run.stdout.as_str(), entries(run.dir.path())), ("", 0));
}

/// Whether `line` is the `expected` one, in which each `…` stands for any text.
fn is_like(line: &str, expected: &str) -> bool {
    let mut parts = expected.split('…');
    let start = parts.next().expect("split gives one part or more");
    let Some(mut rest) = line.strip_prefix(start) else { return false };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.is_empty() || expected.ends_with('…')
}

/// `20 downloads in 0.12s`
fn assert_is_total(line: &str, saved: usize) {
    let plural = if saved == 1 { "" } else { "s" };
    let seconds = line
        .strip_prefix(&format!("{saved} download{plural} in "))
        .and_then(|rest| rest.strip_suffix('s'));
    let seconds = seconds.unwrap_or_else(|| panic!("{line:?} for {saved} saved"));
    let (whole, hundredths) = seconds.split_once('.').expect("a decimal point");
    assert!(whole.parse::<u32>().is_ok() && hundredths.len() == 2, "{line:?}");
}

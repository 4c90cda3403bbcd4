//! The contract that all three downloaders keep: a table of command lines, and what each of them
//! must leave behind.

mod support;

use libtest_mimic::{Arguments, Trial};
use support::VARIANTS;

fn main() {
    let mut trials = Vec::new();
    for variant in VARIANTS.iter() {
        trials.push(Trial::test(format!("{}::plain", variant.name), move || {
            let run = variant.run(&["-l", "2", "--latency", "0"]);
            assert_eq!(run.status, 0, "{}", run.stderr);
            assert_eq!(run.files(), ["BD.gif", "BR.gif"]);
            Ok(())
        }));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit()
}

//! Strategies whose output a person sees on a terminal: what the learner's code prints stays there.

use flags_cli::Tally;
use flags_common::{Plan, Report, Result};
use flags_testing::pty::OnTerminal;
use libtest_mimic::Trial;

use crate::Strategy;
use crate::client::{download_one, new_agent};
use crate::runner::{downloader, trial};

pub const STRATEGIES: &[(&str, Strategy)] = &[("prints", prints)];

pub fn trials() -> Vec<Trial> {
    vec![trial("terminal: what the code prints stays on the screen", printed_lines_stay)]
}

/// Eight requests of 0.5 s, one after the other: a bar is drawn while the lines are printed.
fn printed_lines_stay() {
    let (command, dir) = downloader("prints", &["-l", "8", "--latency", "500"]);
    let mut terminal = OnTerminal::run(command, dir, (24, 80));
    terminal.wait_until(|screen| screen.contains("/8"));
    let (status, screen) = terminal.finish();
    assert_eq!(status, 0, "{screen}");
    for n in 1..=8 {
        assert!(screen.contains(&format!("downloading flag number {n}")), "{n} is gone:\n{screen}");
    }
}

fn prints(plan: Plan, report: &mut Tally) -> Result<()> {
    let agent = new_agent(&plan);
    for (n, flag) in plan.flags.iter().enumerate() {
        println!("downloading flag number {}", n + 1);
        report.record(flag, download_one(&agent, flag));
    }
    Ok(())
}

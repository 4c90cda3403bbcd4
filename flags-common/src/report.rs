//! The report: what became of each flag, on the screen and in the exit status.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Error, Result};

use crate::http::{BadStatus, StatusCode};
use crate::screen::{Screen, note};
use crate::site::Counters;
use crate::timeline::Recording;
use crate::{CountryCode, Flag, Plan};

/// Counts and prints what became of each flag. One owner does so: what downloads a flag only returns
/// how that went.
pub struct Report {
    screen: Screen,
    verbose: bool,
    started: Instant,
    saved: usize,
    not_found: Vec<CountryCode>,
    /// The flags that failed in another way, by cause, in the order in which the causes came up.
    errors: Vec<(String, Vec<CountryCode>)>,
    /// The flags of which nothing has been heard yet.
    missing: BTreeSet<CountryCode>,
    /// With `--timeline`.
    recording: Option<Recording>,
}

impl Report {
    /// A report on `plan`, which starts now.
    pub(crate) fn new(
        plan: &Plan,
        screen: Screen,
        verbose: bool,
        recording: Option<Recording>,
    ) -> Self {
        Self {
            screen,
            verbose,
            started: recording.as_ref().map_or_else(Instant::now, Recording::started),
            saved: 0,
            not_found: Vec::new(),
            errors: Vec::new(),
            missing: plan.flags.iter().map(|flag| flag.cc).collect(),
            recording,
        }
    }

    /// Records what became of `flag`, once it is known: call it for each flag of the plan. A flag for
    /// which it is never called counts as lost.
    pub fn record(&mut self, flag: &Flag, saved: Result<()>) {
        let cc = flag.cc;
        self.missing.remove(&cc);
        match saved {
            Ok(()) => {
                self.saved += 1;
                self.fate(cc, None);
                if self.verbose {
                    self.screen.line(format_args!("{cc} saved as {}", flag.path.display()));
                } else {
                    self.screen.code(cc);
                }
            }
            Err(error) if error.downcast_ref() == Some(&BadStatus(StatusCode::NOT_FOUND)) => {
                self.not_found.push(cc);
                self.failed(cc, "not found");
            }
            Err(error) => {
                let cause = cause(&error);
                self.failed(cc, &cause);
                match self.errors.iter_mut().find(|(known, _)| *known == cause) {
                    Some((_, codes)) => codes.push(cc),
                    None => self.errors.push((cause, vec![cc])),
                }
            }
        }
        self.screen.advance();
    }

    fn failed(&mut self, cc: CountryCode, cause: &str) {
        if self.verbose {
            self.screen.line(format_args!("{cc} {cause}"));
        }
        self.fate(cc, Some(cause));
    }

    fn fate(&mut self, cc: CountryCode, failure: Option<&str>) {
        if let Some(recording) = &mut self.recording {
            recording.fate(cc, failure.map(str::to_owned));
        }
    }

    /// Prints what there is to say at the end, and returns the exit status: success if each flag was
    /// saved. `ended` is how the strategy ended, `site` what the demo site saw, where there was one.
    pub(crate) fn finish(self, ended: Result<()>, site: Option<&Counters>) -> ExitCode {
        let elapsed = self.started.elapsed();
        self.screen.finish();
        match self.not_found.len() {
            0 => {}
            1..=CODES_A_LINE => note_codes("not found", &self.not_found),
            many => note(format_args!("{many} not found (-v names them)")),
        }
        for (cause, codes) in &self.errors {
            note_codes(cause, codes);
        }
        if !self.missing.is_empty() {
            note_codes("lost, with no word of what became of it", &self.missing);
        }
        if let Err(error) = &ended {
            note(format_args!("error: {error:#}"));
        }
        if let Some(site) = site {
            let (connections, most) = (site.connections(), site.most_at_once());
            note(format_args!(
                "The site saw {} and at most {} at once.",
                counted(connections, "connection"),
                counted(most, "request"),
            ));
        }
        let connections = site.map(Counters::connections);
        let drawn = self.recording.map_or(Ok(()), |it| it.finish(elapsed, connections));
        if let Err(error) = &drawn {
            note(format_args!("error: {error:#}"));
        }
        let downloads = counted(self.saved, "download");
        self.screen.line(format_args!("{downloads} in {:.2}s", elapsed.as_secs_f64()));
        let all = self.not_found.is_empty() && self.errors.is_empty() && self.missing.is_empty();
        if all && ended.is_ok() && drawn.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

/// The whole chain of causes on one line, without what is in it twice, without what would make it
/// another one for each flag (reqwest names the URL), and without what a site could steer the
/// terminal with (ureq quotes headers).
fn cause(error: &Error) -> String {
    let without_url = |text: String| match text.split_once(" for url (") {
        Some((text, _)) => text.to_owned(),
        None => text,
    };
    let mut causes: Vec<_> = error.chain().map(|cause| without_url(cause.to_string())).collect();
    causes.dedup();
    causes.join(": ").replace(char::is_control, "\u{fffd}")
}

/// `1 flag`, `2 flags`.
pub(crate) fn counted(n: usize, thing: &str) -> String {
    format!("{n} {thing}{}", if n == 1 { "" } else { "s" })
}

/// What fits on a line of 80 columns.
const CODES_A_LINE: usize = 25;

/// Names the codes that met with the same fate.
fn note_codes<'a>(fate: impl Display, codes: impl IntoIterator<Item = &'a CountryCode>) {
    let codes: Vec<_> = codes.into_iter().map(CountryCode::as_str).collect();
    let lines: Vec<_> = codes.chunks(CODES_A_LINE).map(|line| line.join(" ")).collect();
    note(format_args!("{} {fate}:\n  {}", codes.len(), lines.join("\n  ")));
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use super::*;

    /// A report on CN and US, and how it ends if only these are recorded.
    fn ends_well(recorded: &[&str], ended: Result<()>) -> bool {
        let codes = ["CN", "US"].map(|cc| cc.parse().unwrap());
        let plan = Plan::new(codes, "http://h", Path::new("d"), 2, Duration::from_secs(1));
        let mut report = Report::new(&plan, Screen::new(2, false), false, None);
        for flag in plan.flags.iter().filter(|flag| recorded.contains(&flag.cc.as_str())) {
            report.record(flag, Ok(()));
        }
        report.finish(ended, None) == ExitCode::SUCCESS
    }

    #[test]
    fn a_flag_of_which_nothing_is_heard_is_lost() {
        assert!(ends_well(&["CN", "US"], Ok(())));
        assert!(!ends_well(&["CN"], Ok(())), "the job of US panicked");
        assert!(!ends_well(&[], Ok(())));
        assert!(!ends_well(&["CN", "US"], Err(Error::msg("no runtime"))));
    }
}

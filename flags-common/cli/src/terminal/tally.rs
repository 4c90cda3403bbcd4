//! The tally: what became of each flag.

use std::collections::BTreeSet;
use std::sync::Arc;

use flags_common::{CountryCode, Flag, HttpStatusError, Plan, Report, Result, StatusCode};

use super::cause::Cause;
use super::screen::Screen;
use crate::timeline::Recording;

/// The [`Report`] of a run: counts the results and shows each as it arrives.
pub struct Tally {
    pub(super) screen: Screen,
    verbose: bool,
    /// Number of saved flags.
    pub(super) saved: usize,
    pub(super) not_found: Vec<Flag>,
    /// The flags that failed otherwise, grouped by cause, in the order in which the causes came up.
    pub(super) failures: Vec<(Cause, Vec<CountryCode>)>,
    /// The site answered with an HTTP status for every flag so far that was not saved.
    pub(super) all_answered: bool,
    /// Flags with no result yet.
    pub(super) missing: BTreeSet<CountryCode>,
    /// Results for a flag that had one already, or is not in the plan.
    pub(super) repeated: usize,
    pub(super) recording: Option<Arc<Recording>>,
    /// Called when every flag has a result.
    on_complete: Option<Box<dyn FnOnce() + Send>>,
}

impl Tally {
    pub(crate) fn new(
        plan: &Plan,
        screen: Screen,
        verbose: bool,
        recording: Option<Arc<Recording>>,
        on_complete: impl FnOnce() + Send + 'static,
    ) -> Self {
        Self {
            screen,
            verbose,
            saved: 0,
            not_found: Vec::new(),
            failures: Vec::new(),
            all_answered: true,
            missing: plan.flags.iter().map(|flag| flag.cc).collect(),
            repeated: 0,
            recording,
            on_complete: Some(Box::new(on_complete)),
        }
    }

    /// Whether every flag of the plan was saved.
    pub(super) fn complete(&self) -> bool {
        self.not_found.is_empty() && self.failures.is_empty() && self.missing.is_empty()
    }

    fn saved(&mut self, flag: &Flag) {
        self.saved += 1;
        self.outcome(flag.cc, None);
        if self.verbose {
            self.screen.line(format_args!("{} saved as {}", flag.cc, flag.path.display()));
        } else {
            self.screen.code(flag.cc);
        }
    }

    fn failed(&mut self, cc: CountryCode, cause: &str) {
        self.outcome(cc, Some(cause));
        if self.verbose {
            self.screen.line(format_args!("{cc} {cause}"));
        }
    }

    fn outcome(&self, cc: CountryCode, failure: Option<&str>) {
        if let Some(recording) = &self.recording {
            recording.outcome(cc, failure);
        }
    }
}

impl Report for Tally {
    fn record(&mut self, flag: &Flag, result: Result<()>) {
        let cc = flag.cc;
        if !self.missing.remove(&cc) {
            self.repeated += 1;
            return;
        }
        match result {
            Ok(()) => self.saved(flag),
            Err(error) => match error.downcast_ref() {
                Some(&HttpStatusError(StatusCode::NOT_FOUND)) => {
                    self.not_found.push(flag.clone());
                    self.failed(cc, "not found");
                }
                status => {
                    self.all_answered &= status.is_some();
                    let cause = Cause::of(&error);
                    self.failed(cc, &cause.text);
                    match self.failures.iter_mut().find(|(known, _)| *known == cause) {
                        Some((_, codes)) => codes.push(cc),
                        None => self.failures.push((cause, vec![cc])),
                    }
                }
            },
        }
        self.screen.advance();
        if self.missing.is_empty()
            && let Some(on_complete) = self.on_complete.take()
        {
            on_complete();
        }
    }
}

//! The tally: what the strategy records of each flag. It is a claim, not a fact.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;
use std::time::Instant;

use flags_common::{CountryCode, Flag, HttpStatusError, Report, Result, StatusCode};

use super::cause::Cause;
use crate::session::Session;

/// What the strategy says became of a flag.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Claim {
    Saved,
    NotFound,
    Failed(Cause),
}

/// What the strategy has said so far.
#[derive(Default)]
pub(crate) struct Claims {
    /// The first claim on each flag of the plan.
    pub by_flag: BTreeMap<CountryCode, Claim>,
    /// Results for a flag that had one already.
    pub repeated: usize,
    /// Results for a flag that is not in the plan.
    pub unplanned: usize,
    /// When the last result was recorded.
    pub last: Option<Instant>,
}

/// The [`Report`] of a run: keeps the first result of each flag and shows it.
pub struct Tally(pub(crate) Arc<Session>);

impl Report for Tally {
    fn record(&mut self, flag: &Flag, result: Result<()>) {
        let claim = match result {
            Ok(()) => Claim::Saved,
            Err(error) => match error.downcast_ref() {
                Some(&HttpStatusError(StatusCode::NOT_FOUND)) => Claim::NotFound,
                _ => Claim::Failed(Cause::of(&error)),
            },
        };
        let mut claims = self.0.claims();
        claims.last = Some(Instant::now());
        let planned = self.0.flags.iter().any(|planned| planned.cc == flag.cc);
        match claims.by_flag.entry(flag.cc) {
            _ if !planned => claims.unplanned += 1,
            Entry::Occupied(_) => claims.repeated += 1,
            Entry::Vacant(entry) => {
                entry.insert(claim.clone());
                drop(claims);
                self.0.screen.recorded(flag, &claim);
            }
        }
    }
}

//! The claims: what the strategy says became of each flag. A claim is not a fact.

mod cause;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use flags_common::{CountryCode, Flag, HttpStatusError, Plan, Report, Result, StatusCode};

pub(crate) use self::cause::Cause;
use crate::screen::Screen;
use crate::witness::disk::{Disk, OnDisk};

/// What the strategy says became of a flag.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Claim {
    Saved,
    NotFound,
    Failed(Cause),
}

impl Claim {
    /// Why it failed, if it did.
    pub fn cause(&self) -> Option<&str> {
        match self {
            Self::Saved => None,
            Self::NotFound => Some("not found"),
            Self::Failed(cause) => Some(&cause.text),
        }
    }
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
    /// When the last of these claims was made.
    pub last: Option<Instant>,
}

/// The claims of a run, which the strategy's thread adds to and others read. The lock is held for a
/// moment only, and never while something is written.
#[derive(Clone, Default)]
pub(crate) struct Ledger(Arc<Mutex<Claims>>);

impl Ledger {
    pub fn read(&self) -> MutexGuard<'_, Claims> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<&Result<()>> for Claim {
    fn from(result: &Result<()>) -> Self {
        let Err(error) = result else { return Self::Saved };
        match error.downcast_ref() {
            Some(&HttpStatusError(StatusCode::NOT_FOUND)) => Self::NotFound,
            _ => Self::Failed(Cause::of(error)),
        }
    }
}

/// The [`Report`] of a run: keeps the first result of each flag and shows it.
pub struct Tally {
    planned: BTreeSet<CountryCode>,
    ledger: Ledger,
    screen: Arc<Screen>,
    /// With `--verbose`: its lines say whether the file is there.
    disk: Option<Arc<Disk>>,
}

impl Tally {
    pub(crate) fn new(
        plan: &Plan,
        ledger: Ledger,
        screen: Arc<Screen>,
        disk: Option<Arc<Disk>>,
    ) -> Self {
        Self { planned: plan.flags.iter().map(|flag| flag.cc).collect(), ledger, screen, disk }
    }

    fn show(&self, flag: &Flag, claim: &Claim) {
        let cc = flag.cc;
        let Some(disk) = &self.disk else {
            return if *claim == Claim::Saved {
                self.screen.code(cc.as_str())
            };
        };
        self.screen.line(&match (claim, disk.now(cc)) {
            (Claim::Saved, OnDisk::Saved) => format!("{cc} saved as {}", flag.path.display()),
            (Claim::Saved, OnDisk::Missing) => format!("{cc} recorded, no file"),
            (Claim::Saved, _) => format!("{cc} recorded, the file is old or not that flag"),
            (Claim::NotFound, _) => format!("{cc} not found"),
            (Claim::Failed(cause), _) => format!("{cc} {}", cause.text),
        });
    }
}

impl Report for Tally {
    fn record(&mut self, flag: &Flag, result: Result<()>) {
        let claim = Claim::from(&result);
        let mut claims = self.ledger.read();
        match claims.by_flag.entry(flag.cc) {
            _ if !self.planned.contains(&flag.cc) => claims.unplanned += 1,
            Entry::Occupied(_) => claims.repeated += 1,
            Entry::Vacant(entry) => {
                entry.insert(claim.clone());
                claims.last = Some(Instant::now());
                self.screen.count(claims.by_flag.len());
                drop(claims);
                self.show(flag, &claim);
            }
        }
    }
}

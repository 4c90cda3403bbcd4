//! The claims: what the strategy says became of each flag. A claim is not a fact.

mod cause;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use flags_common::{CountryCode, Flag, HttpStatusError, Report, Result, StatusCode};

pub(crate) use self::cause::{cause, kind};
use crate::lock::lock;
use crate::screen::Screen;
use crate::witness::disk::{Disk, OnDisk};

/// What the strategy says became of a flag.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Claim {
    Saved,
    NotFound,
    /// With the cause.
    Failed(String),
}

impl Claim {
    /// Why it failed, if it did.
    pub fn cause(&self) -> Option<&str> {
        match self {
            Self::Saved => None,
            Self::NotFound => Some("not found"),
            Self::Failed(cause) => Some(cause),
        }
    }
}

/// What the strategy has said so far. Its lock is held for a moment only, and never while something is
/// written.
#[derive(Clone, Default)]
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

impl From<Result<()>> for Claim {
    fn from(result: Result<()>) -> Self {
        let Err(error) = result else { return Self::Saved };
        match error.downcast_ref() {
            Some(&HttpStatusError(StatusCode::NOT_FOUND)) => Self::NotFound,
            _ => Self::Failed(cause(&error)),
        }
    }
}

/// The [`Report`] of a run: keeps the first result of each flag and shows it.
pub struct Tally {
    pub(crate) claims: Arc<Mutex<Claims>>,
    pub(crate) screen: Arc<Screen>,
    /// It knows the flags of the plan, and whether the file is there.
    pub(crate) disk: Arc<Disk>,
    /// Whether each flag gets a line.
    pub(crate) verbose: bool,
}

impl Tally {
    fn show(&self, flag: &Flag, claim: &Claim) {
        let cc = flag.cc;
        if !self.verbose {
            return if *claim == Claim::Saved {
                self.screen.code(cc.as_str())
            };
        }
        self.screen.line(&match (claim, self.disk.now(cc)) {
            (Claim::Saved, OnDisk::Saved) => format!("{cc} saved as {}", flag.path.display()),
            (Claim::Saved, OnDisk::Missing) => format!("{cc} recorded, no file"),
            (Claim::Saved, _) => format!("{cc} recorded, the file is old or not that flag"),
            (Claim::NotFound, _) => format!("{cc} not found"),
            (Claim::Failed(cause), _) => format!("{cc} {cause}"),
        });
    }
}

impl Report for Tally {
    fn record(&mut self, flag: &Flag, result: Result<()>) {
        let claim = Claim::from(result);
        let mut claims = lock(&self.claims);
        match claims.by_flag.entry(flag.cc) {
            _ if !self.disk.is_planned(flag.cc) => claims.unplanned += 1,
            Entry::Occupied(_) => claims.repeated += 1,
            Entry::Vacant(entry) => {
                entry.insert(claim.clone());
                claims.last = Some(Instant::now());
                drop(claims);
                self.show(flag, &claim);
            }
        }
    }
}

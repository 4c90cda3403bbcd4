//! What was seen of a run, each by its witness. None of them asks the strategy.

pub(crate) mod calls;
pub(crate) mod disk;
pub(crate) mod doing;
pub(crate) mod lasting;
pub(crate) mod os;
pub(crate) mod requests;
pub(crate) mod threads;

use std::collections::BTreeMap;
use std::time::Duration;

use flags_common::CountryCode;

use self::calls::Recorded;
use self::disk::OnDisk;
use self::threads::Samples;
use crate::site::Run;

/// What the witnesses have seen.
pub(crate) struct Evidence {
    /// Time since the start of the run.
    pub elapsed: Duration,
    /// CPU time of the run, if it is known.
    pub cpu: Option<Duration>,
    /// What the demo site saw, if it is in this process.
    pub run: Option<Run>,
    /// What is on the disk of each flag of the plan.
    pub disk: BTreeMap<CountryCode, OnDisk>,
    /// The calls of the instrumented functions, with `--timeline`.
    pub calls: Option<Recorded>,
    /// What the operating system saw of each thread, with `--timeline`.
    pub samples: Samples,
    /// Panics on any thread.
    pub panics: usize,
}

impl Evidence {
    /// Number of flags that were saved.
    pub fn saved(&self) -> usize {
        self.disk.values().filter(|it| **it == OnDisk::Saved).count()
    }
}

//! The session: what is known of a run, in one place. The run, the watch and the stop share it.

use std::collections::BTreeMap;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use flags_common::{CountryCode, Flag, Plan};

use crate::claims::{Claims, Tally};
use crate::lock::lock;
use crate::options::{Canvas, ChosenSite, Options, program_name};
use crate::screen::Screen;
use crate::site::{DemoSite, Run};
use crate::witness::calls::{Calls, Recorded};
use crate::witness::disk::{Disk, OnDisk};
use crate::witness::os;
use crate::witness::threads::{Sampler, Samples};

/// What is known of a run.
pub(crate) struct Session {
    pub program: String,
    /// The flags of the plan, in its order.
    pub flags: Vec<Flag>,
    /// The plan's limit.
    pub max_req: usize,
    pub timeout: Duration,
    pub dest_dir: PathBuf,
    pub started: Instant,
    pub screen: Arc<Screen>,
    /// What the strategy says of each flag.
    pub claims: Arc<Mutex<Claims>>,
    verbose: bool,
    /// Panics on any thread.
    panics: Arc<AtomicUsize>,
    // The witnesses.
    pub demo: Option<Arc<DemoSite>>,
    disk: Arc<Disk>,
    /// Present with `--timeline`.
    pub recording: Option<Recording>,
    /// The end is being reported.
    ending: AtomicBool,
}

/// What is watched only to be drawn.
pub(crate) struct Recording {
    pub canvas: Canvas,
    calls: Arc<Calls>,
    sampler: Arc<Sampler>,
    /// CPU time before the run.
    cpu: Option<Duration>,
}

impl Recording {
    fn start(canvas: Canvas) -> Result<Self> {
        let cpu = os::cpu_time();
        let calls = Calls::install()
            .ok()
            .context("--timeline needs its own tracing subscriber, and there is another")?;
        let sampler = Sampler::start(Arc::clone(&calls));
        Ok(Self { canvas, calls, sampler, cpu })
    }
}

/// The end of a run, or a moment in it.
#[derive(Clone, Copy)]
pub(crate) struct Moment {
    pub elapsed: Duration,
    /// CPU time of the run, with `--timeline`: without the threads of our own.
    pub cpu: Option<Duration>,
}

/// What the strategy has said, and what the witnesses have seen of it, at one moment.
pub(crate) struct Evidence {
    /// The strategy has returned.
    pub over: bool,
    /// Time since the start of the run.
    pub elapsed: Duration,
    /// CPU time of the run, if it is known.
    pub cpu: Option<Duration>,
    pub claims: Claims,
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

impl Session {
    /// Gets everything ready. The clock starts now: nothing of the strategy has run before.
    pub fn new(
        options: &Options,
        plan: &Plan,
        site: &ChosenSite,
        canvas: Option<Canvas>,
    ) -> Result<Arc<Self>> {
        let screen = Arc::new(Screen::new().context("cannot use the terminal")?);
        let panics = Arc::default();
        count_panics(&panics, &screen);
        let disk = Disk::before(plan, &options.dest_dir, site.demo.is_some());
        let disk = disk.context("the current folder is not known")?;
        let recording = canvas.map(Recording::start).transpose()?;
        let started = recording.as_ref().map_or_else(Instant::now, |it| it.calls.started);
        Ok(Arc::new(Self {
            program: program_name(),
            flags: plan.flags.clone(),
            max_req: plan.max_req,
            timeout: plan.timeout,
            dest_dir: options.dest_dir.clone(),
            started,
            screen,
            claims: Arc::default(),
            verbose: options.verbose,
            panics,
            demo: site.demo.clone(),
            disk: Arc::new(disk),
            recording,
            ending: AtomicBool::new(false),
        }))
    }

    /// Calls the strategy. Returns what it returned, `None` if it panicked, and when that was.
    pub fn call<D>(&self, download_many: D, plan: Plan) -> (Option<Result<()>>, Moment)
    where
        D: FnOnce(Plan, &mut Tally) -> Result<()>,
    {
        let mut tally = Tally {
            claims: Arc::clone(&self.claims),
            screen: Arc::clone(&self.screen),
            disk: Arc::clone(&self.disk),
            verbose: self.verbose,
        };
        let returned = catch_unwind(AssertUnwindSafe(|| download_many(plan, &mut tally))).ok();
        (returned, self.now())
    }

    /// The time of the run, now.
    pub fn now(&self) -> Moment {
        let elapsed = self.started.elapsed();
        let Some(Recording { cpu, sampler, .. }) = &self.recording else {
            return Moment { elapsed, cpu: None };
        };
        let cpu = os::cpu_time().and_then(|now| now.checked_sub((*cpu)?));
        sampler.look(); // in a short run, it may not have looked yet
        Moment { elapsed, cpu }
    }

    /// What is known now of a run that went on up to this moment, or still goes on.
    pub fn evidence(&self, Moment { elapsed, cpu }: Moment, over: bool) -> Evidence {
        let recording = self.recording.as_ref();
        Evidence {
            over,
            elapsed,
            cpu,
            claims: lock(&self.claims).clone(),
            run: self.demo.as_ref().map(|site| site.run()),
            disk: self.disk.after(),
            calls: recording.map(|it| it.calls.recorded()),
            samples: recording.map(|it| it.sampler.sampled()).unwrap_or_default(),
            panics: self.panics.load(Relaxed),
        }
    }

    /// Waits until the demo site has no request in flight, which is so at once after a right run, or
    /// for 20 ms: it may notice late that a client has gone.
    pub fn settle(&self) {
        let since = Instant::now();
        let in_flight = || self.demo.as_ref().is_some_and(|site| site.counters().in_flight > 0);
        while in_flight() && since.elapsed() < Duration::from_millis(20) {
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// Number of the plan's files that are new, whatever is in them.
    pub fn new_files(&self) -> usize {
        self.disk.new_files()
    }

    /// Returns to the first caller only, who reports the end: the run or the signal handler. The other
    /// one waits until the process exits.
    pub fn end(&self) {
        while self.ending.swap(true, Relaxed) {
            thread::park();
        }
    }

    pub fn is_ending(&self) -> bool {
        self.ending.load(Relaxed)
    }
}

/// Counts panics, and ends the line of codes before Rust's own message.
fn count_panics(panics: &Arc<AtomicUsize>, screen: &Arc<Screen>) {
    let (panics, screen) = (Arc::clone(panics), Arc::clone(screen));
    let default = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        panics.fetch_add(1, Relaxed);
        screen.break_line();
        default(info);
    }));
}

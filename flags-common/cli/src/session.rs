//! The session: what is known of a run, in one place. The run, the watch and the stop share it.

use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;
use flags_common::{Flag, Plan};
use tokio::runtime::Handle;

use crate::options::{ChosenSite, Options, program_name};
use crate::report::{Claims, Screen, Tally};
use crate::site::DemoSite;
use crate::text::note;
use crate::timeline::Canvas;
use crate::witness::Evidence;
use crate::witness::calls::Calls;
use crate::witness::disk::Disk;
use crate::witness::os::CpuClock;
use crate::witness::threads::Sampler;

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
    pub screen: Screen,
    /// What the strategy says of each flag.
    claims: Mutex<Claims>,
    /// Panics on any thread.
    panics: Arc<AtomicUsize>,
    // The witnesses.
    pub demo: Option<Arc<DemoSite>>,
    disk: Disk,
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
    cpu: CpuClock,
}

impl Recording {
    fn start(canvas: Canvas, background: &Handle) -> Result<Self> {
        let cpu = CpuClock::start(background);
        let calls = Calls::install()?;
        let sampler = Sampler::start(calls.started);
        Ok(Self { canvas, calls, sampler, cpu })
    }
}

impl Session {
    /// Starts the clock. Nothing of the strategy has run before.
    pub fn start(
        options: &Options,
        plan: &Plan,
        site: ChosenSite,
        canvas: Option<Canvas>,
        background: &Handle,
    ) -> Result<Arc<Self>> {
        let screen = Screen::new(plan.flags.len(), options.verbose);
        let panics = Arc::default();
        count_panics(&panics, &screen);
        let disk = Disk::before(&plan.flags);
        let recording = canvas.map(|canvas| Recording::start(canvas, background)).transpose()?;
        let started = recording.as_ref().map_or_else(Instant::now, |it| it.calls.started);
        Ok(Arc::new(Self {
            program: program_name(),
            flags: plan.flags.clone(),
            max_req: plan.max_req,
            timeout: plan.timeout,
            dest_dir: options.dest_dir.clone(),
            started,
            screen,
            claims: Mutex::default(),
            panics,
            demo: site.demo,
            disk,
            recording,
            ending: AtomicBool::new(false),
        }))
    }

    /// Calls the strategy. `None` if it panicked.
    pub fn call<D>(self: &Arc<Self>, download_many: D, plan: Plan) -> Option<Result<()>>
    where
        D: FnOnce(Plan, &mut Tally) -> Result<()>,
    {
        let mut tally = Tally(Arc::clone(self));
        catch_unwind(AssertUnwindSafe(|| download_many(plan, &mut tally))).ok()
    }

    /// The witnesses' evidence at this time.
    pub fn evidence(&self) -> Evidence {
        let elapsed = self.started.elapsed();
        let run = self.demo.as_ref().map(|site| site.run());
        let disk = self.disk.after(&self.flags, self.demo.is_some());
        let recording = self.recording.as_ref();
        let calls = recording.map(|it| it.calls.recorded());
        let samples = recording.map(|it| it.sampler.sampled()).unwrap_or_default();
        let panics = self.panics.load(Relaxed);
        Evidence { elapsed, run, disk, calls, samples, panics }
    }

    /// CPU time of the run, with `--timeline`: without the background thread and the sampler.
    pub fn cpu_time(&self) -> Option<Duration> {
        let recording = self.recording.as_ref()?;
        Some(recording.cpu.elapsed()?.saturating_sub(recording.sampler.cpu_time()))
    }

    /// Number of the plan's files that are new, whatever is in them.
    pub fn new_files(&self) -> usize {
        self.disk.new_files(&self.flags)
    }

    pub fn claims(&self) -> MutexGuard<'_, Claims> {
        self.claims.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns for the first caller only: one of the run and the stop reports the end. The other one
    /// waits until the process exits.
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
fn count_panics(panics: &Arc<AtomicUsize>, screen: &Screen) {
    let panics = Arc::clone(panics);
    let screen = screen.clone();
    let default = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        panics.fetch_add(1, Relaxed);
        screen.try_end_line();
        default(info);
        let payload = info.payload();
        let message = payload.downcast_ref::<String>().map_or("", String::as_str);
        if message.contains("Resource temporarily unavailable") {
            note("The system allows no more threads: try a smaller -m.");
        }
    }));
}

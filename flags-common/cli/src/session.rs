//! The session: what is known of a run, in one place. The run, the watch and the stop share it.

use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use flags_common::{Flag, Plan};
use tokio::runtime::Handle;

use crate::claims::{Ledger, Tally};
use crate::options::{Canvas, ChosenSite, Options, program_name};
use crate::screen::Screen;
use crate::site::DemoSite;
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
    pub screen: Arc<Screen>,
    /// What the strategy says of each flag.
    pub ledger: Ledger,
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
    cpu: CpuClock,
}

impl Recording {
    fn start(canvas: Canvas, background: &Handle) -> Result<Self> {
        let cpu = CpuClock::start(background);
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
    /// CPU time of the run, with `--timeline`: without the background thread and the sampler.
    pub cpu: Option<Duration>,
}

impl Session {
    /// Gets everything ready. The clock starts now: nothing of the strategy has run before.
    pub fn new(
        options: &Options,
        plan: &Plan,
        site: &ChosenSite,
        canvas: Option<Canvas>,
        background: &Handle,
    ) -> Result<Arc<Self>> {
        let screen = Arc::new(Screen::new(plan.flags.len()).context("cannot use the terminal")?);
        let panics = Arc::default();
        count_panics(&panics, &screen);
        let disk = Disk::before(plan, &options.dest_dir, site.demo.is_some());
        let disk = disk.context("the current folder is not known")?;
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
            ledger: Ledger::default(),
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
        let disk = self.verbose.then(|| Arc::clone(&self.disk));
        let mut tally = Tally::new(&plan, self.ledger.clone(), Arc::clone(&self.screen), disk);
        let returned = catch_unwind(AssertUnwindSafe(|| download_many(plan, &mut tally))).ok();
        (returned, self.now())
    }

    /// The time of the run, now.
    pub fn now(&self) -> Moment {
        let elapsed = self.started.elapsed();
        let Some(Recording { cpu, sampler, .. }) = &self.recording else {
            return Moment { elapsed, cpu: None };
        };
        let cpu = cpu.elapsed().map(|cpu| cpu.saturating_sub(sampler.cpu_time()));
        sampler.look(); // in a short run, it may not have looked yet
        Moment { elapsed, cpu }
    }

    /// What the witnesses have seen of a run up to this moment.
    pub fn evidence(&self, moment: Moment) -> Evidence {
        let run = self.demo.as_ref().map(|site| site.run());
        let disk = self.disk.after();
        let recording = self.recording.as_ref();
        let calls = recording.map(|it| it.calls.recorded());
        let samples = recording.map(|it| it.sampler.sampled()).unwrap_or_default();
        let panics = self.panics.load(Relaxed);
        let Moment { elapsed, cpu } = moment;
        Evidence { elapsed, cpu, run, disk, calls, samples, panics }
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

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use clap::Parser;

    use super::*;
    use crate::background;

    #[test]
    fn end_is_reported_by_one_thread() {
        let background = background::start().unwrap();
        let options = Options::parse_from(["flags", "CN"]);
        let site = options.site.open(&background).unwrap();
        let plan = options.plan(&site.base_url);
        let session = Session::new(&options, &plan, &site, None, &background).unwrap();
        assert!(!session.is_ending());
        let (sender, returned) = mpsc::channel();
        for _ in 0..2 {
            let (session, sender) = (Arc::clone(&session), sender.clone());
            thread::spawn(move || {
                session.end();
                sender.send(()).unwrap();
            });
        }
        returned.recv().unwrap();
        assert!(session.is_ending());
        let second = returned.recv_timeout(Duration::from_millis(200));
        assert!(second.is_err(), "both report");
    }
}

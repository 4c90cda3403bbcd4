//! A running downloader, and what Linux tells of it.

use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};
use std::{fs, io};

use tempfile::TempDir;

use crate::Run;
use crate::variant::status_of;

/// A downloader that runs while a test watches it. It is killed when this is dropped, so that a
/// failed test leaves no process behind.
#[derive(Debug)]
pub struct Running {
    child: KilledOnDrop,
    /// The folder that it runs in.
    pub dir: TempDir,
}

#[derive(Debug)]
struct KilledOnDrop(Child);

impl Drop for KilledOnDrop {
    fn drop(&mut self) {
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

/// Time after which a process is taken to hang.
const TIMEOUT: Duration = Duration::from_secs(60);

impl Running {
    /// Starts `command` in `dir`.
    pub fn start(mut command: Command, dir: TempDir) -> Self {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        Self { child: KilledOnDrop(command.spawn().expect("the binary starts")), dir }
    }

    /// Its process ID.
    pub fn id(&self) -> u32 {
        self.child.0.id()
    }

    /// Waits until `condition` holds. Panics if the process ends first, or after a minute.
    pub fn wait_until(&mut self, mut condition: impl FnMut() -> bool) {
        let started = Instant::now();
        while !condition() {
            let ended = self.child.0.try_wait().expect("the status of a child");
            assert_eq!(ended, None, "it has ended");
            assert!(started.elapsed() < TIMEOUT, "it hangs");
            sleep(Duration::from_millis(1));
        }
    }

    /// Waits until it ends, and returns its peak memory in KiB, where the system tells.
    pub fn peak_memory(&mut self) -> Option<u64> {
        let (pid, mut peak) = (self.id(), None);
        self.wait_for_end(|| peak = process_status(pid, "VmHWM").or(peak));
        peak
    }

    /// Waits until it ends, and calls `meanwhile` every millisecond.
    fn wait_for_end(&mut self, mut meanwhile: impl FnMut()) -> ExitStatus {
        let started = Instant::now();
        loop {
            if let Some(status) = self.child.0.try_wait().expect("the status of a child") {
                return status;
            }
            assert!(started.elapsed() < TIMEOUT, "it hangs");
            meanwhile();
            sleep(Duration::from_millis(1));
        }
    }

    /// Sends it a signal, such as `INT`.
    #[cfg(unix)]
    pub fn signal(&self, name: &str) {
        let kill = Command::new("kill").args(["-s", name, &self.id().to_string()]).status();
        assert!(kill.expect("kill starts").success());
    }

    /// Kills it with a signal that cannot be caught, and returns its folder.
    pub fn kill(self) -> TempDir {
        drop(self.child);
        self.dir
    }

    /// Waits until it ends.
    pub fn finish(mut self) -> Run {
        let status = status_of(self.wait_for_end(|| ()));
        let child = &mut self.child.0;
        let stdout = io::read_to_string(child.stdout.take().expect("piped"));
        let stderr = io::read_to_string(child.stderr.take().expect("piped"));
        let (stdout, stderr) = (stdout.expect("output in UTF-8"), stderr.expect("output in UTF-8"));
        Run { status, stdout, stderr, dir: self.dir }
    }
}

/// A number from `/proc/PID/status`: `Threads`, or `VmHWM`, the peak memory so far in KiB. `None` if
/// the process has ended, or on systems without `/proc`.
pub fn process_status(pid: u32, name: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    field(&status, name)?.split_whitespace().next()?.parse().ok()
}

/// The value on the line `name` of a file `/proc/PID/status`.
fn field<'a>(status: &'a str, name: &str) -> Option<&'a str> {
    status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
}

/// Snapshot of a thread.
#[cfg(target_os = "linux")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Thread {
    /// Its name, of which Linux keeps 15 characters.
    pub name: String,
    id: String,
    state: String,
    /// Context switches, voluntary and involuntary.
    switches: [String; 2],
}

/// Waits until all threads of `downloader` are blocked at the same time: it then has done everything
/// that needs no event from outside. Returns its threads without the main thread, sorted by name.
#[cfg(target_os = "linux")]
pub(crate) fn wait_until_blocked(downloader: &mut Running) -> Vec<Thread> {
    let pid = downloader.id();
    let (mut before, mut now) = (None, None);
    downloader.wait_until(|| {
        before = now.take();
        now = threads(pid);
        // A thread that ran in between has other counts of switches.
        let asleep = |threads: &Vec<Thread>| threads.iter().all(|it| it.state.starts_with('S'));
        now.as_ref().is_some_and(asleep) && before == now
    });
    let mut threads = now.expect("the last look");
    threads.retain(|thread| thread.id != pid.to_string());
    threads.sort_by(|one, other| one.name.cmp(&other.name));
    threads
}

/// The threads of a process; `None` if one of them ended meanwhile.
#[cfg(target_os = "linux")]
fn threads(pid: u32) -> Option<Vec<Thread>> {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).ok()?;
    let thread = |task: std::io::Result<fs::DirEntry>| {
        let task = task.ok()?;
        let status = fs::read_to_string(task.path().join("status")).ok()?;
        let value = |name| Some(field(&status, name)?.trim().to_owned());
        Some(Thread {
            id: task.file_name().into_string().ok()?,
            name: value("Name")?,
            state: value("State")?,
            switches: [value("voluntary_ctxt_switches")?, value("nonvoluntary_ctxt_switches")?],
        })
    };
    tasks.map(thread).collect()
}

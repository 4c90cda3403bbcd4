//! A running downloader, and what Linux tells of it.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read};
use std::iter;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::{self, JoinHandle, sleep};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::Run;
use crate::variant::{as_text, status_of};

/// A downloader that runs while a test watches it. It is killed when this is dropped, so that a
/// failed test leaves no process behind.
#[derive(Debug)]
pub struct Running {
    child: KilledOnDrop,
    command: String,
    /// Of stdout and stderr, until the end.
    readers: Option<[Reader; 2]>,
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

/// Reads a stream while the process runs, since a full pipe would block it.
type Reader = JoinHandle<String>;

fn read(stream: impl Read + Send + 'static) -> Reader {
    thread::spawn(|| io::read_to_string(stream).expect("output in UTF-8"))
}

/// Time after which a process is taken to hang, so that no fault can hang the tests.
const TIMEOUT: Duration = Duration::from_secs(60);

impl Running {
    /// Starts `command` in `dir`.
    pub fn start(mut command: Command, dir: TempDir) -> Self {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary starts");
        let stdout = read(child.stdout.take().expect("piped"));
        let stderr = read(child.stderr.take().expect("piped"));
        Self::new(child, &command, [stdout, stderr], dir)
    }

    /// Starts `command` in `dir` with both streams on one pipe, in order, as on a terminal. They are
    /// read as its stdout.
    pub fn start_on_one_pipe(mut command: Command, dir: TempDir) -> Self {
        let (reader, writer) = io::pipe().expect("a pipe");
        command.stdout(writer.try_clone().expect("a second handle")).stderr(writer);
        let child = command.spawn().expect("the binary starts");
        command.stdout(Stdio::null()).stderr(Stdio::null()); // only the process holds the pipe now
        Self::new(child, &command, [read(reader), read(io::empty())], dir)
    }

    fn new(child: Child, command: &Command, readers: [Reader; 2], dir: TempDir) -> Self {
        let words = iter::once(command.get_program()).chain(command.get_args());
        let words: Vec<_> = words.map(OsStr::to_string_lossy).collect();
        Self { child: KilledOnDrop(child), command: words.join(" "), readers: Some(readers), dir }
    }

    /// Its process ID.
    pub fn id(&self) -> u32 {
        self.child.0.id()
    }

    /// Waits until `condition` holds. Panics if the process ends first, or after a minute.
    #[track_caller]
    pub fn wait_until(&mut self, mut condition: impl FnMut() -> bool) {
        let started = Instant::now();
        while !condition() {
            if self.ended().is_some() {
                self.fail("it has ended");
            }
            self.pause(started);
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
            if let Some(status) = self.ended() {
                return status;
            }
            meanwhile();
            self.pause(started);
        }
    }

    fn ended(&mut self) -> Option<ExitStatus> {
        self.child.0.try_wait().expect("the status of a child")
    }

    /// Waits for a millisecond. Panics if the process hangs.
    fn pause(&mut self, started: Instant) {
        if started.elapsed() > TIMEOUT {
            _ = self.child.0.kill();
            self.fail("it hangs");
        }
        sleep(Duration::from_millis(1));
    }

    /// Panics with what the process, which has ended, has printed.
    #[track_caller]
    fn fail(&mut self, why: &str) -> ! {
        let status = status_of(self.child.0.wait().expect("a child"));
        let [stdout, stderr] = self.take_output();
        panic!("{why}\n{}", as_text(&self.command, status, &stdout, &stderr))
    }

    /// What the process, which has ended, has written on stdout and stderr.
    fn take_output(&mut self) -> [String; 2] {
        let readers = self.readers.take().expect("it ends once");
        readers.map(|reader| reader.join().expect("output in UTF-8"))
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
        let [stdout, stderr] = self.take_output();
        Run { command: self.command, status, stdout, stderr, dir: self.dir }
    }
}

/// A number from `/proc/PID/status`: `Threads`, or `VmHWM`, the peak memory so far in KiB. `None` if
/// the process has ended, or on systems without `/proc`.
fn process_status(pid: u32, name: &str) -> Option<u64> {
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

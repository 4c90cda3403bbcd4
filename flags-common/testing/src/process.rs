//! A running program: what it has written so far, signals to it, and its end.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read};
use std::iter;
use std::process::{Child, Command, ExitStatus};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle, sleep};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::Run;
use crate::variant::{as_text, status_of};

/// A program that runs while a test watches it. It is killed when this is dropped, so that a failed test
/// leaves no process behind.
#[derive(Debug)]
pub struct Running {
    child: KilledOnDrop,
    command: String,
    stdout: Stream,
    stderr: Stream,
    /// The folder of the run, which is removed with it.
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

/// What the program writes on a stream. It is read while the program runs, since a full pipe would block
/// it.
#[derive(Debug)]
struct Stream {
    written: Arc<Mutex<Vec<u8>>>,
    reader: JoinHandle<()>,
}

impl Stream {
    fn read(mut stream: impl Read + Send + 'static) -> Self {
        let written = Arc::<Mutex<Vec<u8>>>::default();
        let all = Arc::clone(&written);
        let reader = thread::spawn(move || {
            let mut buffer = [0; 4096];
            // Linux ends the output of a terminal that nobody holds any more with an error.
            while let Ok(n @ 1..) = stream.read(&mut buffer) {
                all.lock().expect("no panic").extend_from_slice(&buffer[..n]);
            }
        });
        Self { written, reader }
    }

    fn so_far(&self) -> String {
        String::from_utf8_lossy(&self.written.lock().expect("no panic")).into_owned()
    }
}

/// Time after which a process is taken to hang, so that no fault can hang the tests.
const TIMEOUT: Duration = Duration::from_secs(60);

impl Running {
    /// Starts `command`. It need not run in `dir`.
    pub fn start(mut command: Command, dir: TempDir) -> Self {
        let (stdout, stdout_writer) = io::pipe().expect("a pipe");
        let (stderr, stderr_writer) = io::pipe().expect("a pipe");
        command.stdout(stdout_writer).stderr(stderr_writer);
        Self::spawn(command, stdout, stderr, dir)
    }

    /// Starts `command` with both streams on one pipe, in order, as on a terminal. They are read as its
    /// stdout.
    pub fn start_on_one_pipe(mut command: Command, dir: TempDir) -> Self {
        let (reader, writer) = io::pipe().expect("a pipe");
        command.stdout(writer.try_clone().expect("a second handle")).stderr(writer);
        Self::spawn(command, reader, io::empty(), dir)
    }

    /// Starts `command`, whose streams are set: `stdout` and `stderr` read what it writes there.
    pub fn spawn(
        mut command: Command,
        stdout: impl Read + Send + 'static,
        stderr: impl Read + Send + 'static,
        dir: TempDir,
    ) -> Self {
        let child = KilledOnDrop(command.spawn().expect("the program starts"));
        let words = iter::once(command.get_program()).chain(command.get_args());
        let words: Vec<_> = words.map(OsStr::to_string_lossy).collect();
        let command_line = words.join(" ");
        drop(command); // and its handles: only the process holds the other ends now
        let [stdout, stderr] = [Stream::read(stdout), Stream::read(stderr)];
        Self { child, command: command_line, stdout, stderr, dir }
    }

    /// What it has written on stdout so far.
    pub fn stdout(&self) -> String {
        self.stdout.so_far()
    }

    /// What it has written on stderr so far.
    pub fn stderr(&self) -> String {
        self.stderr.so_far()
    }

    /// Waits for its first line on stdout, and returns it.
    pub fn first_line(&mut self) -> String {
        self.wait_until(|it| it.stdout().contains('\n'));
        self.stdout().lines().next().expect("a line").to_owned()
    }

    /// Waits until `condition` holds. Panics if the process ends first, or after a minute.
    #[track_caller]
    pub fn wait_until(&mut self, condition: impl FnMut(&Self) -> bool) {
        if self.wait(condition).is_some() {
            self.fail("it has ended");
        }
    }

    /// Waits until it ends, and returns its peak memory in KiB, where the system tells.
    pub fn peak_memory(&mut self) -> Option<u64> {
        let (pid, mut peak) = (self.child.0.id(), None);
        self.wait(|_| {
            peak = process_status(pid, "VmHWM").or(peak);
            false
        });
        peak
    }

    /// Waits until `condition` holds, or until the process ends: then it returns the status.
    #[track_caller]
    fn wait(&mut self, mut condition: impl FnMut(&Self) -> bool) -> Option<ExitStatus> {
        let started = Instant::now();
        loop {
            let ended = self.ended(); // before the condition, which its last words may fulfil
            if condition(self) {
                return None;
            }
            if ended.is_some() {
                return ended;
            }
            if started.elapsed() > TIMEOUT {
                self.fail("it hangs");
            }
            sleep(Duration::from_millis(1));
        }
    }

    /// The status of the process, if it has ended and all that it has written is read.
    fn ended(&mut self) -> Option<ExitStatus> {
        let status = self.child.0.try_wait().expect("the status of a child")?;
        let read = self.stdout.reader.is_finished() && self.stderr.reader.is_finished();
        read.then_some(status)
    }

    /// Panics with what the process has written.
    #[track_caller]
    fn fail(&mut self, why: &str) -> ! {
        _ = self.child.0.kill();
        let status = status_of(self.child.0.wait().expect("a child"));
        panic!("{why}\n{}", as_text(&self.command, status, &self.stdout(), &self.stderr()))
    }

    /// Sends it a signal, such as `INT`.
    pub fn signal(&self, name: &str) {
        let kill = Command::new("kill").args(["-s", name, &self.child.0.id().to_string()]).status();
        assert!(kill.expect("kill starts").success());
    }

    /// Presses Ctrl-C, and waits until it ends.
    pub fn interrupt(self) -> Run {
        self.signal("INT");
        self.finish()
    }

    /// Kills it with a signal that cannot be caught, and returns its folder.
    pub fn kill(self) -> TempDir {
        drop(self.child);
        self.dir
    }

    /// Waits until it ends.
    #[track_caller]
    pub fn finish(mut self) -> Run {
        let status = status_of(self.wait(|_| false).expect("the end"));
        let [stdout, stderr] = [self.stdout, self.stderr].map(|stream| {
            let written = std::mem::take(&mut *stream.written.lock().expect("no panic"));
            String::from_utf8(written).expect("output in UTF-8")
        });
        Run { command: self.command, status, stdout, stderr, dir: self.dir }
    }
}

/// A number from `/proc/PID/status`: `VmHWM`, the peak memory so far in KiB. `None` if the process has
/// ended, or on systems without `/proc`.
fn process_status(pid: u32, name: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let value = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    value.split_whitespace().next()?.parse().ok()
}

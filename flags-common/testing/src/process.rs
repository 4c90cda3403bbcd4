//! A running program: what it has written so far, signals to it, and its end.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle, sleep};
use std::time::{Duration, Instant};
use std::{fmt, iter};

use flags_cli::timeline::Timeline;
use tempfile::TempDir;

use crate::saved_files;

/// A program that runs while a test watches it. It is killed when this is dropped, so that a failed test
/// leaves no process behind.
#[derive(Debug)]
pub struct Running {
    child: KilledOnDrop,
    command: String,
    written: Arc<Mutex<Vec<u8>>>,
    /// Reads what it writes while it runs, since a full pipe would block it.
    reader: JoinHandle<()>,
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

/// Time after which a process is taken to hang, so that no fault can hang the tests.
const TIMEOUT: Duration = Duration::from_secs(60);

impl Running {
    /// Starts `command` in `dir`, with stderr on its stdout, in order, as on a terminal.
    pub fn start(mut command: Command, dir: TempDir) -> Self {
        let (reader, writer) = io::pipe().expect("a pipe");
        command.stdout(writer.try_clone().expect("a second handle")).stderr(writer);
        Self::spawn(command, reader, dir)
    }

    /// Starts `command`, whose streams are set, in `dir`, without environment variables that change what a
    /// downloader does. `stdout` reads what it writes.
    pub fn spawn(
        mut command: Command,
        mut stdout: impl Read + Send + 'static,
        dir: TempDir,
    ) -> Self {
        for name in ["COLUMNS", "NO_COLOR", "RUST_BACKTRACE"] {
            command.env_remove(name);
        }
        command.current_dir(dir.path()).stdin(Stdio::null()); // a terminal there would have a width
        let child = KilledOnDrop(command.spawn().expect("the program starts"));
        let words = iter::once(command.get_program()).chain(command.get_args());
        let words: Vec<_> = words.map(OsStr::to_string_lossy).collect();
        let words = words.join(" ");
        drop(command); // and its handles: only the process holds the other ends now
        let written = Arc::<Mutex<Vec<u8>>>::default();
        let all = Arc::clone(&written);
        let reader = thread::spawn(move || {
            let mut buffer = [0; 4096];
            // Linux ends the output of a terminal that nobody holds any more with an error.
            while let Ok(n @ 1..) = stdout.read(&mut buffer) {
                all.lock().expect("no panic").extend_from_slice(&buffer[..n]);
            }
        });
        Self { child, command: words, written, reader, dir }
    }

    /// What it has written so far.
    pub fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.written.lock().expect("no panic")).into_owned()
    }

    /// Waits for its first line, and returns it.
    pub fn first_line(&mut self) -> String {
        self.wait_until(|it| it.stdout().contains('\n'));
        self.stdout().lines().next().expect("a line").to_owned()
    }

    /// Waits until `condition` holds. Panics if the process ends first, or after a minute.
    #[track_caller]
    pub fn wait_until(&mut self, condition: impl FnMut(&Self) -> bool) {
        if let Some(status) = self.wait(condition) {
            panic!("it has ended: {status}\n$ {}\n{}", self.command, self.stdout());
        }
    }

    /// Waits until `condition` holds, or until the process has ended and all that it has written is read:
    /// then it returns the status.
    #[track_caller]
    fn wait(&mut self, mut condition: impl FnMut(&Self) -> bool) -> Option<ExitStatus> {
        let started = Instant::now();
        while started.elapsed() < TIMEOUT {
            // Before the condition, which its last words may fulfil.
            let status = self.child.0.try_wait().expect("the status of a child");
            let ended = status.filter(|_| self.reader.is_finished());
            if condition(self) {
                return None;
            }
            if ended.is_some() {
                return ended;
            }
            sleep(Duration::from_millis(1));
        }
        panic!("it hangs\n$ {}\n{}", self.command, self.stdout())
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

    /// Waits until it ends.
    #[track_caller]
    pub fn finish(mut self) -> Run {
        let status = self.wait(|_| false).expect("the end");
        let written = std::mem::take(&mut *self.written.lock().expect("no panic"));
        let stdout = String::from_utf8(written).expect("output in UTF-8");
        Run { command: self.command, status: status_of(status), stdout, dir: self.dir }
    }
}

/// What a run of a program left behind. Its text form is for the message of a failed test.
#[derive(Debug)]
pub struct Run {
    /// The command line, for the message.
    command: String,
    /// Exit status; 128 + n if signal n ended the process.
    pub status: i32,
    /// What it wrote, on stderr, too.
    pub stdout: String,
    /// The folder that it ran in.
    pub dir: TempDir,
}

impl Run {
    /// Names of the files in `downloaded`, sorted; empty if there is no such folder.
    pub fn files(&self) -> Vec<String> {
        saved_files(self.dir.path())
    }

    /// The data of its timeline: the file `run.json`, which `--timeline=run.json` has written.
    #[track_caller]
    pub fn timeline(&self) -> Timeline {
        let data = fs::read_to_string(self.dir.path().join("run.json")).expect("run.json");
        data.parse().expect("a timeline")
    }

    /// Panics unless the program exited with `status` and left `files` files in `downloaded`.
    #[track_caller]
    pub fn assert(&self, status: i32, files: usize) {
        let ended = (self.status, self.files().len());
        assert_eq!(ended, (status, files), "exit status and number of files\n{self}");
    }

    /// Panics unless it wrote `text`.
    #[track_caller]
    pub fn assert_says(&self, text: &str) {
        assert!(self.stdout.contains(text), "it does not say {text:?}\n{self}");
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "$ {}\n{}=> exit {}", self.command, self.stdout, self.status)
    }
}

/// The exit status as in a shell: 128 + n if signal n ended the process.
fn status_of(status: ExitStatus) -> i32 {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    let signal: Option<i32> = None;
    status.code().unwrap_or_else(|| 128 + signal.expect("a signal ended it"))
}

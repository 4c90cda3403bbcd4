//! What a person sees while flags arrive: codes on stdout and, on a terminal, in long runs, a bar at the
//! end of their line, on stderr.
//!
//! The strategy's thread writes through std, so that codes stand in order with what the learner's code
//! prints. Any other thread writes through handles of our own, since the learner's code may hold the
//! locks of std's streams for as long as it likes.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::time::{Duration, Instant};

use crate::text::{note, plain};
use crate::witness::os;

/// The terminal, or the pipes in its place.
pub(crate) struct Screen {
    started: Instant,
    /// Number of flags, and of those that have a result.
    flags: usize,
    recorded: AtomicUsize,
    /// Whether stdout and stderr are both a terminal: a reader of stdout may write to it too.
    terminal: bool,
    /// Columns of the current line that codes take.
    column: AtomicUsize,
    /// When codes were last flushed, in milliseconds since the start.
    flushed: AtomicU64,
    /// The reader of stdout has gone, or nobody may write any more.
    closed: AtomicBool,
    bar: Mutex<Bar>,
    stdout: Stdout,
    stderr: Stderr,
}

/// A handle of our own; where no system call gives one, std's.
#[cfg(unix)]
type Stdout = std::fs::File;
#[cfg(unix)]
type Stderr = std::fs::File;
#[cfg(not(unix))]
use std::io::{Stderr, Stdout};

#[cfg(unix)]
fn own_handles() -> io::Result<(Stdout, Stderr)> {
    use std::os::fd::AsFd;
    let stdout = io::stdout().as_fd().try_clone_to_owned()?;
    Ok((stdout.into(), io::stderr().as_fd().try_clone_to_owned()?.into()))
}

#[cfg(not(unix))]
fn own_handles() -> io::Result<(Stdout, Stderr)> {
    Ok((io::stdout(), io::stderr()))
}

#[derive(PartialEq)]
enum Bar {
    Hidden,
    Drawn,
    /// There will be no more bars.
    Off,
}

/// Shorter runs need no bar.
const BAR_AFTER: Duration = Duration::from_secs(1);
/// Columns of the bar: eight cells, a space, and two numbers.
const BAR_WIDTH: usize = 8 + " 194/194".len();
/// A write to a pipe wakes its reader: for each code, that is a fifth of the time of a fast run.
const FLUSH_AFTER: u64 = 20;

impl Screen {
    /// # Errors
    /// If the system gives no second handle to stdout or stderr.
    pub fn new(flags: usize) -> io::Result<Self> {
        let (stdout, stderr) = own_handles()?;
        let capable = std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        Ok(Self {
            started: Instant::now(),
            flags,
            recorded: AtomicUsize::new(0),
            terminal: capable && io::stdout().is_terminal() && io::stderr().is_terminal(),
            column: AtomicUsize::new(0),
            flushed: AtomicU64::new(0),
            closed: AtomicBool::new(false),
            bar: Mutex::new(Bar::Hidden),
            stdout,
            stderr,
        })
    }

    /// Sets the number of results so far, which the bar shows.
    pub fn count(&self, recorded: usize) {
        self.recorded.store(recorded, Relaxed);
    }

    /// Writes a code. Its space follows, so that what the learner's code prints does not touch it.
    pub fn code(&self, cc: &str) {
        let room = || width().saturating_sub(BAR_WIDTH + 2);
        if self.terminal && self.column.load(Relaxed) + cc.len() > room() {
            self.end_line();
        }
        self.column.fetch_add(cc.len() + 1, Relaxed);
        let now = u64::try_from(self.started.elapsed().as_millis()).unwrap_or_default();
        let flush = self.terminal || now >= self.flushed.load(Relaxed) + FLUSH_AFTER;
        if flush {
            self.flushed.store(now, Relaxed);
        }
        self.print(&format!("{cc} "), flush);
    }

    /// Writes a line on stdout.
    pub fn line(&self, text: &str) {
        self.end_line();
        self.print(&format!("{text}\n"), true);
    }

    /// Ends the line of codes, and removes the bar.
    fn end_line(&self) {
        self.hide_bar(self.bar(), Bar::Hidden);
        if self.column.swap(0, Relaxed) > 0 {
            self.print("\n", true);
        }
    }

    /// Ends the line of codes; there are no more bars.
    pub fn finish(&self) {
        self.end_line();
        self.hide_bar(self.bar(), Bar::Off);
    }

    /// Writes without panicking, unlike `print!`: a reader that has seen enough (`| head`) is not a
    /// reason to stop saving flags.
    fn print(&self, text: &str, flush: bool) {
        if self.closed.load(Relaxed) {
            return;
        }
        let mut out = io::stdout().lock();
        let written = out.write_all(text.as_bytes());
        if let Err(error) = written.and_then(|()| if flush { out.flush() } else { Ok(()) }) {
            self.closed.store(true, Relaxed);
            if error.kind() != io::ErrorKind::BrokenPipe {
                note(format_args!("cannot write to stdout: {error}"));
            }
        }
    }
}

/// For other threads than the strategy's.
impl Screen {
    /// Draws the bar, if it is time.
    pub fn refresh(&self) {
        let columns = width();
        if !self.terminal || self.started.elapsed() < BAR_AFTER || columns < 2 * BAR_WIDTH {
            return;
        }
        let Ok(mut bar) = self.bar.try_lock() else { return };
        if *bar != Bar::Off {
            let recorded = self.recorded.load(Relaxed);
            let done = 8 * recorded / self.flags.max(1);
            let cells = "#".repeat(done) + &".".repeat(8 - done);
            let numbers = format!("{recorded}/{}", self.flags);
            self.at_bar(&format!("{cells} {numbers:<7}"));
            *bar = Bar::Drawn;
        }
    }

    /// Writes lines on stderr, below the line of codes.
    pub fn tell(&self, text: impl Display) {
        self.break_line();
        _ = (&self.stderr).write_all(format!("{}\n", plain(&text.to_string())).as_bytes());
    }

    /// Ends the line of codes, from any thread. If the learner's code holds the lock of stdout, codes
    /// that it keeps back come later.
    pub fn break_line(&self) {
        let (sender, flushed) = mpsc::channel();
        let flush = move || {
            _ = io::stdout().flush();
            _ = sender.send(());
        };
        if os::start_thread("flush", flush).is_ok() {
            _ = flushed.recv_timeout(Duration::from_millis(100));
        }
        if let Ok(bar) = self.bar.try_lock() {
            self.hide_bar(bar, Bar::Hidden);
        }
        if self.column.swap(0, Relaxed) > 0 && !self.closed.load(Relaxed) {
            _ = (&self.stdout).write_all(b"\n");
        }
    }

    /// Ends the line of codes, on which the terminal has written `^C`. Results that still arrive are not
    /// shown.
    pub fn interrupt(&self) {
        if self.terminal {
            self.column.fetch_max(1, Relaxed);
        }
        self.break_line();
        self.closed.store(true, Relaxed);
        if let Ok(bar) = self.bar.try_lock() {
            self.hide_bar(bar, Bar::Off);
        }
    }
}

/// The bar. Its lock is held only while it is drawn or removed.
impl Screen {
    fn bar(&self) -> MutexGuard<'_, Bar> {
        self.bar.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hide_bar(&self, mut bar: MutexGuard<'_, Bar>, next: Bar) {
        if *bar == Bar::Drawn {
            self.at_bar("\x1b[K");
        }
        if *bar != Bar::Off {
            *bar = next;
        }
    }

    /// Writes at the end of the line on which the cursor is, and puts the cursor back: what the learner's
    /// code prints goes where it would have gone.
    fn at_bar(&self, text: &str) {
        let column = width().saturating_sub(BAR_WIDTH);
        _ = (&self.stderr).write_all(format!("\x1b7\x1b[{column}G{text}\x1b8").as_bytes());
    }
}

fn width() -> usize {
    terminal_size::terminal_size_of(io::stderr()).map_or(80, |(width, _)| width.0.into())
}

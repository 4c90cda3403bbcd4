//! What a person sees while flags arrive: codes on stdout and, on a terminal, in long runs, a bar at the
//! end of their line, on stderr.
//!
//! The strategy's thread writes through std, so that codes stand in order with what the learner's code
//! prints. Any other thread writes through handles of our own, since the learner's code may hold the
//! locks of std's streams for as long as it likes.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, mpsc};
use std::time::{Duration, Instant};

use os_pipe::{PipeWriter, dup_stderr, dup_stdout};

use crate::lock::lock;
use crate::text::{note, plain};
use crate::witness::os;

/// The terminal, or the pipes in its place.
pub(crate) struct Screen {
    /// Whether stdout and stderr are both a terminal: a reader of stdout may write to it too.
    terminal: bool,
    /// Columns of the current line that codes take.
    column: AtomicUsize,
    /// When codes were last flushed.
    flushed: Mutex<Instant>,
    /// The reader of stdout has gone, or nobody may write any more.
    closed: AtomicBool,
    /// Whether there is a bar. The lock is held only while it is drawn or removed.
    bar: Mutex<bool>,
    // Handles of our own.
    stdout: PipeWriter,
    stderr: PipeWriter,
}

/// Columns of the bar: eight cells, a space, and two numbers.
const BAR_WIDTH: usize = 8 + " 194/194".len();
/// A write to a pipe wakes its reader: for each code, that is a fifth of the time of a fast run.
const FLUSH_AFTER: Duration = Duration::from_millis(20);

impl Screen {
    /// # Errors
    /// If the system gives no second handle to stdout or stderr.
    pub fn new() -> io::Result<Self> {
        let capable = std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        Ok(Self {
            terminal: capable && io::stdout().is_terminal() && io::stderr().is_terminal(),
            column: AtomicUsize::new(0),
            flushed: Mutex::new(Instant::now()),
            closed: AtomicBool::new(false),
            bar: Mutex::new(false),
            stdout: dup_stdout()?,
            stderr: dup_stderr()?,
        })
    }

    /// Writes a code. Its space follows, so that what the learner's code prints does not touch it.
    pub fn code(&self, cc: &str) {
        let room = || width().saturating_sub(BAR_WIDTH + 2);
        if self.terminal && self.column.load(Relaxed) + cc.len() > room() {
            self.end_line();
        }
        self.column.fetch_add(cc.len() + 1, Relaxed);
        let mut flushed = lock(&self.flushed);
        let flush = self.terminal || flushed.elapsed() >= FLUSH_AFTER;
        if flush {
            *flushed = Instant::now();
        }
        self.print(&format!("{cc} "), flush);
    }

    /// Writes a line on stdout.
    pub fn line(&self, text: &str) {
        self.end_line();
        self.print(&format!("{text}\n"), true);
    }

    /// Ends the line of codes, and removes the bar.
    pub fn end_line(&self) {
        self.hide_bar(&mut lock(&self.bar));
        if self.column.swap(0, Relaxed) > 0 {
            self.print("\n", true);
        }
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
    /// Draws the bar, if there is room for it, unless the run `is_ending`.
    pub fn draw_bar(&self, recorded: usize, flags: usize, is_ending: impl FnOnce() -> bool) {
        if !self.terminal || width() < 2 * BAR_WIDTH {
            return;
        }
        // Asked under the lock: what removes the bar once the run is ending removes the last one.
        let Ok(mut bar) = self.bar.try_lock() else { return };
        if !is_ending() {
            let done = 8 * recorded / flags.max(1);
            let cells = "#".repeat(done) + &".".repeat(8 - done);
            let numbers = format!("{recorded}/{flags}");
            self.at_bar(&format!("{cells} {numbers:<7}"));
            *bar = true;
        }
    }

    fn hide_bar(&self, bar: &mut bool) {
        if std::mem::take(bar) {
            self.at_bar("\x1b[K");
        }
    }

    /// Writes at the end of the line on which the cursor is, and puts the cursor back: what the learner's
    /// code prints goes where it would have gone.
    fn at_bar(&self, text: &str) {
        let column = width().saturating_sub(BAR_WIDTH);
        _ = (&self.stderr).write_all(format!("\x1b7\x1b[{column}G{text}\x1b8").as_bytes());
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
        if let Ok(mut bar) = self.bar.try_lock() {
            self.hide_bar(&mut bar);
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
    }
}

fn width() -> usize {
    terminal_size::terminal_size_of(io::stderr()).map_or(80, |(width, _)| width.0.into())
}

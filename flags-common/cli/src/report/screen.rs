//! What a person sees while flags arrive: codes on stdout, and on a terminal, in long runs, a bar at
//! the end of their line, on stderr.

use std::fmt::Display;
use std::io::{self, IsTerminal};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::{Duration, Instant};

use flags_common::Flag;

use super::tally::Claim;
use crate::text::{note, write};

/// The terminal, or the pipes in its place. Clones share one state.
#[derive(Clone)]
pub(crate) struct Screen(Arc<Mutex<State>>);

struct State {
    verbose: bool,
    flags: usize,
    /// Results so far.
    recorded: usize,
    started: Instant,
    /// Whether stdout and stderr are both a terminal: a reader of stdout may write to it too.
    terminal: bool,
    bar_is_drawn: bool,
    /// Columns of the current line that codes take.
    column: usize,
    /// The reader of stdout has gone, or nobody may write any more.
    closed: bool,
}

/// Shorter runs need no bar.
const BAR_AFTER: Duration = Duration::from_secs(1);
/// Columns of the bar: eight cells, a space, and two numbers.
const BAR_WIDTH: usize = 8 + " 194/194".len();

impl Screen {
    pub fn new(flags: usize, verbose: bool) -> Self {
        let terminal = io::stdout().is_terminal() && io::stderr().is_terminal();
        Self(Arc::new(Mutex::new(State {
            verbose,
            flags,
            recorded: 0,
            started: Instant::now(),
            terminal,
            bar_is_drawn: false,
            column: 0,
            closed: false,
        })))
    }

    /// Shows the result of a flag.
    pub fn recorded(&self, flag: &Flag, claim: &Claim) {
        let mut state = self.state();
        state.recorded += 1;
        let cc = flag.cc;
        match claim {
            Claim::Saved if state.verbose => {
                state.line(&format!("{cc} saved as {}", flag.path.display()));
            }
            Claim::NotFound if state.verbose => state.line(&format!("{cc} not found")),
            Claim::Failed(cause) if state.verbose => state.line(&format!("{cc} {}", cause.text)),
            Claim::Saved => state.code(cc.as_str()),
            Claim::NotFound | Claim::Failed(_) => {}
        }
    }

    /// Draws the bar, if it is time. Does nothing while another thread writes.
    pub fn refresh(&self) {
        if let Some(mut state) = self.try_state()
            && state.terminal
            && state.started.elapsed() >= BAR_AFTER
        {
            state.draw_bar();
        }
    }

    /// Writes a line on stdout.
    pub fn line(&self, text: impl Display) {
        self.state().line(&text.to_string());
    }

    /// Writes lines on stderr, while flags arrive.
    pub fn note(&self, text: impl Display) {
        let mut state = self.state();
        state.end_line();
        note(text);
    }

    /// Ends the line of codes, unless another thread writes: a panic may have come while it did.
    pub fn try_end_line(&self) {
        if let Some(mut state) = self.try_state() {
            state.end_line();
        }
    }

    /// Ends the line of codes and removes the bar.
    pub fn finish(&self) {
        let mut state = self.state();
        state.end_line();
        state.terminal = false; // no more bars
    }

    /// Ends the line of codes, on which the terminal has written `^C`. Results that still arrive are not
    /// shown.
    pub fn interrupt(&self) {
        let Some(mut state) = self.try_state() else { return };
        if state.terminal {
            state.column = state.column.max(1);
        }
        state.end_line();
        state.terminal = false;
        state.closed = true;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn try_state(&self) -> Option<MutexGuard<'_, State>> {
        match self.0.try_lock() {
            Ok(state) => Some(state),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }
}

impl State {
    fn code(&mut self, cc: &str) {
        if self.terminal && self.column + " CN".len() > self.width().saturating_sub(BAR_WIDTH + 2) {
            self.end_line();
        }
        let text = if self.column == 0 { cc.to_owned() } else { format!(" {cc}") };
        self.column += text.len();
        self.stdout(&text);
    }

    fn line(&mut self, text: &str) {
        self.end_line();
        self.stdout(&format!("{text}\n"));
    }

    fn end_line(&mut self) {
        if std::mem::take(&mut self.bar_is_drawn) {
            self.at_bar("\x1b[K");
        }
        if std::mem::take(&mut self.column) > 0 {
            self.stdout("\n");
        }
    }

    fn draw_bar(&mut self) {
        if self.width() < 2 * BAR_WIDTH {
            return;
        }
        let done = 8 * self.recorded / self.flags.max(1);
        let cells = "⣿".repeat(done) + &"⣀".repeat(8 - done);
        let numbers = format!("{}/{}", self.recorded, self.flags);
        self.bar_is_drawn = true;
        self.at_bar(&format!("{cells} {numbers:<7}"));
    }

    /// Writes at the end of the line on which the cursor is, and puts the cursor back: what the learner's
    /// code prints goes where it would have gone.
    fn at_bar(&self, text: &str) {
        let column = self.width().saturating_sub(BAR_WIDTH);
        _ = write(&mut io::stderr(), &format!("\x1b7\x1b[{column}G{text}\x1b8"));
    }

    fn width(&self) -> usize {
        terminal_size::terminal_size_of(io::stderr()).map_or(80, |(width, _)| width.0.into())
    }

    /// Writes without panicking, unlike `print!`: a reader that has seen enough (`| head`) is not a
    /// reason to stop saving flags.
    fn stdout(&mut self, text: &str) {
        if self.closed {
            return;
        }
        if let Err(error) = write(&mut io::stdout().lock(), text) {
            self.closed = true;
            if error.kind() != io::ErrorKind::BrokenPipe {
                note(format_args!("cannot write to stdout: {error}"));
            }
        }
    }
}

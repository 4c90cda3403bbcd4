//! What a person sees while flags arrive: codes on stdout, and on a terminal a progress bar under
//! them, on stderr.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};

use flags_common::CountryCode;
use indicatif::{ProgressBar, ProgressStyle};

use crate::text::note;

/// The terminal, or the pipes in its place. Clones share one state.
#[derive(Clone)]
pub(crate) struct Screen(Arc<Mutex<State>>);

struct State {
    /// Present if stdout and stderr are both a terminal.
    bar: Option<ProgressBar>,
    /// The codes on the current line. With a bar, they are drawn with it; without one, they have
    /// already been written.
    line: String,
    /// The reader of stdout has gone.
    stdout_closed: bool,
}

impl Screen {
    /// A screen for `flags` flags, with a progress bar if `wanted` and possible.
    pub fn new(flags: usize, wanted: bool) -> Self {
        // If stdout is piped, its reader may write to this terminal too.
        let bar = (wanted && io::stdout().is_terminal()).then(|| ProgressBar::new(flags as u64));
        let bar = bar.filter(|bar| !bar.is_hidden()); // stderr is not a terminal, or a dumb one
        if let Some(bar) = &bar {
            let template = "{msg}\n{wide_bar:.cyan/dim} {pos}/{len}";
            bar.set_style(ProgressStyle::with_template(template).expect("a valid template"));
            bar.tick(); // shows it before the first arrival
        }
        Self(Arc::new(Mutex::new(State { bar, line: String::new(), stdout_closed: false })))
    }

    /// Shows that a flag arrived.
    pub fn code(&self, cc: CountryCode) {
        let mut state = self.state();
        // The bar would cover an unfinished line. So the codes are drawn with the bar until their
        // line is full, and then written above it.
        if state.bar.is_some() {
            let (_, width) = console::Term::stderr().size();
            if state.line.len() + " CN".len() > usize::from(width) {
                state.end_line();
            }
        }
        let text = if state.line.is_empty() { cc.to_string() } else { format!(" {cc}") };
        state.line.push_str(&text);
        match &state.bar {
            Some(bar) => bar.set_message(state.line.clone()),
            None => state.stdout(&text),
        }
    }

    /// Writes a line on stdout.
    pub fn line(&self, text: impl Display) {
        self.state().stdout(&format!("{text}\n"));
    }

    /// Advances the bar by one flag, saved or not.
    pub fn advance(&self) {
        if let Some(bar) = &self.state().bar {
            bar.inc(1);
        }
    }

    /// Redraws the bar: arrivals do so at most 20 times a second, so the last ones of a burst would
    /// not show. Does nothing while another thread writes.
    pub fn refresh(&self) {
        if let Some(state) = self.try_state()
            && let Some(bar) = &state.bar
            && !bar.is_finished()
        {
            bar.tick();
        }
    }

    /// Writes a line on stderr, above the bar, while the flags arrive.
    pub fn note(&self, text: impl Display) {
        match self.try_state().as_deref_mut() {
            Some(State { bar: Some(bar), .. }) => bar.suspend(|| note(text)),
            Some(state) => {
                state.end_line();
                note(text);
            }
            None => note(text),
        }
    }

    /// Ends the line of codes and removes the bar.
    pub fn finish(&self) {
        let mut state = self.state();
        state.end_line();
        if let Some(bar) = &state.bar {
            bar.finish_and_clear();
        }
    }

    /// Ends the line of codes and keeps the bar, which can be neither erased nor redrawn: the `^C` that
    /// the terminal echoes has moved the cursor. Nobody else writes while the result is alive.
    pub fn interrupt(&self) -> impl Sized {
        let mut state = self.state();
        match &state.bar {
            Some(bar) if !bar.is_finished() => note(""),
            _ => state.end_line(),
        }
        state
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
    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        match self.bar.clone() {
            _ if line.is_empty() => {}
            None => self.stdout("\n"),
            Some(bar) => {
                bar.set_message("");
                bar.suspend(|| self.stdout(&format!("{line}\n")));
            }
        }
    }

    /// Writes without panicking, unlike `print!`: a reader that has seen enough (`| head`) is not a
    /// reason to stop saving flags.
    fn stdout(&mut self, text: &str) {
        if self.stdout_closed {
            return;
        }
        let mut stdout = io::stdout().lock();
        if let Err(error) = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
            self.stdout_closed = true;
            if error.kind() != io::ErrorKind::BrokenPipe {
                note(format_args!("cannot write to stdout: {error}"));
            }
        }
    }
}

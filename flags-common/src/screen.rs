//! What a person sees while flags arrive: codes on stdout, and on a terminal a progress bar under
//! them, on stderr.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use indicatif::{ProgressBar, ProgressStyle};

use crate::CountryCode;

/// The terminal, or what stands in its place. Clones share it: one is the report's, one waits for
/// Ctrl-C.
#[derive(Clone)]
pub(crate) struct Screen(Arc<Mutex<State>>);

struct State {
    /// Where stdout and stderr are both a terminal.
    bar: Option<ProgressBar>,
    /// The codes on the line that is not full yet. With a bar, they are drawn with it; without one,
    /// they have been written.
    line: String,
    /// Nobody reads stdout any more.
    stdout_closed: bool,
}

impl Screen {
    /// A screen for `flags` flags, with a progress bar where that makes sense and is `wanted`.
    pub fn new(flags: usize, wanted: bool) -> Self {
        // If stdout is a pipe, who reads it may write to this same terminal.
        let bar = (wanted && io::stdout().is_terminal()).then(|| ProgressBar::new(flags as u64));
        let bar = bar.filter(|bar| !bar.is_hidden()); // stderr is no terminal, or a dumb one
        if let Some(bar) = &bar {
            let template = "{msg}\n{wide_bar:.cyan/dim} {pos}/{len}";
            bar.set_style(ProgressStyle::with_template(template).expect("a valid template"));
            bar.tick(); // shows it: after this, only an arrival does, since ticking takes a thread
        }
        Self(Arc::new(Mutex::new(State { bar, line: String::new(), stdout_closed: false })))
    }

    /// Shows that a flag arrived.
    pub fn code(&self, cc: CountryCode) {
        let mut state = self.state();
        // The bar would cover a line that has no end. So the codes are drawn with the bar until
        // their line is full, and then written above it.
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

    /// Writes a line about a flag, in place of its code.
    pub fn line(&self, text: impl Display) {
        self.state().stdout(&format!("{text}\n"));
    }

    /// Moves the bar on by one flag, whatever became of it.
    pub fn advance(&self) {
        if let Some(bar) = &self.state().bar {
            bar.inc(1);
        }
    }

    /// Ends the line of codes and takes the bar away.
    pub fn finish(&self) {
        let mut state = self.state();
        state.end_line();
        if let Some(bar) = &state.bar {
            bar.finish_and_clear();
        }
    }

    /// Ends the line of codes and leaves the bar: the `^C` that a terminal echoes has moved the
    /// cursor, so it could not be taken away. While the result lives, nobody else writes.
    pub fn interrupt(&self) -> impl Sized {
        let mut state = self.state();
        match state.bar {
            Some(_) => note(""),
            None => state.end_line(),
        }
        state
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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

    /// Writes at once, and never panics as `print!` does: a reader that has seen enough (`| head`)
    /// is no reason to stop saving flags.
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

/// Writes a line on stderr. Where even that fails, there is nobody left to tell.
pub(crate) fn note(text: impl Display) {
    _ = writeln!(io::stderr(), "{text}");
}

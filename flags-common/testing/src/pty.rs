//! A pseudo-terminal: shows what a person at a terminal sees.

use std::fs::{File, OpenOptions};
use std::io;
use std::process::Command;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use tempfile::TempDir;

use crate::Running;

/// A program whose stdout and stderr are a terminal.
pub struct OnTerminal {
    program: Running,
    size: Size,
}

/// Rows and columns of a terminal.
pub type Size = (u16, u16);

impl OnTerminal {
    /// Starts a command in `dir`, on a terminal of a size.
    pub fn run(mut command: Command, dir: TempDir, size: Size) -> Self {
        let (master, slave) = open(size).expect("a pseudo-terminal");
        command.env("TERM", "xterm");
        command.stdout(slave.try_clone().expect("a second handle")).stderr(slave);
        Self { program: Running::spawn(command, master, dir), size }
    }

    /// What a person sees now: the lines of the screen.
    pub fn screen(&self) -> String {
        screen(self.size, &self.program.stdout())
    }

    /// All that it has written so far, with control sequences.
    pub fn written(&self) -> String {
        self.program.stdout()
    }

    /// Waits until `condition` holds for the screen.
    pub fn wait_until(&mut self, condition: impl Fn(&str) -> bool) {
        let size = self.size;
        self.program.wait_until(|program| condition(&screen(size, &program.stdout())));
    }

    /// Presses Ctrl-C.
    pub fn interrupt(&self) {
        self.program.signal("INT");
    }

    /// Waits for the end of the process. Returns its exit status and the screen.
    pub fn finish(self) -> (i32, String) {
        let run = self.program.finish();
        (run.status, screen(self.size, &run.stdout))
    }
}

/// The lines of a screen on which a program has written `text`.
fn screen((rows, columns): Size, text: &str) -> String {
    let mut terminal = vt100::Parser::new(rows, columns, 0);
    terminal.process(text.as_bytes());
    terminal.screen().contents()
}

/// Both ends of a new pseudo-terminal: ours, and the program's.
fn open((rows, columns): Size) -> io::Result<(File, File)> {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
    grantpt(&master)?;
    unlockpt(&master)?;
    let size = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(&master, size)?;
    let name = ptsname(&master, Vec::new())?.into_string().expect("a name in UTF-8");
    let slave = OpenOptions::new().read(true).write(true).open(name)?;
    Ok((File::from(master), slave))
}

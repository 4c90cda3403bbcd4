//! A pseudo-terminal: shows what a person at a terminal sees.

use std::fs::{File, OpenOptions};
use std::io::Read;
use std::process::{Child, Command};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use tempfile::TempDir;

use crate::Variant;
use crate::variant::status_of;

/// A program whose stdout and stderr are a terminal.
pub struct OnTerminal {
    child: Child,
    terminal: Arc<Mutex<vt100::Parser>>,
    reader: thread::JoinHandle<()>,
    /// The folder that it runs in, until it ends.
    _dir: TempDir,
}

/// Rows and columns of a terminal.
pub type Size = (u16, u16);

impl OnTerminal {
    /// Starts `variant` in a new folder, on a terminal of a size.
    pub fn start(variant: &Variant, size: Size, args: &[&str]) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let mut command = variant.command(dir.path());
        command.args(args);
        Self::run(command, dir, size)
    }

    /// Starts a command, which runs in `dir`, on a terminal of a size.
    pub fn run(mut command: Command, dir: TempDir, size: Size) -> Self {
        let (mut master, slave) = open(size).expect("a pseudo-terminal");
        command.env("TERM", "xterm");
        command.stdout(slave.try_clone().expect("a second handle")).stderr(slave);
        let child = command.spawn().expect("the binary starts");
        drop(command); // and its handles, so that the end of the process is the end of the output

        let terminal = Arc::new(Mutex::new(vt100::Parser::new(size.0, size.1, 0)));
        let written = Arc::clone(&terminal);
        let reader = thread::spawn(move || {
            let mut buffer = [0; 4096];
            // Linux ends the output of a terminal that nobody holds any more with an error.
            while let Ok(n @ 1..) = master.read(&mut buffer) {
                written.lock().expect("no panic").process(&buffer[..n]);
            }
        });
        Self { child, terminal, reader, _dir: dir }
    }

    /// What a person sees now: the lines of the screen.
    pub fn screen(&self) -> String {
        self.terminal.lock().expect("no panic").screen().contents()
    }

    /// Waits until `condition` holds for the screen.
    pub fn wait_until(&mut self, condition: impl Fn(&str) -> bool) {
        let started = Instant::now();
        while !condition(&self.screen()) {
            let ended = self.child.try_wait().expect("a child");
            assert!(ended.is_none(), "it ended:\n{}", self.screen());
            assert!(started.elapsed() < Duration::from_secs(30), "in vain:\n{}", self.screen());
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Presses Ctrl-C.
    pub fn interrupt(&self) {
        let kill = Command::new("kill").args(["-s", "INT", &self.child.id().to_string()]).status();
        assert!(kill.expect("kill starts").success());
    }

    /// Waits for the end of the process. Returns its exit status and the screen.
    pub fn finish(mut self) -> (i32, String) {
        let status = status_of(self.child.wait().expect("a child"));
        self.reader.join().expect("no panic");
        let terminal = self.terminal.lock().expect("no panic");
        (status, terminal.screen().contents())
    }

    /// Kills the process.
    pub fn kill(mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

/// Both ends of a new pseudo-terminal: ours, and the program's.
fn open((rows, columns): Size) -> std::io::Result<(File, File)> {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
    grantpt(&master)?;
    unlockpt(&master)?;
    let size = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(&master, size)?;
    let name = ptsname(&master, Vec::new())?.into_string().expect("a name in UTF-8");
    let slave = OpenOptions::new().read(true).write(true).open(name)?;
    Ok((File::from(master), slave))
}

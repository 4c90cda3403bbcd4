//! A pseudo-terminal: shows what a person at a terminal sees.

use std::fs::{File, OpenOptions};
use std::io::Read;
use std::process::Child;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use tempfile::TempDir;

use crate::Variant;
use crate::variant::status_of;

/// A downloader whose stdout and stderr are a terminal.
pub struct OnTerminal {
    child: Child,
    screen: Arc<Mutex<Vec<u8>>>,
    reader: thread::JoinHandle<()>,
    /// The folder that it runs in, until it ends.
    _dir: TempDir,
}

impl OnTerminal {
    /// Starts `variant` in a new folder, on a terminal of 80 columns and `rows` rows.
    pub fn start(variant: &Variant, rows: u16, args: &[&str]) -> Self {
        let (mut master, slave) = open(rows).expect("a pseudo-terminal");
        let dir = tempfile::tempdir().expect("a temporary folder");
        let mut command = variant.command(dir.path());
        command.args(args).env("TERM", "xterm");
        command.stdout(slave.try_clone().expect("a second handle")).stderr(slave);
        let child = command.spawn().expect("the binary starts");
        drop(command); // and its handles, so that the end of the process is the end of the output

        let screen = Arc::<Mutex<Vec<u8>>>::default();
        let written = Arc::clone(&screen);
        let reader = thread::spawn(move || {
            let mut buffer = [0; 4096];
            // Linux ends the output of a terminal that nobody holds any more with an error.
            while let Ok(n @ 1..) = master.read(&mut buffer) {
                written.lock().expect("no panic").extend(&buffer[..n]);
            }
        });
        Self { child, screen, reader, _dir: dir }
    }

    /// Everything written so far, with the sequences that steer the terminal.
    pub fn output(&self) -> String {
        String::from_utf8_lossy(&self.screen.lock().expect("no panic")).into_owned()
    }

    /// Waits until `condition` holds for the output.
    pub fn wait_until(&mut self, condition: impl Fn(&str) -> bool) {
        let started = Instant::now();
        while !condition(&self.output()) {
            let ended = self.child.try_wait().expect("a child");
            assert!(ended.is_none(), "it ended: {:?}", self.output());
            assert!(started.elapsed() < Duration::from_secs(30), "in vain: {:?}", self.output());
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits for the end of the process. Returns its exit status and everything it wrote.
    pub fn finish(mut self) -> (i32, String) {
        let status = status_of(self.child.wait().expect("a child"));
        self.reader.join().expect("no panic");
        let output = self.screen.lock().expect("no panic");
        (status, String::from_utf8_lossy(&output).into_owned())
    }

    /// Kills the process.
    pub fn kill(mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

/// Both ends of a new pseudo-terminal: ours, and the program's.
fn open(rows: u16) -> std::io::Result<(File, File)> {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
    grantpt(&master)?;
    unlockpt(&master)?;
    let size = Winsize { ws_row: rows, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(&master, size)?;
    let name = ptsname(&master, Vec::new())?.into_string().expect("a name in UTF-8");
    let slave = OpenOptions::new().read(true).write(true).open(name)?;
    Ok((File::from(master), slave))
}

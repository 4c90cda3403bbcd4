//! A strategy that does not return although every flag has a result.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use libtest_mimic::Trial;
use tempfile::TempDir;

use crate::{downloader, trial};

pub fn trials() -> Vec<Trial> {
    vec![
        trial("hang_is_pointed_out", || drop(Hanging::start(&[]))),
        #[cfg(unix)]
        trial("ctrl_c_ends_a_hang_and_draws_it", ctrl_c_ends_a_hang_and_draws_it),
    ]
}

/// A downloader that has said that it hangs. It is killed when this is dropped.
struct Hanging {
    child: Child,
    /// The lines of its stderr that follow.
    stderr: Receiver<String>,
    _dir: TempDir,
}

impl Hanging {
    fn start(args: &[&str]) -> Self {
        let (mut command, dir) = downloader("keeps_a_sender", args);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().expect("piped")).lines();
        let (sender, stderr) = mpsc::channel();
        thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| sender.send(line)));
        let hanging = Self { child, stderr, _dir: dir };
        let expected = "All 3 flags have a result, but download_many has not returned: is a Sender \
                        still alive?";
        while hanging.next_line().expect("the line that says so") != expected {}
        hanging
    }

    /// Waits for a line. `None` at the end of stderr, or after a minute: no test hangs.
    fn next_line(&self) -> Option<String> {
        self.stderr.recv_timeout(Duration::from_secs(60)).ok()
    }
}

impl Drop for Hanging {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

#[cfg(unix)]
fn ctrl_c_ends_a_hang_and_draws_it() {
    use std::process::Command;

    let mut hanging = Hanging::start(&["--timeline"]);
    let pid = hanging.child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let rest: Vec<_> = std::iter::from_fn(|| hanging.next_line()).collect();
    assert_eq!(rest[0], "Interrupted: 3 of 3 saved.");
    assert!(rest.iter().any(|line| line.starts_with("Elapsed ")), "{rest:?}");
    assert_eq!(hanging.child.wait().unwrap().code(), Some(130));
}

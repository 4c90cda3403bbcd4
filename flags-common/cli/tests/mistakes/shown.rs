//! What the page or a patch shows of a run.

use std::path::Path;
use std::process::Command;

use flags_testing::sites::SiteProcess;

use crate::picture::is_picture;

/// Starts a site in another terminal. Its arguments follow.
pub const FLAG_SITE: &str = "cargo run -p flags-lesson --example flag-site -- ";

/// Where that site is.
const SITE_URL: &str = "http://127.0.0.1:8000/flags";

/// A command, and what it prints.
pub struct Shown {
    /// `cargo run -p PACKAGE -- ARGUMENTS`.
    pub command: String,
    /// The arguments of its site in another terminal.
    pub site: Option<String>,
    /// A picture, or lines of the output.
    pub block: String,
}

/// The package that a command of cargo builds or runs.
pub fn package(command: &str) -> &str {
    command.split_whitespace().nth(3).expect("cargo run -p PACKAGE")
}

impl Shown {
    /// What a class sees on a projector in the end, if this binary runs. If it `hangs`, it says so after
    /// 2 to 3 s, and Ctrl-C ends it after 5 s.
    #[cfg(unix)]
    pub fn screen(&self, binary: &Path, hangs: bool) -> String {
        let start = |args: &String| SiteProcess::start(&args.split(' ').collect::<Vec<_>>());
        let site = self.site.as_ref().map(start);
        let dir = tempfile::tempdir().expect("a temporary folder");
        let mut command = Command::new(binary);
        if hangs {
            command = Command::new("timeout");
            command.args(["--foreground", "--signal=INT", "5"]).arg(binary);
        }
        for arg in self.command.split_whitespace().skip_while(|word| *word != "--").skip(1) {
            match &site {
                Some(site) if arg == SITE_URL => command.arg(&site.base_url),
                _ => command.arg(arg),
            };
        }
        command.env("NO_PROXY", "127.0.0.1"); // a new client obeys the proxies of the environment
        let rows = if is_picture(&self.block) { 30 } else { 1000 }; // lines leave the screen
        flags_testing::pty::OnTerminal::run(command, dir, (rows, 80)).finish().1
    }

    #[cfg(not(unix))]
    pub fn screen(&self, _: &Path, _: bool) -> String {
        unreachable!("main skips all")
    }
}

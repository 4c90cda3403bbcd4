//! The demo site in a separate process, so that its resource usage is not counted as a downloader's.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use crate::{Running, http};

/// A running example `flag-site`.
pub struct SiteProcess {
    /// The process. What the site sees is drawn on its stderr.
    pub process: Running,
    /// Base URL of its flags.
    pub base_url: String,
}

/// Path of the program.
pub fn flag_site() -> &'static Path {
    static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| crate::cargo::example("flag-site"));
    &PROGRAM
}

impl SiteProcess {
    /// Starts it on a free port, with more arguments. It does not draw what it sees.
    pub fn start(args: &[&str]) -> Self {
        Self::start_drawing(&[&["--quiet"], args].concat())
    }

    /// Starts it on a free port, with more arguments.
    pub fn start_drawing(args: &[&str]) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let mut command = Command::new(flag_site());
        command.args(["--port", "0"]).args(args).current_dir(dir.path());
        let mut process = Running::start(command, dir);
        let line = process.first_line();
        let base_url = line.strip_prefix("Demo site: ").expect(&line).to_owned();
        Self { process, base_url }
    }

    /// The body of the page at `path`, over a new connection.
    pub fn get(&self, path: &str) -> Vec<u8> {
        http::get(&self.base_url, path).1
    }

    /// What the site has counted so far, including the connection that asks.
    pub fn counters(&self) -> String {
        String::from_utf8(self.get("/counters")).expect("a text")
    }
}

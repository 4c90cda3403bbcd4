//! The demo site in a separate process, so that its resource usage is not counted as a downloader's.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::sync::LazyLock;

/// A running example `flag-site`, which is killed when this is dropped.
pub struct SiteProcess {
    /// The process.
    pub child: Child,
    /// What it prints after its first line.
    pub stdout: BufReader<ChildStdout>,
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
        Self::spawn(Command::new(flag_site()).arg("--quiet").args(args))
    }

    /// Starts it on a free port, with more arguments. The second result is where it draws.
    pub fn start_drawing(args: &[&str]) -> (Self, BufReader<ChildStderr>) {
        let mut site = Self::spawn(Command::new(flag_site()).args(args).stderr(Stdio::piped()));
        let pictures = site.child.stderr.take().expect("piped");
        (site, BufReader::new(pictures))
    }

    fn spawn(command: &mut Command) -> Self {
        command.args(["--port", "0"]).stdout(Stdio::piped());
        let mut child = command.spawn().expect("flag-site starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let base_url = line.trim_end().strip_prefix("Demo site: ").expect(&line).to_owned();
        Self { child, stdout, base_url }
    }

    /// The body of the page at `path`, over a new connection.
    pub fn get(&self, path: &str) -> Vec<u8> {
        let (address, _) = self.base_url["http://".len()..].split_once('/').expect("a path");
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "GET {path} HTTP/1.0\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let head = answer.windows(4).position(|end| end == b"\r\n\r\n").expect("the head's end");
        answer.split_off(head + 4)
    }

    /// Number of connections that the site has accepted so far, including the one that asks.
    pub fn connections(&self) -> usize {
        let page = String::from_utf8(self.get("/counters")).unwrap();
        let line = page.lines().find_map(|line| line.strip_prefix("connections: "));
        line.expect(&page).parse().unwrap()
    }
}

impl Drop for SiteProcess {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

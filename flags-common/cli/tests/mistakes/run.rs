//! Runs a downloader as a learner does.

use std::path::Path;
use std::process::Command;

use flags_testing::Running;
use flags_testing::markdown::one_line;
use flags_testing::sites::SiteProcess;

use crate::patch::SITE_URL;

/// How a downloader is run.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    pub binary: &'a Path,
    /// Its arguments stand after `--`.
    pub command: &'a str,
    /// The arguments of its site in another terminal.
    pub site: Option<&'a str>,
    /// It hangs: once it has printed this, Ctrl-C ends it.
    pub note: Option<&'a str>,
}

impl Run<'_> {
    /// What it prints, on one line.
    pub fn output(&self) -> String {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let (command, _site) = self.command();
        let mut downloader = Running::start(command, dir);
        if let Some(note) = self.note {
            downloader.wait_until(|it| one_line(&it.stdout()).contains(note));
            downloader.signal("INT");
        }
        one_line(&downloader.finish().stdout)
    }

    /// What a class sees on a projector in the end.
    #[cfg(unix)]
    pub fn screen(&self) -> String {
        const PROJECTOR: flags_testing::pty::Size = (30, 80); // rows and columns
        let dir = tempfile::tempdir().expect("a temporary folder");
        let (command, _site) = self.command();
        let mut terminal = flags_testing::pty::OnTerminal::run(command, dir, PROJECTOR);
        if let Some(note) = self.note {
            // Where it is broken into lines depends on the terminal's width.
            let joined = |text: &str| text.split_whitespace().collect::<String>();
            terminal.wait_until(|screen| joined(screen).contains(&joined(note)));
            terminal.interrupt();
        }
        terminal.finish().1
    }

    #[cfg(not(unix))]
    pub fn screen(&self) -> String {
        unreachable!("only Linux shows what a thread waits for")
    }

    /// Starts the site, if there is one.
    fn command(&self) -> (Command, Option<SiteProcess>) {
        let site =
            self.site.map(|args| SiteProcess::start(&args.split_whitespace().collect::<Vec<_>>()));
        let mut command = Command::new(self.binary);
        for arg in self.command.split_whitespace().skip_while(|word| *word != "--").skip(1) {
            match &site {
                Some(site) if arg == SITE_URL => command.arg(&site.base_url),
                _ => command.arg(arg),
            };
        }
        for proxy in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
            command.env_remove(proxy).env_remove(proxy.to_lowercase()); // a new client obeys them
        }
        (command, site)
    }
}

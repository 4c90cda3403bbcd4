//! Where recipes are followed.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use flags_cli::site::Behaviour;
use flags_testing::cargo::workspace;
use flags_testing::markdown::commands;
use flags_testing::saved_files;
use flags_testing::sites::TestSite;
use tempfile::TempDir;

use crate::code;
use crate::results::fixture;
use crate::shell::shell;

/// A folder for a recipe. All recipes share a target folder, to compile the dependencies once. One at a
/// time: otherwise two programs of the same name would replace each other before they run. The path of
/// the workspace has a space.
pub struct Kitchen {
    pub dir: TempDir,
    _alone: MutexGuard<'static, ()>,
}

impl Kitchen {
    pub fn new() -> Self {
        static ALONE: Mutex<()> = Mutex::new(());
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let dir = tempfile::tempdir().unwrap();
        shell(dir.path(), &format!("ln -s '{}' 'the workspace'", workspace().display()));
        Self { dir, _alone: alone }
    }

    pub fn target() -> PathBuf {
        Path::new(env!("CARGO_TARGET_TMPDIR")).join("home")
    }

    /// Runs commands in `folder` and returns what they print.
    pub fn run(&self, folder: &Path, commands: &str) -> String {
        let environment = format!(
            "export CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR='{}' FLAGS='{}/the workspace'\n",
            Self::target().display(),
            self.dir.path().display()
        );
        let printed = shell(folder, &(environment + commands));
        assert!(!printed.contains("warning: "), "{printed}");
        printed
    }

    /// Copies an existing program, and follows the recipe in its folder.
    pub fn extend(&self, program: &str, recipe: &str) -> PathBuf {
        let folder = self.dir.path().join(program);
        fs::create_dir_all(folder.join("src")).unwrap();
        for file in ["Cargo.toml", "src/main.rs"] {
            fs::copy(fixture(program).join(file), folder.join(file)).unwrap();
        }
        self.run(&folder, &first_commands(recipe));
        edit(&folder.join("src/flags.rs"), &fixture(program).join("src/flags.rs"));
        folder
    }

    /// Runs a downloader of this folder, once it is built, in four ways: all is well; nobody reads
    /// what it prints; a quarter of the flags fail; nothing listens.
    pub fn try_out(&self, home: &Path, run: &str) {
        let site = TestSite::with_latency(0);
        let downloaded = home.join("downloaded");
        let printed = self.run(home, &format!("{run} {}", site.base_url));
        let paths = printed.lines().filter(|line| line.ends_with(".gif")).count();
        assert_eq!((paths, saved_files(home).len()), (20, 20), "{printed}");
        assert!(site.counters().max_in_flight <= 5, "as its plan allows");

        fs::remove_dir_all(&downloaded).unwrap();
        self.run(home, &format!("{run} {} | head -1", site.base_url)); // the status is 0
        assert_eq!(saved_files(home).len(), 20);

        fs::remove_dir_all(&downloaded).unwrap();
        let site = TestSite::start(Behaviour::Error);
        let printed = self.run(home, &format!("{run} {} || test $? = 1", site.base_url));
        assert_eq!(printed.matches(": HTTP status 418 ").count(), 5, "{printed}");
        assert_eq!(saved_files(home).len(), 15);

        let printed = self.run(home, &format!("! {run} http://127.0.0.1:1"));
        assert_eq!(printed.matches("refused").count(), 20, "{printed}");
    }
}

/// Makes the file that a recipe has copied what its result is.
pub fn edit(copied: &Path, result: &Path) {
    assert!(copied.is_file(), "{}", copied.display());
    fs::copy(result, copied).unwrap();
}

/// The commands of a section's first block.
pub fn first_commands(section: &str) -> String {
    commands(&code(section, "console")[0]).join("\n")
}

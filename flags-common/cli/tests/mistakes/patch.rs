//! A patch: prose for the learner, then the change, a plain diff (`---`, `+++`, hunks). `git apply`
//! of a diff with `diff --git` lines does nothing, says nothing and succeeds in a folder inside
//! another repository; a plain diff works anywhere.

use std::fs;
use std::path::PathBuf;

use flags_testing::cargo::workspace;
use flags_testing::markdown::{commands, one_line};
use similar::TextDiff;

/// The folder of the patches, from the top of the workspace.
pub const FOLDER: &str = "flags-common/lesson/mistakes";

/// Starts a site in another terminal. Its arguments follow.
pub const FLAG_SITE: &str = "cargo run -p flags-lesson --example flag-site -- ";

/// Where that site is.
pub const SITE_URL: &str = "http://127.0.0.1:8000/flags";

/// A file `NAME.patch`.
pub struct Patch {
    pub name: String,
    /// What stands before the change. `git apply` ignores it.
    pub prose: String,
    /// The change, as [`change`] makes it for each file.
    pub change: String,
}

impl Patch {
    /// All patches, by name.
    pub fn all() -> Vec<Self> {
        let entries = fs::read_dir(workspace().join(FOLDER)).expect("the folder of the patches");
        let paths = entries.map(|entry| entry.expect("an entry").path());
        let mut patches: Vec<_> = paths.map(Self::read).collect();
        patches.sort_by(|a, b| a.name.cmp(&b.name));
        patches
    }

    /// The patch of this name.
    pub fn named(name: &str) -> Self {
        Self::read(workspace().join(FOLDER).join(name).with_extension("patch"))
    }

    fn read(path: PathBuf) -> Self {
        assert!(path.extension().is_some_and(|it| it == "patch"), "{}", path.display());
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).expect("a patch in UTF-8");
        let start = text.find("\n--- a/").expect("a change") + 1;
        let (prose, change) = text.split_at(start);
        Self { name, prose: prose.to_owned(), change: change.to_owned() }
    }

    /// Whether it is another way to write right code.
    pub fn is_next_step(&self) -> bool {
        self.prose.starts_with("A next step, not a mistake")
    }

    /// Its path from the top of the workspace.
    pub fn path(&self) -> String {
        format!("{FOLDER}/{}.patch", self.name)
    }

    /// The changed files, by path from the top of the workspace.
    pub fn files(&self) -> Vec<&str> {
        self.change.lines().filter_map(|line| line.strip_prefix("+++ b/")).collect()
    }

    /// The crate that it changes, which is also its folder.
    pub fn package(&self) -> &str {
        self.files()[0].split_once('/').expect("a folder").0
    }

    /// Checks that the prose says how to apply the patch, to run one program, and to take it back, and
    /// that the change is in that program's crate.
    pub fn has_its_commands(&self) {
        let all = commands(&self.prose);
        assert_eq!(all[0], format!("git apply {}", self.path()));
        assert_eq!(all[all.len() - 1], format!("git apply -R {}", self.path()));
        let (site, run) = self.commands();
        assert_eq!(site.is_some(), run.contains(SITE_URL), "{all:#?}");
        let package = self.package();
        let draws =
            run.starts_with(&format!("cargo run -p {package} -- ")) && run.contains(" --timeline");
        assert!(draws || run == format!("cargo build -p {package}"), "{run}");
        let folder = format!("{package}/");
        assert!(self.files().iter().all(|file| file.starts_with(&folder)), "{:?}", self.files());
    }

    /// What the prose has between the command that applies the patch and the one that takes it back: the
    /// arguments of `flag-site` in another terminal, if it is needed, and the command to run.
    pub fn commands(&self) -> (Option<String>, String) {
        let all = commands(&self.prose);
        match &all[1..all.len() - 1] {
            [run] => (None, run.clone()),
            [site, run] => {
                (Some(site.strip_prefix(FLAG_SITE).expect("flag-site").to_owned()), run.clone())
            }
            _ => panic!("three commands, or four: {all:#?}"),
        }
    }

    /// What the compiler or the program prints: the indented paragraphs of the prose that are not
    /// commands, each on one line.
    pub fn quotes(&self) -> Vec<String> {
        let paragraphs = self.prose.split("\n\n").filter(|text| text.starts_with("  "));
        let output = paragraphs.filter(|text| !text.trim_start().starts_with("$ "));
        output.map(one_line).collect()
    }
}

/// The change from `before` to `after` of the file at `path`, with one line of context.
pub fn change(path: &str, before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(before, after);
    let (old, new) = (format!("a/{path}"), format!("b/{path}"));
    diff.unified_diff().context_radius(1).header(&old, &new).to_string()
}

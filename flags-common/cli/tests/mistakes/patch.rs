//! A patch: prose for the learner, then the change, a plain diff (`---`, `+++`, hunks). `git apply`
//! of a diff with `diff --git` lines does nothing, says nothing and succeeds in a folder inside
//! another repository; a plain diff works anywhere.

use std::fs;
use std::path::Path;

use flags_testing::cargo::workspace;
use flags_testing::markdown::{commands, one_line};

use crate::shown::{FLAG_SITE, Shown, package};

/// The folder of the patches, from the top of the workspace.
const FOLDER: &str = "flags-common/lesson/mistakes";

/// A file `NAME.patch`.
pub struct Patch {
    pub name: String,
    /// From the top of the workspace.
    pub path: String,
    /// What stands before the change. `git apply` ignores it.
    pub prose: String,
    /// The changed files, by path from the top of the workspace.
    pub files: Vec<String>,
}

impl Patch {
    /// All patches, by name.
    pub fn all() -> Vec<Self> {
        let entries = fs::read_dir(workspace().join(FOLDER)).expect("the folder of the patches");
        let paths = entries.map(|entry| entry.expect("an entry").path());
        let mut patches: Vec<_> = paths.map(|path| Self::read(&path)).collect();
        patches.sort_by(|a, b| a.name.cmp(&b.name));
        patches
    }

    fn read(path: &Path) -> Self {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let text = fs::read_to_string(path).expect("a patch in UTF-8");
        let (prose, change) = text.split_at(text.find("\n--- a/").expect("a change") + 1);
        let files = change.lines().filter_map(|line| line.strip_prefix("+++ b/"));
        Self {
            path: format!("{FOLDER}/{name}.patch"),
            name,
            prose: prose.to_owned(),
            files: files.map(str::to_owned).collect(),
        }
    }

    /// Whether it is another way to write right code.
    pub fn is_next_step(&self) -> bool {
        self.prose.starts_with("A next step, not a mistake")
    }

    /// The crate that it changes, which is also its folder.
    pub fn package(&self) -> &str {
        self.files[0].split_once('/').expect("a folder").0
    }

    /// What the prose quotes: the command between the one that applies the patch and the one that takes it
    /// back, and the indented paragraphs that are not commands, each on one line. The compiler or the
    /// program prints them.
    pub fn shown(&self) -> Shown {
        let all = commands(&self.prose);
        let [apply, site @ .., command, take_back] = &all[..] else {
            panic!("three commands, or four with a site: {all:#?}")
        };
        assert_eq!(*apply, format!("git apply {}", self.path));
        assert_eq!(*take_back, format!("git apply -R {}", self.path));
        assert_eq!(package(command), self.package());
        let site = site.first().map(|it| it.strip_prefix(FLAG_SITE).expect("a site").to_owned());
        let paragraphs = self.prose.split("\n\n").filter(|text| text.starts_with("  "));
        let quotes = paragraphs.filter(|text| !text.trim_start().starts_with("$ "));
        let block = quotes.map(one_line).collect::<Vec<_>>().join("\n");
        Shown { command: command.clone(), site, block }
    }
}

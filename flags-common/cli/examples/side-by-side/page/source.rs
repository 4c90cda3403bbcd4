//! A downloader's `main.rs`, cut into the roles that its functions play.

use std::ops::Range;

use anyhow::{Context, Result, ensure};

use super::tokens::{self, Line};

/// The parts of a downloader, in the order of the lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Head,
    GetFlag,
    DownloadOne,
    DownloadMany,
    EventLoop,
    Main,
    Client,
}

/// A `main.rs`.
pub struct Source<'a> {
    /// Name of the downloader.
    pub variant: &'a str,
    /// Every line.
    pub lines: Vec<Line<'a>>,
    /// Where each role begins, with the blank line above it left to the role before.
    starts: Vec<(Role, usize)>,
}

impl<'a> Source<'a> {
    /// Cuts `text` into roles.
    ///
    /// # Errors
    /// If the functions are not in the order of the lesson.
    pub fn new(variant: &'a str, text: &'a str) -> Result<Self> {
        let lines: Vec<&str> = text.lines().collect();
        let supervised = function_names(&lines).any(|(_, name)| name == "supervisor");
        let mut starts = vec![(Role::Head, 0)];
        for (line, name) in function_names(&lines) {
            let Some(role) = role(name, supervised) else { continue };
            let (last, _) = *starts.last().expect("the head");
            ensure!(role >= last, "{variant}: `{name}` is not in the order of the lesson");
            if role > last {
                let blank = lines[..line].iter().rposition(|line| line.is_empty());
                let blank = blank.with_context(|| format!("{variant}: no line above `{name}`"))?;
                starts.push((role, blank + 1));
            }
        }
        Ok(Self { variant, lines: tokens::lines(text), starts })
    }

    /// The lines of a role; none if the downloader does without it.
    pub fn range(&self, role: Role) -> Range<usize> {
        let Some(index) = self.starts.iter().position(|(known, _)| *known == role) else {
            return 0..0;
        };
        let end = self.starts.get(index + 1).map_or(self.lines.len(), |(_, start)| *start);
        self.starts[index].1..end
    }
}

/// The functions of a file: the index of the line, and the name.
fn function_names<'a>(lines: &[&'a str]) -> impl Iterator<Item = (usize, &'a str)> {
    lines.iter().enumerate().filter_map(|(index, line)| {
        let name = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ")?;
        Some((index, name.split(['(', '<']).next()?))
    })
}

/// The role that begins with a function; `None` if the function belongs to the one above.
fn role(function: &str, supervised: bool) -> Option<Role> {
    match function {
        "get_flag" => Some(Role::GetFlag),
        "download_one" => Some(Role::DownloadOne),
        "supervisor" => Some(Role::DownloadMany),
        "download_many" if supervised => Some(Role::EventLoop),
        "download_many" => Some(Role::DownloadMany),
        "main" => Some(Role::Main),
        "read_body" | "new_client" => Some(Role::Client),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_is_cut_above_attributes_and_comments() {
        let text = "use x;\n\n#[a]\nfn get_flag() {\n\n}\n\n/// B\nasync fn supervisor() {}\n\n\
            fn helper() {}\n\nfn download_many() {}\n";
        let source = Source::new("flags-x", text).unwrap();
        let ranges =
            [Role::Head, Role::GetFlag, Role::DownloadOne, Role::DownloadMany, Role::EventLoop];
        assert_eq!(ranges.map(|role| source.range(role)), [0..2, 2..7, 0..0, 7..12, 12..13]);
    }

    #[test]
    fn other_order_is_an_error() {
        let text = "\nfn main() {}\n\nfn get_flag() {}\n";
        let error = Source::new("flags-x", text).err().expect("an error").to_string();
        assert_eq!(error, "flags-x: `get_flag` is not in the order of the lesson");
    }
}

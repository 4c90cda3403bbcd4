//! What a downloader leaves on disk.

use std::fs;
use std::path::Path;

use flags_cli::site::flag_image;

/// Names of the files in the folder `downloaded` of `dir`, sorted; empty if there is no such folder.
pub fn saved_files(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir.join("downloaded")).into_iter().flatten();
    let name = |entry: fs::DirEntry| entry.file_name().into_string().expect("a name in UTF-8");
    let mut names: Vec<_> = entries.map(|entry| name(entry.expect("an entry"))).collect();
    names.sort();
    names
}

/// Whether the file is the flag that its name says: the demo site's image.
pub fn is_flag(path: &Path) -> bool {
    let code = path.file_stem().and_then(|stem| stem.to_str()?.parse().ok());
    code.and_then(flag_image).is_some_and(|image| fs::read(path).is_ok_and(|it| it == image))
}

/// The codes on a line, sorted, with one space between them.
pub fn codes_in_order(line: &str) -> String {
    let mut codes: Vec<_> = line.split_whitespace().collect();
    codes.sort_unstable();
    codes.join(" ")
}

//! What differs from run to run, and stands in a transcript as a placeholder. If a sentence of the
//! program has another such part, its filter goes here.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use regex_lite::Regex;

use crate::{Run, Strategy, codes_in_order, is_flag};

/// What the site saw of one request, or of one after the other.
const ONE: &str = " on 1 connection";

/// What a downloader printed after `command`, with placeholders.
pub(super) fn filtered(text: &str, command: &str, strategy: Strategy) -> String {
    let filter = |pattern, with| (Regex::new(pattern).expect("a pattern"), with);
    let always = [
        filter(r"127\.0\.0\.1:\d{4,5}", "127.0.0.1:[PORT]"),
        filter(r"\b\d+\.\d\ds$", "[TIME]"),
        filter(r"os error \d+", "os error [N]"), // the system's number
        filter(r"too big: \d+", "too big: [N]"),
    ];
    let any_flag = filter("/[a-z]{2}/[a-z]{2}[.]gif", "/[CC]/[CC].gif");
    let count = [
        filter(r"\b\d+ connections?", "[N] connections"),
        filter(r"at most \d+ at once", "at most [N] at once"),
    ];
    // It is not said if a busy machine takes more than 10 ms from one request to the next.
    let perhaps_waited = filter(
        r"at most 1 at once(?:: each request waited for the one before)?\.",
        "at most 1 at once[: each request waited for the one before].",
    );

    let filtered_line = |line: &str| {
        if let Some(in_order) = codes(line) {
            // In sequence, they arrive in order.
            return cut(if strategy == Strategy::Sequence { line } else { &in_order });
        }
        let mut filters: Vec<_> = always.iter().collect();
        if line.starts_with(|c: char| c.is_ascii_digit()) && !line.starts_with("1 flag ") {
            filters.push(&any_flag); // an example
        }
        if strategy == Strategy::Sequence && !command.contains("-m 1") {
            filters.push(&perhaps_waited);
        }
        // How many requests overlap depends on how busy the machine is, unless each takes 200 ms.
        let overlap = line.starts_with("The site saw ")
            && !line.contains(ONE)
            && strategy != Strategy::Sequence;
        if overlap && !command.contains("--latency 200") {
            filters.extend(&count);
        }
        filters.iter().fold(line.to_owned(), |line, (regex, with)| {
            regex.replace_all(&line, *with).into_owned()
        })
    };
    text.lines().map(|line| filtered_line(line) + "\n").collect()
}

/// The codes in order, if the line has only codes; an indented line stays one.
fn codes(line: &str) -> Option<String> {
    let codes = line.trim_start();
    let is_code = |word: &str| word.len() == 2 && word.bytes().all(|it| it.is_ascii_uppercase());
    codes.split(' ').all(is_code).then(|| line.replace(codes, &codes_in_order(codes)))
}

/// A line of codes, without those in the middle of a long one.
fn cut(line: &str) -> String {
    let codes: Vec<_> = line.split(' ').collect();
    match &codes[..] {
        [first, middle @ .., last] if middle.len() > 24 => {
            format!("{first} [{} MORE] {last}", middle.len())
        }
        _ => line.to_owned(),
    }
}

/// The last line of a row: the exit status, and the folders with their files. A file `CN.gif` is there as
/// `CN` if it is the flag of China, whole.
pub(super) fn left_behind(run: &Run) -> String {
    let folders = folders(run.dir.path(), Path::new(""));
    format!("=> exit {}{}\n", run.status, folders.concat())
}

/// The folder `at` in `dir`, and those in it.
fn folders(dir: &Path, at: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir.join(at)).expect("a folder");
    let paths: BTreeSet<_> = entries.map(|it| at.join(it.expect("an entry").file_name())).collect();
    let (folders_in_it, files): (Vec<_>, Vec<_>) =
        paths.iter().partition(|path| dir.join(path).is_dir());
    let mut found: Vec<_> = folders_in_it.iter().flat_map(|path| folders(dir, path)).collect();
    let name = |file: &&PathBuf| {
        let flag = is_flag(&dir.join(file));
        let name = if flag { file.file_stem() } else { file.file_name() };
        name.unwrap_or_default().to_string_lossy().into_owned()
    };
    let names: Vec<_> = files.iter().map(name).collect();
    if !names.is_empty() {
        found.push(format!(", in {}/: {}", at.display(), cut(&names.join(" "))));
    } else if found.is_empty() && at != Path::new("") {
        found.push(format!(", nothing in {}/", at.display()));
    }
    found
}

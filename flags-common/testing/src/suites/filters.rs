//! What differs from run to run, and stands in a transcript as a placeholder. If a sentence of the
//! program has another such part, its filter goes here.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use regex_lite::Regex;

use crate::{Run, Strategy, is_flag};

/// A regular expression, and what stands for it.
type Filter = (&'static str, &'static str);

const ALWAYS: &[Filter] = &[
    (r"127\.0\.0\.1:\d{4,5}", "127.0.0.1:[PORT]"),
    (r"\b\d+\.\d\ds$", "[TIME]"),
    (r"^For \d+ s: ", "For [N] s: "),  // a busy machine looks later
    (r"os error \d+", "os error [N]"), // the system's number
    (r"no answer(, the client left)?", "no answer[, the client left]"), // a busy machine sees it late
    (r"too big: \d+", "too big: [N]"),
    (r"(failed to lookup address information): .+", "$1: [THE RESOLVER'S OWN WORDS]"),
    (r"^(\d+ flags .*)/[a-z]{2}/[a-z]{2}[.]gif", "$1/[CC]/[CC].gif"), // one of them, as an example
    (r"^(thread '.+') (\(\d+\) )?panicked at .+", "$1 panicked at [PLACE]:"),
];

/// How many requests overlap depends on how busy the machine is, unless each takes 200 ms.
const CONCURRENT: Filter =
    (r"on \d+ connections?, at most \d+ at once", "on [N] connections, at most [N] at once");

/// What `program` printed after `command`, with placeholders.
pub(super) fn filtered(text: &str, command: &str, program: &str) -> String {
    let concurrent = [Strategy::ThreadPool, Strategy::Async].iter().any(|it| it.name() == program);
    let command = format!("{command} "); // so that each option ends with a space
    let exact = command.contains(" -m 1 ") || concurrent && command.contains(" --latency 200 ");
    // With a time-out, too: the site may notice late that a client hung up.
    let overlap = !exact && (concurrent || command.contains(" --timeout "));
    let requests = overlap.then_some(CONCURRENT);
    let text = text.lines().map(|line| cut(line.trim_end()) + "\n").collect();
    ALWAYS.iter().chain(&requests).fold(text, |text: String, (pattern, with)| {
        let pattern = Regex::new(&format!("(?m){pattern}")).expect("a pattern");
        pattern.replace_all(&text, *with).into_owned()
    })
}

/// A line of codes in order, without those in the middle of a long one; any other line as it is.
fn cut(line: &str) -> String {
    let is_code = |word: &&str| word.len() == 2 && word.bytes().all(|it| it.is_ascii_uppercase());
    let mut codes: Vec<_> = line.split(' ').collect();
    if !codes.iter().all(is_code) {
        return line.to_owned();
    }
    codes.sort_unstable();
    match &codes[..] {
        [first, middle @ .., last] if middle.len() > 24 => {
            format!("{first} [{} MORE] {last}", middle.len())
        }
        _ => codes.join(" "),
    }
}

/// The last line of a row: the exit status, and the folders with their files. A file `CN.gif` is there as
/// `CN` if it is the flag of China, whole.
pub(super) fn left_behind(run: &Run) -> String {
    format!("=> exit {}{}\n", run.status, left_in(run.dir.path(), Path::new("")))
}

/// What lies in `dir/at`: first its subfolders, then its own files.
fn left_in(dir: &Path, at: &Path) -> String {
    let entries = fs::read_dir(dir.join(at)).expect("a folder");
    let paths: BTreeSet<_> = entries.map(|it| at.join(it.expect("an entry").file_name())).collect();
    let (folders, files): (Vec<_>, Vec<_>) = paths.iter().partition(|it| dir.join(it).is_dir());
    let folders: String = folders.iter().map(|folder| left_in(dir, folder)).collect();
    let name = |file: &&PathBuf| {
        let flag = is_flag(&dir.join(file));
        let name = if flag { file.file_stem() } else { file.file_name() };
        name.unwrap_or_default().to_string_lossy().into_owned()
    };
    let names: Vec<_> = files.iter().map(name).collect();
    let at = at.join("").display().to_string();
    match at.as_str() {
        "" => names.iter().map(|name| format!(", {name}")).collect::<String>() + &folders,
        _ if !names.is_empty() => format!("{folders}, in {at}: {}", cut(&names.join(" "))),
        _ if folders.is_empty() => format!(", nothing in {at}"),
        _ => folders,
    }
}

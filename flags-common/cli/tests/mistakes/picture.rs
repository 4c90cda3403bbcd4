//! A block of the page against a screen: a picture, or some lines of the output.

use std::collections::BTreeMap;

use flags_testing::markdown::one_line;
use similar::TextDiff;

/// How a picture begins.
const LEGEND: &str = "Bars:";

/// Differences that do not count: in columns of the screen, and in percent of all bars, or of all lanes.
const TOLERANCE: usize = 12;

/// What the page should have in the place of `block`: of a picture, all from the legend to the figure that
/// is the last in `block`; else the lines that are most like those of `block`, if they are like them at all.
pub fn excerpt(block: &str, screen: &str) -> String {
    let lines: Vec<_> = screen.lines().map(str::trim_end).collect();
    if block.starts_with(LEGEND) {
        let word = |line: &str| line.split(' ').next().map(str::to_owned);
        let last = word(block.lines().last().expect("a line"));
        let from = lines.iter().position(|line| line.starts_with(LEGEND)).unwrap_or(0);
        let to = lines.iter().rposition(|line| word(line) == last).unwrap_or(lines.len() - 1);
        return lines[from..=to.max(from)].join("\n");
    }
    let mut excerpt: Vec<&str> = vec![];
    for line in block.lines() {
        let likeness = |other: &str| TextDiff::from_chars(line, other).ratio();
        let best = lines.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
        excerpt.extend(best.filter(|best| likeness(best) > 0.6 && !excerpt.contains(best)));
    }
    excerpt.join("\n")
}

/// What differs between a block of the page and what is `seen`, other than what differs between any two
/// runs.
pub fn difference(block: &str, seen: &str) -> Option<String> {
    let (page, seen) = (Picture::parse(block), Picture::parse(seen));
    if page.words != seen.words {
        let diff = TextDiff::from_lines(&page.words, &seen.words);
        return Some(diff.unified_diff().header("the page", "this run").to_string());
    }
    for mark in page.share.keys().chain(seen.share.keys()) {
        let [on_page, here] = [&page, &seen].map(|it| it.share.get(mark).copied().unwrap_or(0));
        if on_page.abs_diff(here) > TOLERANCE {
            return Some(format!("{mark}: {on_page} % on the page, {here} % in this run"));
        }
    }
    let mut starts = page.starts.iter().zip(&seen.starts);
    let other = starts.find(|(on_page, here)| on_page.abs_diff(**here) > TOLERANCE)?;
    Some(format!("a bar starts in column {} on the page, and {} in this run", other.0, other.1))
}

/// What is the same in each run.
#[derive(Default)]
struct Picture {
    /// The labels of the rows, and all other lines, with a `#` for each time, average and percentage.
    words: String,
    /// How much of all bars, or of all lanes, a mark fills, in percent, by the mark and its meaning.
    share: BTreeMap<String, usize>,
    /// The columns in which the bars start, sorted: threads take their turns in any order.
    starts: Vec<usize>,
}

impl Picture {
    fn parse(text: &str) -> Self {
        let mut picture = Self::default();
        if !text.starts_with(LEGEND) {
            picture.words = text.lines().map(|line| stable(line) + "\n").collect();
            return picture;
        }
        let rows = text.lines().position(|line| label(line).is_some()).unwrap_or(0);
        let (legend, rest): (Vec<_>, Vec<_>) = text.lines().enumerate().partition(|it| it.0 < rows);
        let lanes = legend.iter().position(|it| it.1.starts_with("Threads")).unwrap_or(rows);
        let (mut bars_marks, mut lanes_marks) = (String::new(), String::new());
        for (_, line) in rest {
            let Some(label) = label(line) else {
                picture.words += &(stable(line) + "\n");
                continue;
            };
            picture.words += &format!("{label}\n");
            let end = line.find(&label).expect("its label") + label.len();
            let marks = &line[end..];
            if is_code(&label) {
                let blank = marks.len() - marks.trim_start().len();
                picture.starts.push(line[..end].chars().count() + blank);
                bars_marks += marks;
            } else {
                lanes_marks += marks;
            }
        }
        picture.starts.sort_unstable();
        let entries = |lines: &[(usize, &str)]| -> Vec<String> {
            let entries =
                lines.iter().flat_map(|it| it.1.split("  ")).map(|it| it.trim().to_owned());
            entries.filter(|it| it.chars().nth(1) == Some(' ')).collect()
        };
        picture.add_shares("bars", &entries(&legend[..lanes]), &bars_marks);
        picture.add_shares("lanes", &entries(&legend[lanes..]), &lanes_marks);
        picture
    }

    /// Counts the marks of a legend's entries.
    fn add_shares(&mut self, of: &str, entries: &[String], marks: &str) {
        let count = |entry: &String| {
            let mark = entry.chars().next().expect("a mark");
            marks.chars().filter(|c| *c == mark).count()
        };
        let all: usize = entries.iter().map(count).sum();
        for entry in entries {
            self.share.insert(format!("{entry} ({of})"), count(entry) * 100 / all.max(1));
        }
    }
}

fn is_code(word: &str) -> bool {
    word.len() == 2 && word.chars().all(|c| c.is_ascii_uppercase())
}

/// The label of a row: a flag's code, `main`, or the name of another thread with its number.
fn label(line: &str) -> Option<String> {
    let mut words = line.split_whitespace();
    let (first, second) = (words.next()?, words.next()?);
    match first {
        "main" => Some(first.to_owned()),
        _ if is_code(first) => Some(first.to_owned()),
        "thread" | "tokio-rt-worker" if second.parse::<u32>().is_ok() => {
            Some(format!("{first} {second}"))
        }
        _ => None,
    }
}

/// A line without what differs from run to run; of the axis, only the mark of a tick.
fn stable(line: &str) -> String {
    let line = one_line(line);
    if line.starts_with(|c: char| !c.is_alphanumeric()) && line.contains("0 ms") {
        return line.chars().take(1).collect();
    }
    let words: Vec<_> = line.split(' ').collect();
    let stable = words.iter().enumerate().map(|(i, word)| {
        let unit = words.get(i + 1).is_some_and(|unit| unit.starts_with("ms") || *unit == "%");
        let varies = word.parse::<f64>().is_ok() && (unit || word.contains('.'));
        if varies { "#" } else { word }
    });
    stable.collect::<Vec<_>>().join(" ")
}

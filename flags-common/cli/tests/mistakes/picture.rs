//! A block of the page against a screen: a picture, or some lines of the output.

use std::collections::BTreeMap;

use flags_testing::markdown::one_line;
use regex_lite::Regex;
use similar::TextDiff;

/// How a picture begins.
const LEGEND: &str = "Bars:";

/// Difference that does not count, in percent of all bars, or of all lanes.
const TOLERANCE: usize = 12;

/// Whether the block is a picture. If not, each of its lines is a quote.
pub fn is_picture(block: &str) -> bool {
    block.starts_with(LEGEND)
}

/// What a text says, however a terminal has broken its lines.
fn without_spaces(text: &str) -> String {
    text.split_whitespace().collect()
}

/// The picture on the screen, from the legend to the figure that is the last in the page's `picture`.
pub fn excerpt(picture: &str, screen: &str) -> String {
    let lines: Vec<_> = screen.lines().map(str::trim_end).collect();
    let word = |line: &str| line.split(' ').next().map(str::to_owned);
    let last = word(picture.lines().last().expect("a line"));
    let from = lines.iter().position(|line| line.starts_with(LEGEND)).unwrap_or(0);
    let to = lines.iter().rposition(|line| word(line) == last).unwrap_or(lines.len() - 1);
    lines[from..=to.max(from)].join("\n")
}

/// What differs between a block of the page and the screen, other than what differs between any two runs.
pub fn difference(block: &str, screen: &str) -> Option<String> {
    if !is_picture(block) {
        let screen = without_spaces(screen);
        let missing = block.lines().find(|line| !screen.contains(&without_spaces(line)))?;
        return Some(format!("not printed: {missing}"));
    }
    let (page, seen) = (Picture::parse(block), Picture::parse(&excerpt(block, screen)));
    if page.words != seen.words {
        let diff = TextDiff::from_lines(&page.words, &seen.words);
        return Some(diff.unified_diff().header("the page", "this run").to_string());
    }
    page.share.keys().chain(seen.share.keys()).find_map(|mark| {
        let [on_page, here] = [&page, &seen].map(|it| it.share.get(mark).copied().unwrap_or(0));
        let differ = on_page.abs_diff(here) > TOLERANCE;
        differ.then(|| format!("{mark}: {on_page} % on the page, {here} % in this run"))
    })
}

/// What is the same in each run.
struct Picture {
    /// The labels of the rows, and all other lines, with a `#` for each time, average and percentage.
    words: String,
    /// How much of all bars, or of all lanes, a mark fills, in percent, by the mark and its meaning.
    share: BTreeMap<String, usize>,
}

impl Picture {
    fn parse(text: &str) -> Self {
        let row = Regex::new(r"^ *(?:([A-Z]{2})|main|[a-z-]+ \d+) ").expect("a pattern");
        let lines: Vec<_> = text.lines().filter(|line| !line.is_empty()).collect();
        let first = lines.iter().position(|line| row.is_match(line)).unwrap_or(lines.len());
        let (legend, lines) = lines.split_at(first);

        let (mut words, mut bars, mut lanes) = (String::new(), String::new(), String::new());
        for line in lines {
            if let Some(found) = row.captures(line) {
                words += &format!("{}\n", found[0].trim());
                let marks = if found.get(1).is_some() { &mut bars } else { &mut lanes };
                *marks += &line[found[0].len()..];
            } else {
                words += &(stable(line) + "\n");
            }
        }

        let mut share = BTreeMap::new();
        let legend = legend.join("  ");
        let (of_bars, of_lanes) = legend.split_once("Threads").unwrap_or((&legend, ""));
        for (legend, marks) in [(of_bars, bars), (of_lanes, lanes)] {
            let entries = legend.split("  ").map(str::trim);
            let entries = entries.filter(|entry| entry.chars().nth(1) == Some(' '));
            let count = |entry: &str| marks.chars().filter(|c| entry.starts_with(*c)).count();
            let all: usize = entries.clone().map(count).sum();
            share.extend(entries.map(|it| (it.to_owned(), count(it) * 100 / all.max(1))));
        }
        Self { words, share }
    }
}

/// A line without what differs from run to run; of the axis, only the mark of a tick.
fn stable(line: &str) -> String {
    let line = one_line(line);
    if line.starts_with(|c: char| !c.is_alphanumeric()) && line.contains("0 ms") {
        return line.chars().take(1).collect();
    }
    let varies = Regex::new(r"\d+(\.\d+)?( ms| %)|\d+\.\d+").expect("a pattern");
    varies.replace_all(&line, "#").into_owned()
}

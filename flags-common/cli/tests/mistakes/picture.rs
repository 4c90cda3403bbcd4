//! A block of the page against a screen: a picture, or some lines of the output.

use std::collections::BTreeMap;

use flags_testing::markdown::one_line;
use regex_lite::Regex;
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
        let row = Regex::new(r"^ *(?:([A-Z]{2})|main|[a-z-]+ \d+) ").expect("a pattern");
        let mut picture = Self::default();
        // Of the bars and of the lanes: the entries of the legend, and the marks.
        let mut groups = [(vec![], String::new()), (vec![], String::new())];
        let is_drawn = text.starts_with(LEGEND);
        let (mut in_legend, mut of_lanes) = (is_drawn, false);
        for line in text.lines().filter(|line| !line.is_empty()) {
            if let Some(found) = row.captures(line).filter(|_| is_drawn) {
                in_legend = false;
                picture.words += &format!("{}\n", found[0].trim());
                let marks = &line[found[0].len()..];
                groups[usize::from(found.get(1).is_none())].1 += marks;
                if found.get(1).is_some() {
                    picture.starts.push(line.len() - marks.trim_start().len());
                }
            } else if in_legend {
                of_lanes |= line.starts_with("Threads");
                let entries = line.split("  ").map(str::trim);
                let entries = entries.filter(|entry| entry.chars().nth(1) == Some(' '));
                groups[usize::from(of_lanes)].0.extend(entries);
            } else {
                picture.words += &(stable(line) + "\n");
            }
        }
        picture.starts.sort_unstable();
        for (of, (entries, marks)) in ["bars", "lanes"].into_iter().zip(&groups) {
            let count = |entry: &str| marks.chars().filter(|c| entry.starts_with(*c)).count();
            let all: usize = entries.iter().map(|entry| count(entry)).sum();
            let shares =
                entries.iter().map(|it| (format!("{it} ({of})"), count(it) * 100 / all.max(1)));
            picture.share.extend(shares);
        }
        picture
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

//! The marks of the picture: what each means, and how it looks in the terminal and in SVG. To change
//! one, change its row in the table.

use std::collections::BTreeSet;

use anstyle::{AnsiColor, Style};

use self::Mark::Does;
use super::Doing;

/// What a place in the picture means. Later marks are painted over earlier ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    /// Of a bar: the call has begun, the request has not arrived.
    Away,
    /// Of a bar: the site has the request.
    AtSite,
    /// Of a bar, where the site is not in the process: from the call to its return.
    Called,
    /// Of a bar: the site has answered, the call has not returned.
    Unread,
    /// Of a lane: none of the others.
    Outside,
    /// Of a lane, or of a bar whose future is polled.
    Does(Doing),
    /// Of a bar: it ended in a failure.
    Failed,
}

/// How a mark is explained and painted.
#[derive(Debug, PartialEq)]
pub(super) struct Look {
    pub mark: Mark,
    /// What the legend says.
    pub meaning: &'static str,
    /// The character that the terminal shows. Marks differ in shape as well as in colour, for
    /// terminals without colours and for readers who cannot tell colours apart. All are one column
    /// wide in East Asian terminals, too: of width *Neutral* or *Narrow* in Unicode, not *Ambiguous*.
    pub letter: char,
    pub style: Style,
    /// The class in SVG, which has its colour.
    pub class: &'static str,
}

const PLAIN: Style = Style::new();
const DIMMED: Style = Style::new().dimmed();
const BLUE: Style = AnsiColor::Blue.on_default();
const CYAN: Style = AnsiColor::Cyan.on_default();
const GREEN: Style = AnsiColor::Green.on_default();
const MAGENTA: Style = AnsiColor::Magenta.on_default();
const RED: Style = AnsiColor::Red.on_default();
const YELLOW: Style = AnsiColor::Yellow.on_default();

/// The looks of all marks, in the order of the legend.
pub(super) const LOOKS: [Look; 15] = [
    look(Mark::Away, "not at the site yet", '⣀', BLUE, "away"),
    look(Mark::AtSite, "at the site", '░', CYAN, "site"),
    look(Mark::Called, "in get_flag", '░', CYAN, "site"),
    look(Mark::Unread, "answered, not returned", '▚', YELLOW, "unread"),
    look(Does(Doing::RunsFuture), "future polled", '▐', PLAIN, "poll"),
    look(Mark::Failed, "failed", '✗', RED, "fail"),
    look(Does(Doing::GetFlag), "in get_flag", '⠶', CYAN, "block"),
    look(Does(Doing::SaveFlag), "save_flag", '▙', GREEN, "save"),
    look(Does(Doing::WaitsForNetwork), "waits for the network", '⠒', CYAN, "network"),
    look(Does(Doing::WaitsForEvents), "waits for events", '⠤', DIMMED, "events"),
    look(Does(Doing::IsBlocked), "waits for another thread", ':', MAGENTA, "thread"),
    look(Does(Doing::Sleeps), "sleeps", 'z', MAGENTA, "sleep"),
    look(Does(Doing::WaitsForOther), "uses a file", '▗', GREEN, "file"),
    look(Does(Doing::Runs), "runs", '▞', PLAIN, "run"),
    NOT_KNOWN,
];

const NOT_KNOWN: Look = look(Mark::Outside, "not known", '⠂', DIMMED, "outside");

/// A row of the table.
const fn look(
    mark: Mark,
    meaning: &'static str,
    letter: char,
    style: Style,
    class: &'static str,
) -> Look {
    Look { mark, meaning, letter, style, class }
}

impl Mark {
    /// Its row in the table. A mark that has none is painted as *not known*: drawing does not panic.
    pub fn look(self) -> &'static Look {
        LOOKS.iter().find(|look| look.mark == self).unwrap_or(&NOT_KNOWN)
    }
}

/// The looks of `marks`, each once, in the order of the legend.
pub(super) fn legend(marks: impl Iterator<Item = Mark>) -> Vec<&'static Look> {
    let used: BTreeSet<_> = marks.collect();
    LOOKS.iter().filter(|look| used.contains(&look.mark)).collect()
}

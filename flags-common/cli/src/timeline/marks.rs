//! The marks of the picture: what each means, and how it looks in the terminal and in SVG.

use std::collections::BTreeSet;

use anstyle::AnsiColor::{Blue, Cyan, Green, Magenta, Red, Yellow};
use anstyle::Style;

use self::Mark::Does;
use super::Doing;

/// What a place in the picture means. Later marks are painted over earlier ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    /// Of a bar: the call has begun, the request has not arrived.
    Away,
    /// Of a bar: the site has the request.
    AtSite,
    /// Of a bar: from the call to its end, if no request at the site is known to be its own.
    Called,
    /// Of a bar: the site has answered, the call has not ended.
    Unread,
    /// Of a bar: its future is polled.
    Polled,
    /// Of a lane.
    Does(Doing),
    /// Of a bar: it ended in a failure.
    Failed,
}

/// How a mark is painted.
#[derive(Debug, PartialEq)]
pub(super) struct Look {
    pub mark: Mark,
    /// The character that the terminal shows. Marks differ in shape as well as in colour, for
    /// terminals without colours and for readers who cannot tell colours apart. Each is ASCII or in
    /// WGL4, which all monospaced fonts have, and one column wide in East Asian terminals, too: of
    /// width *Neutral* or *Narrow* in Unicode, not *Ambiguous*.
    pub letter: char,
    pub style: Style,
    /// The class in SVG, which has its colour.
    pub class: &'static str,
}

const PLAIN: Style = Style::new();

/// The looks of all marks, in the order of the legend.
pub(super) const LOOKS: [Look; 15] = [
    look(Mark::Away, '◦', Blue.on_default(), "away"),
    look(Mark::AtSite, '░', Cyan.on_default(), "site"),
    look(Mark::Called, '=', Cyan.on_default(), "call"),
    look(Mark::Unread, '▪', Yellow.on_default(), "unread"),
    look(Mark::Polled, '▐', PLAIN, "poll"),
    look(Mark::Failed, 'x', Red.on_default(), "fail"),
    look(Does(Doing::RunsFuture), '▐', PLAIN, "poll"),
    look(Does(Doing::WaitsForEvents), '.', PLAIN.dimmed(), "events"),
    look(Does(Doing::WaitsForNetwork), '▬', Cyan.on_default(), "network"),
    look(Does(Doing::IsBlocked), ':', Magenta.on_default(), "blocked"),
    look(Does(Doing::Sleeps), 'z', Magenta.on_default(), "sleep"),
    OTHER,
    look(Does(Doing::Runs), '#', PLAIN, "run"),
    look(Does(Doing::GetFlag), '=', Cyan.on_default(), "call"),
    look(Does(Doing::SaveFlag), 's', Green.on_default(), "save"),
];

const OTHER: Look = look(Does(Doing::WaitsForOther), '?', Yellow.on_default(), "other");

/// A row of the table.
const fn look(mark: Mark, letter: char, style: Style, class: &'static str) -> Look {
    Look { mark, letter, style, class }
}

impl Mark {
    /// Its row in the table. A mark that has none is painted as *something else*: drawing does not panic.
    pub fn look(self) -> &'static Look {
        LOOKS.iter().find(|look| look.mark == self).unwrap_or(&OTHER)
    }

    /// What the legend says.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Away => "not at the site yet",
            Self::AtSite => "at the site",
            Self::Called => Doing::GetFlag.first_words(),
            Self::Unread => "answered, not ended",
            Self::Polled => "runs its code",
            Self::Does(doing) => doing.first_words(),
            Self::Failed => "failed",
        }
    }
}

/// The looks of `marks`, in the order of the legend.
pub(super) fn legend(marks: &BTreeSet<Mark>) -> Vec<&'static Look> {
    LOOKS.iter().filter(|look| marks.contains(&look.mark)).collect()
}

//! The marks of the picture: what each means, and how it looks in the terminal and in SVG.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use anstyle::AnsiColor::{Blue, Cyan, Green, Magenta, Red, Yellow};
use anstyle::Style;

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
    Answered,
    /// Of a bar: its future is polled.
    Polled,
    /// Of a lane.
    Does(Doing),
    /// Of a bar: it ended in a failure.
    Failed,
}

/// How a mark is painted.
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
    /// What the legend says.
    pub meaning: &'static str,
}

/// The looks of all marks, in the order of the legend.
static LOOKS: LazyLock<[Look; 15]> = LazyLock::new(|| {
    let bar = |mark, letter, style, class, meaning| Look { mark, letter, style, class, meaning };
    let lane = |doing: Doing, letter, style, class| {
        bar(Mark::Does(doing), letter, style, class, doing.first_words())
    };
    let plain = Style::new();
    [
        bar(Mark::Away, '◦', Blue.on_default(), "away", "not at the site yet"),
        bar(Mark::AtSite, '░', Cyan.on_default(), "site", "at the site"),
        bar(Mark::Called, '=', Cyan.on_default(), "call", Doing::GetFlag.first_words()),
        bar(Mark::Answered, '▪', Yellow.on_default(), "answered", "answered, not ended"),
        bar(Mark::Polled, '▐', plain, "poll", "runs its code"),
        bar(Mark::Failed, 'x', Red.on_default(), "fail", "failed"),
        lane(Doing::RunsFuture, '▐', plain, "poll"),
        lane(Doing::WaitsForEvents, '.', plain.dimmed(), "events"),
        lane(Doing::WaitsForNetwork, '▬', Cyan.on_default(), "network"),
        lane(Doing::IsBlocked, ':', Magenta.on_default(), "blocked"),
        lane(Doing::Sleeps, 'z', Magenta.on_default(), "sleep"),
        lane(Doing::WaitsForOther, '?', Yellow.on_default(), "other"),
        lane(Doing::Runs, '#', plain, "run"),
        lane(Doing::GetFlag, '=', Cyan.on_default(), "call"),
        lane(Doing::SaveFlag, 's', Green.on_default(), "save"),
    ]
});

impl Mark {
    /// Its row in the table. A mark that has none is painted as another: drawing does not panic.
    pub fn look(self) -> &'static Look {
        LOOKS.iter().find(|look| look.mark == self).unwrap_or(&LOOKS[0])
    }
}

/// The looks of `marks`, in the order of the legend.
pub(super) fn legend(marks: &BTreeSet<Mark>) -> Vec<&'static Look> {
    LOOKS.iter().filter(|look| marks.contains(&look.mark)).collect()
}

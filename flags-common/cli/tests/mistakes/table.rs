//! The mistakes, and what each shows besides what its prose quotes.

use std::thread::available_parallelism;

use crate::seen::{Seen, longest_poll, ms, timed_out_after_answer};

/// A patch, and what it does.
pub struct Case {
    /// Name of the patch.
    pub name: &'static str,
    /// Whether the program does not end. It writes what the prose quotes first, and then the learner
    /// presses Ctrl-C.
    pub hangs: bool,
    symptoms: Vec<Fact>,
    shared: Vec<Fact>,
}

/// Something that is true of a run or not.
struct Fact {
    condition: &'static str,
    holds: fn(&Seen) -> bool,
}

macro_rules! facts {
    ($($holds:expr),+ $(,)?) => {
        vec![$(Fact { condition: stringify!($holds), holds: $holds }),+]
    };
}

fn case(name: &'static str) -> Case {
    Case { name, hangs: false, symptoms: vec![], shared: vec![] }
}

impl Case {
    /// These are true with the mistake, and false without it.
    fn symptoms(mut self, facts: Vec<Fact>) -> Self {
        self.symptoms = facts;
        self
    }

    /// These are true with and without the mistake.
    fn shared(mut self, facts: Vec<Fact>) -> Self {
        self.shared = facts;
        self
    }

    fn hangs(mut self) -> Self {
        self.hangs = true;
        self
    }

    /// The first fact that is not as it should be in a run with the mistake, or in one without it.
    pub fn wrong(&self, seen: &Seen, mistaken: bool) -> Option<String> {
        let symptoms = self.symptoms.iter().map(|fact| (fact, mistaken));
        let shared = self.shared.iter().map(|fact| (fact, true));
        let mut wrong = symptoms.chain(shared).filter(|(fact, is)| (fact.holds)(seen) != *is);
        wrong.next().map(|(fact, is)| format!("should be {is}: {}", fact.condition))
    }
}

/// All cases, in the order of the teacher's page.
pub fn cases() -> Vec<Case> {
    vec![
        case("await-in-a-loop").shared(facts![Seen::all_saved, |it| it.threads() == 1]),
        case("blocking-in-async")
            .symptoms(facts![
                // Every future holds the thread, and no answer comes before the last pause.
                |it| it.count(|request| longest_poll(request) >= ms(100)) == 20,
                |it| it.count(|request| request.answered > Some(ms(2000))) == 20,
            ])
            .shared(facts![Seen::all_saved, |it| it.threads() == 1]),
        case("blocking-after-get")
            .symptoms(facts![|it| it.count(|request| request.unread() > Some(ms(1000))) > 0])
            .shared(facts![Seen::all_saved, |it| it.threads() == 1, |it| it.at_once() == 20]),
        case("waiting-in-the-results-loop")
            .symptoms(facts![|it| it.count(timed_out_after_answer) >= 5, |it| it.status == 1])
            .shared(facts![|it| it.threads() == 1, |it| it.at_once() <= 5]),
        case("futurelock")
            .hangs()
            .symptoms(facts![
                |it| it.status == 130,
                |it| it.saved == 1,
                // An answer lies unread beyond the timeout.
                |it| it.count(|it| it.failure.is_none() && it.unread() > Some(ms(1100))) > 0,
            ])
            .shared(facts![|it| it.threads() == 1]),
        case("spawned-not-awaited")
            .symptoms(facts![|it| it.timeline.connections == Some(0), |it| it.status == 1]),
        case("no-limit").symptoms(facts![|it| it.at_once() > 100]).shared(facts![
            Seen::all_saved,
            |it| it.threads() == 1,
            |it| !it.says("client-per-request"),
        ]),
        case("timeouts-without-a-limit")
            .symptoms(facts![|it| it.at_once() > 100, |it| it.failed() > 100, |it| it.status == 1])
            .shared(facts![|it| it.threads() == 1, |it| it.saved > 20]),
        case("in-order")
            .symptoms(facts![
                Seen::prints_in_order,
                |it| it.longest_gap() > ms(500), // a place is free
            ])
            .shared(facts![Seen::all_saved, |it| it.at_once() <= 5, |it| !it.saves_in_order()]),
        case("client-per-request-async").shared(facts![Seen::all_saved, |it| it.at_once() <= 20]),
        case("client-per-request-threadpool")
            .shared(facts![Seen::all_saved, |it| it.at_once() <= 20]),
        case("lock-held").shared(facts![Seen::all_saved, |it| it.threads() > 10]),
        case("receive-in-the-loop").shared(facts![Seen::all_saved, |it| it.threads() > 10]),
        case("kept-sender").hangs().symptoms(facts![|it| it.status == 130]).shared(facts![
            |it| it.saved == 20,
            |it| it.timeline.requests.len() == 20,
            |it| it.at_once() == 20,
        ]),
        case("thread-per-flag")
            .symptoms(facts![|it| it.at_once() > 100, |it| it.threads() > 100])
            .shared(facts![Seen::all_saved, |it| !it.says("client-per-request")]),
        case("unread-body")
            .symptoms(facts![|it| it.timeline.connections > Some(it.at_once())])
            .shared(facts![
                |it| it.at_once() <= 5,
                |it| it.says("5 flags failed: HTTP status 418 I'm a teapot"),
                |it| it.saved == 15,
            ]),
        case("no-move"),
        case("report-in-the-job"),
        case("forgotten-await"),
        case("several-threads")
            .symptoms(match available_parallelism().map(usize::from) {
                Ok(2..) => facts![|it| it.threads() > 1],
                _ => vec![],
            })
            .shared(facts![Seen::all_saved, |it| it.at_once() == 20, Seen::is_concurrent]),
        case("join-set").shared(facts![
            Seen::all_saved,
            |it| it.threads() == 1,
            |it| it.at_once() == 20,
            Seen::is_concurrent
        ]),
        case("scoped-threads").shared(facts![
            Seen::all_saved,
            |it| it.threads() > 10,
            |it| it.at_once() == 20,
            Seen::is_concurrent
        ]),
        case("exercise")
            .symptoms(facts![
                |it| it.at_once() == 1,
                |it| it.threads() == 6, // one for each flag
            ])
            .shared(facts![Seen::all_saved]),
    ]
}

//! Runs for the tests of the picture. All times are in milliseconds.

use std::time::Duration;

use super::{Activity, Doing, Interval, Request, Thread};

pub fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

pub fn interval((from, to): (u64, u64)) -> Interval {
    Interval { from: ms(from), to: ms(to) }
}

pub fn request(label: &str, [start, arrived, answered, end]: [u64; 4]) -> Request {
    Request {
        label: label.to_owned(),
        start: ms(start),
        arrived: Some(ms(arrived)),
        answered: Some(ms(answered)),
        end: ms(end),
        ..Request::default()
    }
}

pub fn thread(name: &str, lane: &[(Doing, &str, (u64, u64))]) -> Thread {
    let activity = |&(doing, label, time): &(Doing, &str, (u64, u64))| Activity {
        doing,
        label: label.to_owned(),
        time: interval(time),
    };
    Thread { name: name.to_owned(), lane: lane.iter().map(activity).collect() }
}

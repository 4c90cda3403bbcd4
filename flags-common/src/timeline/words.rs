//! What the picture says in words.

use std::ops::Range;
use std::time::Duration;

use super::Timeline;

/// The sums, each with its name.
pub(super) fn sums(timeline: &Timeline) -> [(&'static str, String); 6] {
    let Timeline { elapsed, cpu, os_threads, connections, threads, .. } = timeline;
    let in_all = time(timeline.in_all());
    let at_once = format!(
        "{:.1} on average ({in_all} ÷ {}), {} at most",
        timeline.mean_at_once(),
        time(*elapsed),
        timeline.most_at_once(),
    );
    let cpu = cpu.map(|cpu| {
        let share = 100.0 * cpu.div_duration_f64(*elapsed);
        let digits = usize::from(share < 10.0);
        format!("{}, {share:.digits$} % of the elapsed time", time(cpu))
    });
    let cpu = cpu.unwrap_or("not measured on this system".to_owned());
    let threads = match (os_threads, threads.len()) {
        (Some(all), held) if *all == held => all.to_string(),
        (Some(all), held) => format!("{all}, {held} of which made requests"),
        (None, held) => format!("{held} made requests; this system does not tell how many others"),
    };
    let connections = connections.map(|connections| connections.to_string());
    let connections = connections.unwrap_or("not known: only the demo site counts them".to_owned());
    [
        ("Elapsed", time(*elapsed)),
        ("Requests", format!("{in_all}, their times added up")),
        ("At once", at_once),
        ("CPU time", cpu),
        ("OS threads", threads),
        ("Connections", connections),
    ]
}

/// `0.12 s`, and from there down `45 ms` and `4.5 ms`.
pub(super) fn time(time: Duration) -> String {
    let ms = time.as_secs_f64() * 1000.0;
    match ms {
        ..10.0 => format!("{ms:.1} ms"),
        ..100.0 => format!("{ms:.0} ms"),
        _ => format!("{:.2} s", time.as_secs_f64()),
    }
}

/// The marks of an axis of `length`, at most `most` of them after 0, all at whole milliseconds. From
/// one to the next it is 1, 2 or 5 times a power of 10.
pub(super) fn marks(length: Duration, most: usize) -> impl Iterator<Item = Duration> {
    let least = length.as_millis().div_ceil(most.max(1) as u128);
    let mut steps = (0..).flat_map(|power| [1, 2, 5].map(|digit| digit * 10_u128.pow(power)));
    let step = steps.find(|&step| step >= least).expect("there is no end of steps");
    let step = Duration::from_millis(step as u64);
    (0..).map(move |n| step * n).take_while(move |&mark| mark <= length)
}

/// Where a text stands that belongs to a bar.
#[derive(Debug, PartialEq)]
pub(super) enum Place {
    Right,
    Left,
    Over,
}

/// The first place of these three in which a text of `length` fits in the `row`, `gap` away from its
/// `bar`. The last one is for what fits nowhere.
pub(super) fn place(bar: Range<f64>, length: f64, gap: f64, row: Range<f64>) -> Place {
    match length + gap {
        needed if bar.end + needed <= row.end => Place::Right,
        needed if bar.start - needed >= row.start => Place::Left,
        _ => Place::Over,
    }
}

/// What the picture leaves out; the second line only of futures.
pub(super) fn small_print(polled: bool) -> impl Iterator<Item = &'static str> {
    let background = "The background thread (demo site, Ctrl-C) is not in CPU time and OS threads.";
    let tasks = "What an HTTP client does in tasks of its own is in the CPU time but not drawn.";
    std::iter::once(background).chain(polled.then_some(tasks))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_has_round_marks() {
        let marks = |length, most| {
            let marks = marks(Duration::from_millis(length), most);
            marks.map(|mark| mark.as_millis()).collect::<Vec<_>>()
        };
        assert_eq!(marks(121, 10), [0, 20, 40, 60, 80, 100, 120]);
        assert_eq!(marks(2050, 5), [0, 500, 1000, 1500, 2000]);
        assert_eq!(marks(3, 10), [0, 1, 2, 3]);
        assert_eq!(marks(0, 10), [0]);
        assert_eq!(marks(100, 0), [0, 100]);
    }

    #[test]
    fn a_text_finds_its_place() {
        assert_eq!(place(0.0..5.0, 4.0, 1.0, 0.0..10.0), Place::Right);
        assert_eq!(place(5.0..9.0, 4.0, 1.0, 0.0..10.0), Place::Left);
        assert_eq!(place(3.0..7.0, 4.0, 1.0, 0.0..10.0), Place::Over);
    }

    #[test]
    fn what_is_not_known_is_said_not_to_be() {
        let elapsed = Duration::from_millis(120);
        let unknown = Timeline { elapsed, threads: vec!["main".to_owned()], ..Timeline::default() };
        let known = Timeline {
            cpu: Some(Duration::from_millis(6)),
            os_threads: Some(21),
            connections: Some(20),
            ..unknown.clone()
        };
        let values = |run| sums(run).map(|(_, value)| value);
        assert_eq!(
            values(&known)[3..],
            ["6.0 ms, 5.0 % of the elapsed time", "21, 1 of which made requests", "20"]
        );
        assert_eq!(
            values(&unknown)[3..],
            [
                "not measured on this system",
                "1 made requests; this system does not tell how many others",
                "not known: only the demo site counts them",
            ]
        );
    }
}

use std::iter;
use std::time::Duration;

use super::*;
use crate::timeline::Doing::{
    GetFlag, RunsFuture, SaveFlag, Sleeps, WaitsForEvents, WaitsForNetwork,
};
use crate::timeline::{Activity, Doing, Interval, Request, Thread, svg};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn interval((from, to): (u64, u64)) -> Interval {
    Interval { from: ms(from), to: ms(to) }
}

fn request(label: &str, [start, arrived, answered, end]: [u64; 4]) -> Request {
    Request {
        label: label.to_owned(),
        start: ms(start),
        arrived: Some(ms(arrived)),
        answered: Some(ms(answered)),
        end: ms(end),
        ..Request::default()
    }
}

fn thread(name: &str, lane: &[(Doing, &str, (u64, u64))]) -> Thread {
    let activity = |&(doing, label, time): &(Doing, &str, (u64, u64))| Activity {
        doing,
        label: label.to_owned(),
        time: interval(time),
    };
    Thread { name: name.to_owned(), lane: lane.iter().map(activity).collect() }
}

/// Without colours.
fn plain(run: &Timeline, width: usize, height: Option<usize>) -> String {
    anstream::adapter::strip_str(&draw(run, width, height)).to_string()
}

/// The printed numbers fit together: 46 ÷ 20 and 2.0 ÷ 20. With all digits, it would be 2.2 and 9.6 %.
const PICTURE: &str = "
Bars:  ◦ not at the site yet  ░ at the site
  = in get_flag  ▪ answered, not ended
  ▐ runs its code  x failed
Threads:  ▐ runs a flag's code  . waits for events
  z sleeps  = in get_flag  s save_flag
      AD ◦◦◦░░░░░░░░░░▪▪▪▪▪
      AE    HTTP status 404 ░░░░░░░░░░░░░░░░░░░░x
      AF          ▐░░░░░░░░░░░░░░░░░░░░░▐
      AG  ======x the client left
      AH ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░x

    main AD=zzzzzzzzzzzzz=ssAE===================
thread 1          ▐.....................▐..
         |0 ms    |5 ms     |10 ms    |15 ms

Elapsed      20 ms
At the site  46 ms total, 2.3 requests at once on average, 3 at most
Not ended    2.0 ms total after the answer, 2.0 ms longest
CPU time     2.0 ms, 10 % of the elapsed time
Threads      2 seen
Connections  4
At the site: from the arrival of a request to the site's answer.
CPU time leaves out the program's own threads (demo site, signals).";

#[test]
fn every_mark_and_figure_is_where_it_was_seen() {
    let failed = |it: Request, why: &str| Request { failure: Some(why.to_owned()), ..it };
    let mut polled = request("AF", [5, 5, 16, 16]);
    polled.polls = [(5, 5), (16, 16)].map(interval).into();
    let no_exchange = Request { arrived: None, answered: None, ..request("AG", [1, 0, 0, 4]) };
    let calls = [
        (GetFlag, "AD", (0, 9)),
        (Sleeps, "", (2, 8)),
        (SaveFlag, "AD", (9, 10)),
        (GetFlag, "AE", (10, 20)),
    ];
    let polls =
        [(RunsFuture, "AF", (5, 5)), (WaitsForEvents, "", (5, 17)), (RunsFuture, "AF", (16, 16))];
    let mut run = Timeline {
        elapsed: Duration::from_micros(20_490),
        cpu: Some(Duration::from_micros(1_960)),
        connections: Some(4),
        requests: vec![
            request("AD", [0, 2, 7, 9]),
            failed(request("AE", [10, 10, 20, 20]), "HTTP status 404"),
            polled,
            failed(no_exchange, "the client left"),
            failed(request("AH", [0, 0, 20, 20]), "has no room"),
        ],
        threads: vec![thread("main", &calls), thread("thread 1", &polls)],
        ..Timeline::default()
    };
    let picture = plain(&run, 50, None);
    assert_eq!(picture, PICTURE, "{picture}");
    assert!(plain(&Timeline::default(), 50, None).contains("No request was seen."));
    let svg = svg(&[&run], "");
    for word in ["AH", "answered, not ended", "thread 1", "sleeps", "has no room", "2 seen"] {
        assert!(svg.contains(&format!(">{word}</text>")), "no {word} in {svg}");
    }

    // What the system tells is painted instead of the call.
    run.looked_every = Some(ms(5));
    let picture = plain(&run, 50, None);
    assert!(picture.contains("\nThreads (looked at every 5 ms):\n"), "{picture}");
    assert!(picture.contains("\n    main AD zzzzzzzzzzzzz ssAE\n"), "{picture}");
    run.threads.clear();
    let picture = plain(&run, 50, None);
    assert!(picture.ends_with("#[tracing::instrument] on get_flag(…, url)."), "{picture}");
}

/// Requests of which each is at the site for 1 ms, one after the other, on threads that take turns.
fn many(requests: usize, threads: usize) -> Timeline {
    let one = |n: usize| request(&format!("R{n}"), [n, n, n + 1, n + 1].map(|n| n as u64));
    let lane = |n: usize| {
        thread(&format!("thread {}", n + 1), &[(GetFlag, "R", (n as u64, n as u64 + 1))])
    };
    Timeline {
        elapsed: ms(requests as u64),
        requests: (0..requests).map(one).collect(),
        threads: (0..threads).map(lane).collect(),
        ..Timeline::default()
    }
}

#[test]
fn picture_fits_the_height_of_the_terminal() {
    for (requests, threads, height, shown) in [
        (0, 0, 24, [0, 0]),
        (3, 3, 24, [3, 3]),
        (6, 1, 24, [6, 1]),
        (20, 20, 60, [20, 20]),
        (60, 8, 24, [7, 8]), // not every bar, but every lane
        (60, 28, 30, [10, 10]),
        (194, 194, 24, [8, 7]),
    ] {
        let picture = plain(&many(requests, threads), 80, Some(height));
        let rows = ["R", "thread "].map(|start| {
            picture.lines().filter(|line| line.trim_start().starts_with(start)).count()
        });
        assert_eq!(rows, shown, "{picture}");
        // After it: the folder, the last line, and the prompt.
        assert!(picture.lines().count() + 3 <= height, "{picture}");
        let left_out = picture.contains("Bars (1 in ");
        assert_eq!(left_out, shown[0] < requests, "{picture}");
    }
}

#[test]
fn many_short_saves_do_not_hide_what_takes_the_time() {
    let drawn = |saves: u64| {
        let saves = (0..saves).map(|n| (SaveFlag, "CN", (100 * n, 100 * n + 1)));
        let lane = iter::once((WaitsForNetwork, "", (0, 4000))).chain(saves);
        let threads = vec![thread("main", &lane.collect::<Vec<_>>())];
        plain(&Timeline { elapsed: ms(4000), threads, ..Timeline::default() }, 60, None)
    };
    assert!(drawn(5).contains("  s save_flag") && drawn(5).contains("▬s▬"), "{}", drawn(5));
    assert!(!drawn(40).contains("save_flag"), "{}", drawn(40));
}

#[test]
fn axis_ends_soon_after_the_last_change() {
    let mut run = many(2, 1);
    run.elapsed = ms(62_000);
    run.requests[1] = Request { answered: None, end: run.elapsed, ..request("CN", [0, 1, 0, 0]) };
    let picture = plain(&run, 60, None);
    let said = "Drawn to 1.5 ms of 62000 ms: nothing changed after 1.0 ms.";
    assert!(picture.contains(said) && !picture.contains("|2"), "{picture}");
    run.elapsed = ms(3);
    assert!(!plain(&run, 60, None).contains("Drawn"));
}

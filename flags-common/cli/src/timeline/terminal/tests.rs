use std::iter;

use super::*;
use crate::timeline::marks::{LOOKS, Look, Mark};
use crate::timeline::samples::{interval, ms, request, thread};
use crate::timeline::{Doing, Request};

/// Without colours.
fn plain(run: &Timeline, width: usize, height: Option<usize>) -> String {
    anstream::adapter::strip_str(&draw(run, width, height)).to_string()
}

#[test]
fn bars_and_lanes_share_one_axis() {
    let called = request("AD", [0, 2, 6, 9]);
    let mut refused = request("AE", [10, 10, 20, 20]);
    refused.failure = Some("HTTP status 404".to_owned());
    let mut polled = request("AF", [5, 5, 16, 16]);
    polled.polls = [(5, 5), (16, 16)].map(interval).into();
    let run = Timeline {
        elapsed: ms(20),
        requests: vec![called, refused, polled],
        threads: vec![
            thread(
                "main",
                &[
                    (Doing::GetFlag, "AD", (0, 9)),
                    (Doing::SaveFlag, "AD", (9, 10)),
                    (Doing::GetFlag, "AE", (10, 20)),
                ],
            ),
            thread(
                "thread 1",
                &[(Doing::RunsFuture, "AF", (5, 5)), (Doing::RunsFuture, "AF", (16, 16))],
            ),
        ],
        ..Timeline::default()
    };
    let picture = plain(&run, 50, None);
    let rows: Vec<_> = picture.lines().skip(1).take(11).collect();
    let expected = [
        "Bars:  ◦ not at the site yet  ░ at the site",
        "  ▪ answered, not ended  ▐ runs its code  x failed",
        "Threads:  ▐ runs a flag's code  = in get_flag",
        "  s save_flag",
        "      AD ◦◦◦◦░░░░░░░░▪▪▪▪▪▪",
        "      AE     HTTP status 404 ░░░░░░░░░░░░░░░░░░░x",
        "      AF           ▐░░░░░░░░░░░░░░░░░░░░░▐",
        "",
        "    main AD================ssAE==================",
        "thread 1           ▐                     ▐",
        "         |0 ms     |5 ms     |10 ms    |15 ms",
    ];
    assert_eq!(rows, expected, "{picture}");
    assert!(picture.lines().take(11).all(|row| row.chars().count() <= 50), "{picture}");
}

/// Requests of which each is at the site for 1 ms, one after the other, on threads that take turns.
fn many(requests: usize, threads: usize) -> Timeline {
    let one = |n: usize| request(&format!("R{n}"), [n, n, n + 1, n + 1].map(|n| n as u64));
    let lane = |n: usize| {
        thread(&format!("thread {}", n + 1), &[(Doing::GetFlag, "R", (n as u64, n as u64 + 1))])
    };
    Timeline {
        elapsed: ms(requests as u64),
        requests: (0..requests).map(one).collect(),
        threads: (0..threads).map(lane).collect(),
        ..Timeline::default()
    }
}

/// Rows of requests and of threads.
fn rows(picture: &str) -> [usize; 2] {
    let rows =
        |start: &str| picture.lines().filter(|line| line.trim_start().starts_with(start)).count();
    [rows("R"), rows("thread ")]
}

#[test]
fn each_request_and_each_of_few_threads_has_a_row() {
    let shown = |run: &Timeline, height| rows(&plain(run, 80, Some(height)));
    assert_eq!(shown(&many(3, 3), 24), [3, 3]);
    assert_eq!(shown(&many(6, 6), 30), [6, 6]);
    assert_eq!(shown(&many(6, 1), 24), [6, 1]);
    assert_eq!(shown(&many(60, 6), 30), [15, 6], "not every bar, but every lane");
}

#[test]
fn picture_fits_the_height_of_the_terminal() {
    for (requests, threads) in [(20, 1), (20, 20), (194, 1), (194, 194), (1, 1), (5, 2), (0, 0)] {
        for height in [24, 40, 60] {
            let lines = plain(&many(requests, threads), 80, Some(height)).lines().count();
            // After it: the folder, the last line, and the prompt.
            assert!(lines + 3 <= height, "{requests} on {threads}: {lines} of {height}");
        }
    }
}

#[test]
fn picture_says_that_rows_are_left_out() {
    let picture = plain(&many(60, 28), 80, Some(30));
    assert!(
        picture.contains("Bars (1 in 6):") && picture.contains("Threads (1 in 3):"),
        "{picture}"
    );
    assert!(picture.contains("\n       R6 ") && !picture.contains(" R5 "), "{picture}");
}

#[test]
fn legend_says_how_often_threads_were_looked_at() {
    let lane = [(Doing::Runs, "", (0, 5)), (Doing::WaitsForEvents, "", (5, 20))];
    let looked_every = Some(ms(5));
    let threads = vec![thread("main", &lane)];
    let run = Timeline { elapsed: ms(20), looked_every, threads, ..Timeline::default() };
    let picture = plain(&run, 80, None);
    let legend = "\
Threads (looked at every 5 ms, \"runs\" includes waiting for a core):
  . waits for events  # runs
";
    assert!(picture.contains(legend), "{picture}");
}

#[test]
fn many_short_saves_do_not_hide_what_takes_the_time() {
    let drawn = |saves: u64| {
        let saves = (0..saves).map(|n| (Doing::SaveFlag, "CN", (100 * n, 100 * n + 1)));
        let lane = iter::once((Doing::WaitsForNetwork, "", (0, 4000))).chain(saves);
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
    assert!(
        picture.contains("Drawn to 1.5 ms of 62000 ms: nothing changed after 1.0 ms."),
        "{picture}"
    );
    let bar = picture.lines().find(|line| line.contains("CN ")).unwrap();
    assert!(bar.chars().count() > 55 && !picture.contains("|2"), "{picture}");
    run.elapsed = ms(3);
    assert!(!plain(&run, 60, None).contains("Drawn"));
}

/// Terminals in China, Japan and Korea draw marks of ambiguous width two columns wide.
#[test]
fn marks_differ_in_shape_and_are_one_column_wide() {
    let of_lanes = |look: &&Look| matches!(look.mark, Mark::Does(_));
    let (lanes, bars): (Vec<_>, Vec<_>) = LOOKS.iter().partition(of_lanes);
    for looks in [lanes, bars] {
        let letters: BTreeSet<_> = looks.iter().map(|look| look.letter).collect();
        assert_eq!(letters.len(), looks.len());
        // East Asian Width in Unicode 17: ASCII is Narrow; the others are Neutral.
        assert!(letters.iter().all(|it| it.is_ascii_graphic() || "░▐▬▪◦".contains(*it)));
    }
}

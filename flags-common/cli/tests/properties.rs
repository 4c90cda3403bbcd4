//! Promises that hold for any input: nothing panics, only whole flags are saved, and a picture is
//! well-formed whatever a site or a thread is called.

use std::fs;
use std::path::Path;
use std::time::Duration;

use flags_cli::site::flag_image;
use flags_cli::timeline::{Activity, Doing, Interval, Request, Thread, Timeline, picture, svg};
use flags_common::{ALL_CC, save_flag};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use roxmltree::Document;

/// Saves `image` as CN.gif in a new folder and returns whether the file is there. Nothing else is.
fn saves(image: &[u8]) -> bool {
    // In memory where Linux has a folder there: thousands of folders on a disk take seconds.
    let dir = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
    let folder = dir.path().join("folder");
    fs::create_dir(&folder).unwrap();
    let saved = save_flag(image, &folder.join("CN.gif")).is_ok();
    let names =
        |dir: &Path| fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name()).collect::<Vec<_>>();
    assert_eq!(names(dir.path()), ["folder"]);
    assert_eq!(names(&folder), if saved { vec!["CN.gif"] } else { vec![] });
    if saved {
        assert_eq!(fs::read(folder.join("CN.gif")).unwrap(), image, "whole");
    }
    saved
}

/// Less than 0.1 ms, or up to 3 hours.
fn micros() -> impl Strategy<Value = Duration> {
    prop_oneof![0..100_u64, 0..10_000_000_000_u64].prop_map(Duration::from_micros)
}

fn interval() -> impl Strategy<Value = Interval> {
    (micros(), micros()).prop_map(|(from, length)| Interval { from, to: from + length })
}

// `(?s).*` is any text. Times are not in any order, and may lie after the end of the run.
prop_compose! {
    fn request()(
        label in "(?s).*",
        Interval { from: start, to: end } in interval(),
        arrived in option::of(micros()),
        answered in option::of(micros()),
        polls in vec(interval(), 0..4),
        failure in option::of("(?s).*"),
    ) -> Request {
        Request { label, start, arrived, answered, end, polls, failure }
    }
}

/// What is painted in each its own way.
const DOING: [Doing; 5] =
    [Doing::GetFlag, Doing::RunsFuture, Doing::SaveFlag, Doing::Sleeps, Doing::WaitsForEvents];

prop_compose! {
    fn activity()(
        doing in prop::sample::select(&DOING),
        label in "(?s).*",
        time in interval(),
    ) -> Activity {
        Activity { doing, label, time }
    }
}

prop_compose! {
    fn thread()(name in "(?s).*", lane in vec(activity(), 0..4)) -> Thread {
        Thread { name, lane }
    }
}

prop_compose! {
    fn timeline()(
        program in "(?s).*",
        elapsed in micros(),
        connections in option::of(0..30_usize),
        looked_every in option::of(micros()),
        requests in vec(request(), 0..8),
        threads in vec(thread(), 0..4),
    ) -> Timeline {
        let run = Timeline { program, elapsed, connections, requests, ..Timeline::default() };
        Timeline { looked_every, threads, ..run }
    }
}

proptest! {
    #[test]
    fn random_bytes_are_not_saved(bytes in vec(any::<u8>(), 0..2000)) {
        prop_assert!(!saves(&bytes), "no GIF begins by chance");
        prop_assert!(!saves(&[b"GIF89a", bytes.as_slice()].concat()) || bytes.contains(&0x3b));
    }

    #[test]
    fn damaged_gif_is_saved_whole_or_not_at_all(
        index in 0..ALL_CC.len(), at in any::<prop::sample::Index>(), byte: u8
    ) {
        let mut image = flag_image(ALL_CC[index]).unwrap().to_vec();
        let at = at.index(image.len());
        image[at] = byte;
        saves(&image); // asserts it
    }

    #[test]
    fn picture_is_well_formed(first in timeline(), second in timeline(), note in "(?s).*") {
        let drawn = svg(&[&first, &second], &note);
        Document::parse(&drawn).expect("well-formed XML");
        prop_assert_eq!(drawn, svg(&[&first, &second], &note), "the same for the same runs");
        picture(&first); // does not panic
    }

    #[test]
    fn json_reads_back(run in timeline()) {
        prop_assert_eq!(run.to_json().parse::<Timeline>().unwrap(), run);
    }
}

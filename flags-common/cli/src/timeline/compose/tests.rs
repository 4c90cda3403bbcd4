use std::path::Path;

use flags_common::{Plan, StatusCode};

use super::*;
use crate::timeline::picture;
use crate::timeline::samples::ms;
use crate::witness::calls::Busy;

const URL: &str = "http://h/flags/cn/cn.gif";

/// A call of `get_flag` on one thread.
fn get(start: u64, end: Option<u64>, busy: &[(u64, u64)]) -> Call {
    let busy = busy.iter().map(|&(from, to)| Busy { thread: 0, from: ms(from), to: Some(ms(to)) });
    Call {
        function: Function::GetFlag,
        target: URL.to_owned(),
        start: ms(start),
        end: end.map(ms),
        busy: busy.collect(),
    }
}

/// The requests of a run of 100 s. Of each exchange: when it arrived, when and how it ended.
fn requests(calls: &[Call], exchanges: &[(u64, Option<(u64, Ending)>)]) -> Vec<Request> {
    let start = Instant::now();
    let plan = Plan::new(["CN".parse().unwrap()], "http://h/flags", Path::new("d"), 1, ms(1));
    let composer = Composer { start, end: ms(100_000), targets: Targets::of(&plan.flags), calls };
    let exchange = |&(arrived, end): &(u64, Option<(u64, Ending)>)| Exchange {
        connection: 0,
        method: "GET".to_owned(),
        target: "/flags/cn/cn.gif".to_owned(),
        client: String::new(),
        arrived: start + ms(arrived),
        end: end.map(|(at, ending)| (start + ms(at), ending)),
    };
    composer.requests(&exchanges.iter().map(exchange).collect::<Vec<_>>())
}

const OK: Ending = Ending::Answered(StatusCode::OK);

#[test]
fn request_takes_the_ends_of_the_call_that_covers_it() {
    let blocking = get(10, Some(60), &[(10, 60)]);
    let future = get(10, Some(60), &[(10, 11), (58, 60)]);
    for (call, polls) in [(blocking, 0), (future, 2)] {
        let [request] = &requests(&[call], &[(20, Some((50, OK)))])[..] else { panic!("one") };
        assert_eq!((request.start, request.end), (ms(10), ms(60)));
        assert_eq!((request.arrived, request.answered), (Some(ms(20)), Some(ms(50))));
        assert_eq!((request.unread(), request.polls.len()), (Some(ms(10)), polls));
    }
}

#[test]
fn request_of_an_unknown_call_is_as_the_site_saw_it() {
    for calls in [&[][..], &[get(10, Some(60), &[]), get(15, Some(90), &[])]] {
        let [request] = &requests(calls, &[(20, Some((50, OK)))])[..] else { panic!("one") };
        assert_eq!((request.start, request.end), (ms(20), ms(50)));
    }
}

#[test]
fn each_of_20_000_requests_meets_its_call() {
    let calls: Vec<_> = (0..20_000).map(|n| get(4 * n, Some(4 * n + 3), &[])).collect();
    let answered: Vec<_> = (0..20_000).map(|n| (4 * n + 1, Some((4 * n + 2, OK)))).collect();
    let requests = requests(&calls, &answered);
    assert_eq!(requests.len(), 20_000);
    let meets = |request: &Request| {
        request.arrived == Some(request.start + ms(1)) && request.unread() == Some(ms(1))
    };
    assert!(requests.iter().all(meets));
    let run = Timeline { elapsed: ms(100_000), requests, ..Timeline::default() };
    assert!(picture(&run).contains("Bars (1 in 500):"));
}

#[test]
fn refused_attempt_has_failed_and_the_next_one_has_not() {
    let calls = [get(0, Some(30), &[]), get(30, Some(60), &[])];
    let refused = Ending::Answered(StatusCode::IM_A_TEAPOT);
    let requests = requests(&calls, &[(5, Some((25, refused))), (35, Some((55, OK)))]);
    let failures: Vec<_> = requests.iter().map(|it| it.failure.as_deref()).collect();
    assert_eq!(failures, [Some("HTTP status 418 I'm a teapot"), None]);
    assert_eq!((requests[0].start, requests[1].end), (ms(0), ms(60)));
}

#[test]
fn what_has_not_ended_is_cut_off() {
    for (exchanges, arrived) in [(&[][..], None), (&[(200_000, None)], Some(ms(100_000)))] {
        let [request] = &requests(&[get(10, None, &[])], exchanges)[..] else { panic!("one") };
        assert_eq!((request.start, request.end), (ms(10), ms(100_000)));
        assert_eq!(request.arrived, arrived);
    }
}

#[test]
fn equal_thread_names_are_numbered() {
    assert_eq!(numbered(&["main", "worker", "worker"]), ["main", "worker 1", "worker 2"]);
    assert_eq!(numbered(&["main", "thread"]), ["main", "thread 1"]);
}

use std::path::Path;

use flags_common::{Plan, StatusCode};

use super::*;
use crate::timeline::picture;

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// A call of `get_flag`.
fn get(start: u64, end: u64) -> Call {
    Call {
        function: Function::GetFlag,
        target: "http://h/flags/cn/cn.gif".to_owned(),
        start: ms(start),
        end: Some(ms(end)),
        busy: Vec::new(),
    }
}

/// The requests of a run of 100 s. Of each exchange: when it arrived and when it was answered.
fn requests(calls: &[Call], exchanges: impl IntoIterator<Item = (u64, u64)>) -> Vec<Request> {
    let start = Instant::now();
    let plan = Plan::new(["CN".parse().unwrap()], "http://h/flags", Path::new("d"), 1, ms(1));
    let composer = Composer { start, end: ms(100_000), targets: Targets::of(&plan.flags), calls };
    let exchange = |(arrived, answered)| Exchange {
        connection: 0,
        method: "GET".to_owned(),
        target: "/flags/cn/cn.gif".to_owned(),
        client: String::new(),
        arrived: start + ms(arrived),
        end: Some((start + ms(answered), Ending::Answered(StatusCode::OK))),
    };
    composer.requests(&exchanges.into_iter().map(exchange).collect::<Vec<_>>())
}

#[test]
fn request_of_an_unknown_call_is_as_the_site_saw_it() {
    for calls in [&[][..], &[get(10, 60), get(15, 90)]] {
        let [request] = &requests(calls, [(20, 50)])[..] else { panic!("one") };
        assert_eq!((request.start, request.end), (ms(20), ms(50)));
    }
}

#[test]
fn each_of_20_000_requests_meets_its_call() {
    let calls: Vec<_> = (0..20_000).map(|n| get(4 * n, 4 * n + 3)).collect();
    let requests = requests(&calls, (0..20_000).map(|n| (4 * n + 1, 4 * n + 2)));
    assert_eq!(requests.len(), 20_000);
    for request in &requests {
        assert_eq!((request.arrived, request.unread()), (Some(request.start + ms(1)), Some(ms(1))));
    }
    let run = Timeline { elapsed: ms(100_000), requests, ..Timeline::default() };
    assert!(picture(&run).contains("Bars (1 in 500):"));
}

#[test]
fn equal_thread_names_are_numbered() {
    assert_eq!(numbered(&["main", "worker", "worker"]), ["main", "worker 1", "worker 2"]);
    assert_eq!(numbered(&["main", "thread"]), ["main", "thread 1"]);
}

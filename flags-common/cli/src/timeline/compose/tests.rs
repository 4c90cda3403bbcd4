use std::path::Path;

use flags_common::{Plan, StatusCode};

use super::*;
use crate::timeline::picture;

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// So many are composed and drawn in a moment.
#[test]
fn each_of_20_000_requests_meets_its_call_if_it_is_known() {
    let start = Instant::now();
    let call = |from, to| Call {
        function: Function::GetFlag,
        target: match from % 8 {
            0 => "http://h/flags/cn/cn.gif?size=72".to_owned(),
            _ => r#"Url { scheme: "http", path: "/flags/cn/cn.gif", query: None }"#.to_owned(),
        },
        start: ms(from),
        end: Some(ms(to)),
        busy: Vec::new(),
    };
    let exchange = |arrived, answered| Exchange {
        connection: 0,
        method: "GET".to_owned(),
        target: "/flags/cn/cn.gif".to_owned(),
        client: String::new(),
        arrived: start + ms(arrived),
        end: Some((start + ms(answered), Ending::Answered(StatusCode::OK))),
    };
    let mut calls: Vec<_> = (0..20_000).map(|n| call(4 * n, 4 * n + 3)).collect();
    let mut exchanges: Vec<_> = (0..20_000).map(|n| exchange(4 * n + 1, 4 * n + 2)).collect();
    calls.extend([call(80_010, 80_060), call(80_015, 80_090)]);
    let unanswered = Exchange { end: None, ..exchange(90_020, 0) };
    exchanges.extend([exchange(80_020, 80_050), unanswered, exchange(200_000, 200_001)]);

    let plan = Plan::new(["CN".parse().unwrap()], "http://h/flags", Path::new("d"), 1, ms(1));
    let targets = Targets::of(&plan.flags);
    let composer = Composer { start, end: ms(100_000), targets, calls: &calls };
    let requests = composer.requests(&exchanges);
    let (known, unknown) = requests.split_at(20_000);
    for request in known {
        assert_eq!(
            (request.arrived, request.after_answer()),
            (Some(request.start + ms(1)), Some(ms(1)))
        );
    }
    let times: Vec<_> = unknown.iter().map(|it| (it.start, it.end)).collect();
    let as_the_site_saw = [(80_020, 80_050), (90_020, 100_000), (100_000, 100_000)];
    assert_eq!(times[..3], as_the_site_saw.map(|(from, to)| (ms(from), ms(to))));

    let run = Timeline { elapsed: ms(100_000), requests, ..Timeline::default() };
    assert!(picture(&run).contains("Bars (1 in 501):"));
}

#[test]
fn equal_thread_names_are_numbered() {
    assert_eq!(numbered(&["main", "worker", "worker"]), ["main", "worker 1", "worker 2"]);
    assert_eq!(numbered(&["main", "thread"]), ["main", "thread 1"]);
}

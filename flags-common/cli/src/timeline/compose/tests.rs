use flags_common::StatusCode;

use super::*;

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn get(start: u64, end: Option<u64>, busy: &[(u64, u64)]) -> Call {
    let busy = busy.iter().map(|&(from, to)| Busy { thread: 0, from: ms(from), to: Some(ms(to)) });
    Call {
        function: Function::GetFlag,
        target: "http://h/flags/cn/cn.gif".to_owned(),
        start: ms(start),
        end: end.map(ms),
        busy: busy.collect(),
    }
}

fn requests(calls: &[Call], exchanges: &[(u64, Option<(u64, Ending)>)]) -> Vec<Request> {
    let start = Instant::now();
    let names = [("http://h/flags/cn/cn.gif".to_owned(), "CN".to_owned())].into();
    let composer = Composer { start, end: ms(100), order: HashMap::new(), names, calls };
    let exchange = |&(arrived, end): &(u64, Option<(u64, Ending)>)| Exchange {
        connection: 0,
        method: "GET".to_owned(),
        target: "/flags/cn/cn.gif".to_owned(),
        client: String::new(),
        arrived: start + ms(arrived),
        end: end.map(|(at, ending)| (start + ms(at), ending)),
    };
    let exchanges = exchanges.iter().map(exchange).collect();
    composer.requests_seen(&Run { exchanges, ..Run::default() })
}

const OK: Ending = Ending::Answered(StatusCode::OK);

#[test]
fn request_takes_the_ends_of_the_call_that_covers_it() {
    let calls = [get(10, Some(60), &[(10, 60)])];
    let [request] = &requests(&calls, &[(20, Some((50, OK)))])[..] else { panic!("one") };
    assert_eq!((request.start, request.end), (ms(10), ms(60)));
    assert_eq!((request.arrived, request.answered), (Some(ms(20)), Some(ms(50))));
    assert_eq!((request.unread(), request.polls.len()), (Some(ms(10)), 0));
}

#[test]
fn polls_are_those_of_the_future() {
    let calls = [get(10, Some(60), &[(10, 11), (58, 60)])];
    let [request] = &requests(&calls, &[(20, Some((50, OK)))])[..] else { panic!("one") };
    assert_eq!(request.polls.len(), 2);
}

#[test]
fn request_of_an_unknown_call_is_as_the_site_saw_it() {
    for calls in [&[][..], &[get(10, Some(60), &[]), get(15, Some(90), &[])]] {
        let [request] = &requests(calls, &[(20, Some((50, OK)))])[..] else { panic!("one") };
        assert_eq!((request.start, request.end), (ms(20), ms(50)));
    }
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
fn call_that_the_site_has_not_seen_is_not_there_yet() {
    let [request] = &requests(&[get(10, None, &[])], &[])[..] else { panic!("one") };
    assert_eq!((request.start, request.end), (ms(10), ms(100)));
    assert_eq!(request.in_flight(), None);
}

#[test]
fn what_has_not_ended_is_cut_off() {
    let [request] = &requests(&[get(10, None, &[])], &[(200, None)])[..] else { panic!("one") };
    assert_eq!((request.arrived, request.end), (Some(ms(100)), ms(100)));
}

#[test]
fn equal_thread_names_are_numbered() {
    let names =
        |names: &[&str]| numbered(&names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>());
    assert_eq!(names(&["main", "worker", "worker"]), ["main", "worker 1", "worker 2"]);
    assert_eq!(names(&["main", "thread"]), ["main", "thread 1"]);
}

use super::*;

fn record(run: impl FnOnce()) -> Recorded {
    let calls = Arc::new(Calls { started: Instant::now(), log: Mutex::default() });
    tracing::subscriber::with_default(Arc::clone(&calls), run);
    calls.recorded()
}

#[tracing::instrument(skip(_client))]
fn get_flag(_client: (), url: &str) -> usize {
    url.len()
}

#[test]
fn only_the_two_functions_are_recorded() {
    let recorded = record(|| {
        tracing::info!(url = "http://h/ad/ad.gif", "an event");
        tracing::info_span!("another", url = "http://h/ad/ad.gif").in_scope(|| {});
        tracing::info_span!("get_flag", path = "AD.gif").in_scope(|| {});
        tracing::info_span!("save_flag", url = "http://h/ad/ad.gif").in_scope(|| {});
        get_flag((), "http://h/ae/ae.gif");
        flags_common::save_flag(b"", "AE.gif".as_ref()).unwrap_err();
    });
    let calls: Vec<_> =
        recorded.calls.iter().map(|call| (call.function, call.target.as_str())).collect();
    let expected = [(Function::GetFlag, "http://h/ae/ae.gif"), (Function::SaveFlag, "\"AE.gif\"")];
    assert_eq!(calls, expected);
    for call in &recorded.calls {
        let [busy] = call.busy[..] else { panic!("{call:?}") };
        assert!(call.start <= busy.from && busy.to <= call.end, "{call:?}");
        assert!(!call.is_future(Duration::MAX));
    }
    let names: Vec<_> = recorded.threads.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, [thread::current().name().unwrap()]);
}

#[test]
fn each_thread_has_a_number_and_a_name() {
    let recorded = record(|| {
        let dispatch = tracing::dispatcher::get_default(Clone::clone);
        let get = || tracing::dispatcher::with_default(&dispatch, || get_flag((), "u"));
        thread::scope(|scope| _ = scope.spawn(get).join());
        get();
    });
    let names: Vec<_> = recorded.threads.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["thread", thread::current().name().unwrap()]);
    let threads: Vec<_> = recorded.calls.iter().map(|call| call.busy[0].thread).collect();
    assert_eq!(threads, [0, 1]);
}

#[test]
fn future_releases_its_thread() {
    let ms = Duration::from_millis;
    let busy = |from, to| Busy { thread: 0, from: ms(from), to };
    let (function, target, start) = (Function::GetFlag, String::new(), ms(10));
    let call = Call { function, target, start, end: None, busy: vec![] };
    let with = |busy: &[Busy]| Call { busy: busy.to_vec(), ..call.clone() };
    assert!(with(&[busy(10, Some(ms(11)))]).is_future(ms(100)), "polled once, then Ctrl-C");
    assert!(with(&[busy(10, Some(ms(11))), busy(80, None)]).is_future(ms(100)));
    assert!(!with(&[busy(10, None)]).is_future(ms(100)), "it has not returned");
}

//! What the operating system sees of a strategy's threads, in the data of the picture: what each is in,
//! how long, and the CPU time of all. Each strategy here has its own test.

use std::future::pending;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, sleep};
use std::time::Duration;

use flags_cli::Tally;
use flags_cli::timeline::{Activity, Doing};
use flags_common::{Plan, Result};
use flags_testing::trial;
use libtest_mimic::Trial;
use rustix::time::{ClockId, clock_gettime};

use crate::client::{block_on, new_agent};
use crate::runner::run;

strategies! { waits_in_each_way keeps_the_site_busy keeps_the_sampler_busy }

pub fn trials() -> Vec<Trial> {
    vec![
        trial("states", "each_wait_is_told_and_a_lane_ends_with_its_thread", each_wait_is_told),
        trial("states", "cpu_time_leaves_out_the_site", || cpu_time("keeps_the_site_busy")),
        trial("states", "cpu_time_leaves_out_the_sampler", || cpu_time("keeps_the_sampler_busy")),
    ]
}

fn each_wait_is_told() {
    let run = run("waits_in_each_way BR --timeline=run.json");
    let timeline = run.timeline();
    let thread = |name: &str| {
        let found = timeline.threads.iter().find(|it| it.name == name);
        found.unwrap_or_else(|| panic!("no {name} in {:?}\n{run}", timeline.threads))
    };
    for (name, doing) in [
        ("main", Doing::Sleeps),
        ("runs", Doing::Runs),
        ("loops", Doing::WaitsForEvents),
        ("sleeps", Doing::Sleeps),
        ("locks", Doing::IsBlocked),
        ("accepts", Doing::WaitsForNetwork),
        ("connects", Doing::WaitsForNetwork),
        ("receives", Doing::WaitsForNetwork),
        ("sends", Doing::WaitsForNetwork),
        ("polls", Doing::WaitsForNetwork),
        ("reads a pipe", Doing::WaitsForOther),
        ("writes a pipe", Doing::WaitsForOther),
        ("waits for child", Doing::WaitsForOther),
        ("runs a program", Doing::WaitsForOther), // it polls two pipes
    ] {
        let lane = &thread(name).lane;
        assert!(lane.iter().any(|it| it.doing == doing), "{name} {doing:?}: {lane:?}");
    }
    let sleeper = thread("sleeps");
    let asleep = |it: &&Activity| it.doing == Doing::Sleeps;
    let slept: Duration = sleeper.lane.iter().filter(asleep).map(|it| it.time.length()).sum();
    assert!(slept > Duration::ZERO, "in each look: {sleeper:?}");
    let end = sleeper.lane.last().expect("a state").time.to;
    assert!(end < timeline.elapsed, "not asleep to the end: {sleeper:?}");
}

/// A thread waits in each of many system calls. Only the one that sleeps ends before the run.
fn waits_in_each_way(_: Plan, _: &mut Tally) -> Result<()> {
    let start = |name: &str, run: Box<dyn FnOnce() + Send>| {
        thread::Builder::new().name(name.to_owned()).spawn(run)
    };
    let listen = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
    // Its queue is full, and stays so: to connect takes for ever.
    let full = listen()?;
    let address = full.local_addr()?;
    let connect = |_| TcpStream::connect_timeout(&address, Duration::from_millis(100)).ok();
    let mut queue = Vec::from_iter((0..).map_while(connect));
    let mut stream = queue.pop().expect("a connection");
    let idle = listen()?;
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    let (mut empty_pipe, _writer) = io::pipe()?;
    let (_reader, mut full_pipe) = io::pipe()?;
    let mutex = Arc::new(Mutex::new(()));
    let locked = Arc::clone(&mutex);
    let _guard = mutex.lock();
    const MUCH: &[u8] = &[0; 1 << 24]; // more than any buffer
    let mut child = Command::new("sleep");
    child.arg("1").stdout(Stdio::null()).stderr(Stdio::null());

    start("runs", Box::new(|| (0..20_000_000).for_each(|n| _ = std::hint::black_box(n))))?;
    start("loops", Box::new(|| _ = block_on(pending::<Result<()>>())))?;
    start("sleeps", Box::new(|| sleep(Duration::from_millis(300))))?;
    start("locks", Box::new(move || drop(locked.lock())))?;
    start("accepts", Box::new(move || drop(idle.accept())))?;
    start("connects", Box::new(move || drop(TcpStream::connect(address))))?;
    start("receives", Box::new(move || _ = socket.recv(&mut [0])))?;
    start("sends", Box::new(move || _ = stream.write_all(MUCH)))?;
    start("polls", Box::new(move || poll(address)))?;
    start("reads a pipe", Box::new(move || _ = empty_pipe.read(&mut [0])))?;
    start("writes a pipe", Box::new(move || _ = full_pipe.write_all(MUCH)))?;
    start("waits for child", Box::new(move || _ = child.status()))?;
    let run = || _ = Command::new("sleep").arg("1").output(); // a program as slow as curl
    start("runs a program", Box::new(run))?;
    sleep(Duration::from_millis(700));
    Ok(())
}

/// std connects with `poll` if there is a time limit.
fn poll(address: SocketAddr) {
    drop(TcpStream::connect_timeout(&address, Duration::from_secs(60)));
}

/// What the strategy's thread used is nearly all that is reported: much less than the process used.
fn cpu_time(strategy: &str) {
    let run = run(&format!("{strategy} BR --timeline=run.json"));
    let cpu = run.timeline().cpu.expect("it is measured");
    let said = run.stdout.lines().find_map(|line| line.strip_prefix("CPU time in us: "));
    let numbers = said.expect("a line").split(' ').map(|it| it.parse().expect("a number"));
    let [thread, process] = Vec::from_iter(numbers.map(Duration::from_micros))[..] else {
        panic!("{run}")
    };
    let others = process - thread;
    assert!(cpu < thread + others / 2, "{cpu:?}, {thread:?} and {others:?}\n{run}");
}

/// Prints the CPU time of this thread and of the process since `work` began.
fn say_cpu_time(work: impl FnOnce()) {
    let time = |clock| Duration::try_from(clock_gettime(clock)).expect("a time").as_micros();
    let clocks = [ClockId::ThreadCPUTime, ClockId::ProcessCPUTime];
    let before = clocks.map(time);
    work();
    let [thread, process] = clocks.map(time);
    println!("CPU time in us: {} {}", thread - before[0], process - before[1]);
}

/// The page with all flags is work for the site.
fn keeps_the_site_busy(plan: Plan, _: &mut Tally) -> Result<()> {
    let agent = new_agent(&plan);
    let page = plan.flags[0].url.replace("/br/br.gif", "/");
    say_cpu_time(|| {
        for _ in 0..200 {
            agent.get(&page).call().expect("a page");
        }
    });
    Ok(())
}

/// Threads that sleep are work for the sampler.
fn keeps_the_sampler_busy(_: Plan, _: &mut Tally) -> Result<()> {
    let second = Duration::from_secs(1);
    say_cpu_time(|| {
        for _ in 0..50 {
            thread::spawn(move || sleep(second));
        }
        sleep(second);
    });
    Ok(())
}

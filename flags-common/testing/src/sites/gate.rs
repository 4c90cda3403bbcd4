//! A site that withholds its answers until enough requests wait, so that a test can tell how many are
//! in flight without looking at the clock.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;

use flags_cli::site::flag_image;

/// What a gate has seen.
#[derive(Debug, Default)]
pub struct Seen {
    /// Connections accepted.
    pub connections: usize,
    /// Requests received.
    pub requests: usize,
    /// Maximum number of requests without an answer.
    pub max_in_flight: usize,
    /// Requests answered.
    pub answered: usize,
}

/// Answers one request at a time, the oldest one, and only while `in_flight` of them wait, or all that
/// are left of `total`. A client with fewer requests in flight, or one that works in batches, waits
/// indefinitely.
pub struct Gate {
    in_flight: usize,
    total: usize,
    max_answers: usize,
    seen: Mutex<Seen>,
    changed: Condvar,
}

/// Does not arrive with the head: a client that does not read it cannot keep its connection.
const LONG_BODY: &[u8] = &[b'x'; 200 << 10];

impl Gate {
    /// Starts a gate, which serves until the process ends, and returns its base URL and the gate.
    pub fn start(in_flight: usize, total: usize) -> (String, Arc<Self>) {
        Self::stalling(in_flight, total, usize::MAX)
    }

    /// Starts a gate that answers no more after `max_answers`.
    pub fn stalling(in_flight: usize, total: usize, max_answers: usize) -> (String, Arc<Self>) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let (seen, changed) = (Mutex::default(), Condvar::new());
        let gate = Arc::new(Self { in_flight, total, max_answers, seen, changed });
        let site = Arc::clone(&gate);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let site = Arc::clone(&site);
                thread::spawn(move || site.serve(&stream.unwrap()));
            }
        });
        (base_url, gate)
    }

    /// What it has seen so far. It answers nothing while the guard is alive.
    pub fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap()
    }

    fn serve(&self, mut stream: &TcpStream) {
        self.seen().connections += 1;
        let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
        while let Some(request) = lines.next() {
            lines.by_ref().take_while(|line| !line.is_empty()).for_each(drop);
            self.wait_for_turn();
            // GET /cn/cn.gif HTTP/1.1
            let code = request.get(5..7).expect("a path");
            let (status, body) = match flag_image(code.parse().expect("a country code")) {
                Some(image) => ("200 OK", image),
                None => ("404 Not Found", LONG_BODY),
            };
            let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n", body.len());
            _ = stream.write_all(&[head.as_bytes(), body].concat());
        }
    }

    fn wait_for_turn(&self) {
        let mut seen = self.seen();
        let turn = seen.requests;
        seen.requests += 1;
        seen.max_in_flight = seen.max_in_flight.max(seen.requests - seen.answered);
        self.changed.notify_all();
        let too_early = |seen: &mut Seen| {
            let enough = seen.requests - seen.answered >= self.in_flight;
            let due = enough || seen.requests == self.total;
            seen.answered < turn || !due || seen.answered == self.max_answers
        };
        let mut seen = self.changed.wait_while(seen, too_early).unwrap();
        seen.answered += 1; // before the client receives the answer and sends its next request
        self.changed.notify_all();
    }
}

//! A site that holds its answers back until enough requests wait for one, so that a test can tell
//! how many are under way without a look at the clock.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;

use flags_common::site::flag_image;

/// What a gate saw.
#[derive(Debug, Default)]
pub struct Seen {
    pub connections: usize,
    pub requests: usize,
    pub most_at_once: usize,
    answered: usize,
}

/// Answers one request at a time, the one that has waited longest, and this only while `at_once`
/// of them wait, or all that are left of `total`. Who makes fewer requests at once than that, or
/// makes the next ones only when all are answered, gets no answer.
pub struct Gate {
    at_once: usize,
    total: usize,
    seen: Mutex<Seen>,
    changed: Condvar,
}

impl Gate {
    /// Starts one, which serves until the process ends. Returns its base URL too.
    pub fn start(at_once: usize, total: usize) -> (String, Arc<Self>) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let (seen, changed) = (Mutex::default(), Condvar::new());
        let gate = Arc::new(Self { at_once, total, seen, changed });
        let site = Arc::clone(&gate);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let site = Arc::clone(&site);
                thread::spawn(move || site.serve(&stream.unwrap()));
            }
        });
        (base_url, gate)
    }

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
                None => ("404 Not Found", b"none".as_slice()),
            };
            let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n", body.len());
            _ = stream.write_all(&[head.as_bytes(), body].concat());
        }
    }

    fn wait_for_turn(&self) {
        let mut seen = self.seen();
        let turn = seen.requests;
        seen.requests += 1;
        seen.most_at_once = seen.most_at_once.max(seen.requests - seen.answered);
        self.changed.notify_all();
        let too_early = |seen: &mut Seen| {
            let enough = seen.requests - seen.answered >= self.at_once;
            seen.answered < turn || !(enough || seen.requests == self.total)
        };
        let mut seen = self.changed.wait_while(seen, too_early).unwrap();
        seen.answered += 1; // before its client can know it, and so before the client's next
        self.changed.notify_all();
    }
}

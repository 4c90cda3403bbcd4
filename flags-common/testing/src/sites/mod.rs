//! Sites to test a downloader with.

pub mod fault_server;
pub mod gate;
mod site_process;
pub mod tls_site;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use flags_cli::site::{Behaviour, Counters, DemoSite, base_url, listen, serve};
use tokio::runtime::Builder;

pub use self::site_process::{SiteProcess, flag_site};

/// A demo site in this process.
pub struct TestSite {
    /// Base URL of its flags.
    pub base_url: String,
    site: Arc<DemoSite>,
}

impl TestSite {
    /// Starts a site, which serves until the process ends.
    pub fn start(behaviour: Behaviour) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let site = Arc::new(DemoSite::new(behaviour));
        let context = runtime.enter();
        let listener = listen(0).expect("a free port");
        let base_url = base_url(&listener).expect("an address");
        drop(context);
        let serve = serve(listener, Arc::clone(&site));
        thread::spawn(move || runtime.block_on(serve));
        Self { base_url, site }
    }

    /// Starts a site whose answers take exactly `latency` milliseconds.
    pub fn with_latency(latency: u64) -> Self {
        Self::start(Behaviour::Exact(Duration::from_millis(latency)))
    }

    /// What the site has seen so far.
    pub fn counters(&self) -> Counters {
        self.site.counters()
    }

    /// What the site has seen once it has answered one more request, which this function sends and
    /// does not count: everything sent to the site earlier is then included.
    pub fn counters_after_a_request(&self) -> Counters {
        let (address, _) = self.base_url["http://".len()..].split_once('/').expect("a path");
        let mut stream = TcpStream::connect(address).expect("the site listens");
        stream.write_all(b"GET /counters HTTP/1.0\r\n\r\n").expect("the site reads");
        stream.read_to_end(&mut Vec::new()).expect("the site answers");
        let counters = self.counters();
        Counters { connections: counters.connections - 1, ..counters }
    }
}

//! Sites to test a downloader with.

pub mod fault_server;
mod site_process;
pub mod tls_site;

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use flags_cli::site::{Behaviour, Counters, DemoSite, Exchange, base_url, listen, serve};
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
        Self::serve(DemoSite::new(behaviour))
    }

    /// Starts a site whose answers take exactly `latency` milliseconds.
    pub fn with_latency(latency: u64) -> Self {
        Self::serve(answering_after(latency))
    }

    /// Starts a site that answers one request at a time, the oldest, every `latency` milliseconds.
    pub fn one_at_a_time(latency: u64) -> Self {
        Self::serve(answering_after(latency).answering_at_once(1))
    }

    fn serve(site: DemoSite) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let site = Arc::new(site);
        let context = runtime.enter();
        let listener = listen(0).expect("a free port");
        let base_url = base_url(&listener).expect("an address");
        drop(context);
        let serve = serve(listener, Arc::clone(&site));
        thread::spawn(move || runtime.block_on(serve));
        Self { base_url, site }
    }

    /// What the site has seen so far.
    pub fn counters(&self) -> Counters {
        self.site.counters()
    }

    /// The requests that it has seen so far.
    pub fn requests(&self) -> Vec<Exchange> {
        self.site.run().exchanges
    }
}

fn answering_after(ms: u64) -> DemoSite {
    DemoSite::new(Behaviour::Local).with_latency(Some(Duration::from_millis(ms)))
}

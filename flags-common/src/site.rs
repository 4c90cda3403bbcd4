//! The demo site: an HTTP server with all flags, so that a download needs no network and hits
//! nobody's server.

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header::CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::{ALL_CC, CountryCode};

/// The path under which a site has its flags, in the demo site's base URL too.
pub const FLAGS_PATH: &str = "/flags";

/// One GIF for each code of [`ALL_CC`], in its order. Made by `build.rs`.
static FLAG_IMAGES: [&[u8]; ALL_CC.len()] = include!(concat!(env!("OUT_DIR"), "/flag_images.rs"));

/// The flag of a country as a GIF of 72 × 72 pixels, or `None` where the country list has no such
/// code. The artwork is Twemoji's (CC-BY 4.0).
pub fn flag_image(cc: CountryCode) -> Option<&'static [u8]> {
    ALL_CC.binary_search(&cc).ok().map(|index| FLAG_IMAGES[index])
}

/// How the demo site answers: the book's three local servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    /// After the same time each.
    Local(Duration),
    /// After 0.5 to 5 s, another time for each flag.
    Delay,
    /// After 0.5 s, a quarter of the flags with the status 418 in place of the image.
    Error,
}

impl Behaviour {
    /// How long the site waits before it answers a request for the flag of `cc`, and whether it then
    /// refuses to give it. Both come from the code and a fixed seed, so that each run of each
    /// variant meets the same delays and the same errors.
    fn for_flag(self, cc: CountryCode) -> (Duration, bool) {
        const SEED: u64 = 418;
        let [first, second] = cc.letters();
        let mut random =
            fastrand::Rng::with_seed(SEED << 16 | u64::from(first) << 8 | u64::from(second));
        match self {
            Self::Local(latency) => (latency, false),
            Self::Delay => (Duration::from_millis(random.u64(500..=5000)), false),
            Self::Error => (Duration::from_millis(500), random.u8(0..4) == 0),
        }
    }
}

/// What the demo site saw.
#[derive(Debug, Default)]
pub struct Counters {
    connections: AtomicUsize,
    requests: AtomicUsize,
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Counters {
    /// Connections accepted.
    pub fn connections(&self) -> usize {
        self.connections.load(Relaxed)
    }

    /// Requests for a flag, whether there is one or not.
    pub fn requests(&self) -> usize {
        self.requests.load(Relaxed)
    }

    /// The most requests for a flag that waited for their answer at the same time.
    pub fn most_at_once(&self) -> usize {
        self.most.load(Relaxed)
    }

    /// Counts a request, which is under way until the guard is dropped: also when its client hangs
    /// up, since the future that answers it is dropped then.
    fn request(&self) -> impl Drop {
        struct UnderWay<'a>(&'a AtomicUsize);
        impl Drop for UnderWay<'_> {
            fn drop(&mut self) {
                self.0.fetch_sub(1, Relaxed);
            }
        }
        self.requests.fetch_add(1, Relaxed);
        self.most.fetch_max(self.now.fetch_add(1, Relaxed) + 1, Relaxed);
        UnderWay(&self.now)
    }
}

/// Makes `runtime` serve the flags, on a free port of 127.0.0.1, as soon as it runs. Returns the
/// base URL of the flags, and what counts.
pub(crate) fn start(
    runtime: &Runtime,
    behaviour: Behaviour,
) -> io::Result<(String, Arc<Counters>)> {
    // An address and not `localhost`, which reqwest would look up on a thread for each request.
    let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
    let base_url = format!("http://{}{FLAGS_PATH}", listener.local_addr()?);
    let counters = Arc::<Counters>::default();
    runtime.spawn(serve(listener, behaviour, Arc::clone(&counters)));
    Ok((base_url, counters))
}

/// Serves the flags on `listener` until the future is dropped: `/flags/{cc}/{cc}.gif`, 404 where
/// there is none, and at `/` a page that shows them all. Connections are kept alive.
///
/// # Errors
/// None: a connection that fails ends alone.
pub async fn serve(
    listener: TcpListener,
    behaviour: Behaviour,
    counters: Arc<Counters>,
) -> io::Result<()> {
    let accepted = Arc::clone(&counters);
    let listener = listener.tap_io(move |stream| {
        accepted.connections.fetch_add(1, Relaxed);
        _ = stream.set_nodelay(true); // worth 40 ms where it helps, harmless where it fails
    });
    let router = Router::new()
        .route("/", get(Html(index_page())))
        .route("/flags/{cc}/{file}", get(flag))
        .with_state((behaviour, counters));
    axum::serve(listener, router).await
}

async fn flag(
    Path((cc, file)): Path<(String, String)>,
    State((behaviour, counters)): State<(Behaviour, Arc<Counters>)>,
) -> Response {
    let _under_way = counters.request();
    let known = cc.parse::<CountryCode>().ok().filter(|_| {
        let lower_case = !cc.bytes().any(|letter| letter.is_ascii_uppercase());
        lower_case && file.strip_suffix(".gif") == Some(&cc)
    });
    let Some(cc) = known else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let (delay, refused) = behaviour.for_flag(cc);
    if !delay.is_zero() {
        tokio::time::sleep(delay).await; // in whole milliseconds: even a sleep of 0 can take 1
    }
    match flag_image(cc) {
        _ if refused => (StatusCode::IM_A_TEAPOT, "I'm a teapot\n").into_response(),
        Some(image) => ([(CONTENT_TYPE, "image/gif")], image).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The browser names the countries in its own language and fetches each flag as it scrolls to it.
fn index_page() -> String {
    let figures: String = ALL_CC
        .map(|cc| {
            let url = crate::flag_url(FLAGS_PATH, cc);
            format!(
                "<figure><img src={url} width=72 height=72 loading=lazy alt={cc}>\
                 <figcaption>{cc}</figcaption></figure>\n"
            )
        })
        .concat();
    include_str!("site.html").replace("<!-- figures -->", &figures)
}

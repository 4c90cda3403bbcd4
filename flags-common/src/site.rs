//! The demo site: an HTTP server with all flags, so that a download needs no network and hits
//! nobody's server.

use std::convert::Infallible;
use std::fmt;
use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::runtime::Runtime;
use tokio::time::sleep;

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

/// How long LOCAL waits before it answers, if nothing else is said: a stand-in for the network that
/// makes the arithmetic easy.
pub const DEFAULT_LATENCY: Duration = Duration::from_millis(100);

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
        const SEED: u64 = 48; // with which ERROR refuses 5 of the 20 most populous countries
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

impl fmt::Display for Counters {
    /// A line for each counter.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "connections: {}", self.connections())?;
        writeln!(f, "requests: {}", self.requests())?;
        writeln!(f, "most at once: {}", self.most_at_once())
    }
}

/// Makes `runtime` serve the flags, on a free port of 127.0.0.1, as soon as it runs. Returns the
/// base URL of the flags, and what counts.
///
/// # Errors
/// If there is no free port.
pub fn start(runtime: &Runtime, behaviour: Behaviour) -> io::Result<(String, Arc<Counters>)> {
    let _context = runtime.enter();
    let listener = listen(0)?;
    let base_url = format!("http://{}{FLAGS_PATH}", listener.local_addr()?);
    let counters = Arc::<Counters>::default();
    runtime.spawn(serve(listener, behaviour, Arc::clone(&counters)));
    Ok((base_url, counters))
}

/// Listens on `port` of 127.0.0.1, or on a free one if that is 0. Must be called in a runtime.
///
/// # Errors
/// If the port is in use, or may not be used.
pub fn listen(port: u16) -> io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    if cfg!(unix) {
        socket.set_reuseaddr(true)?; // a site that has just ended does not count as in use
    }
    // An address and not `localhost`, which reqwest would look up on a thread for each request.
    socket.bind((Ipv4Addr::LOCALHOST, port).into())?;
    // When 1,000 connect at once, the usual queue of 128 overflows: the rest try again 1 s later.
    socket.listen(1024)
}

/// Serves the flags on `listener` until the future is dropped: `/flags/{cc}/{cc}.gif`, 404 where
/// there is none, at `/` a page that shows them all, and at `/counters` what the site saw so far,
/// the connection that asks for it included. Connections are kept alive, and closed where the head
/// of a request is 30 s in coming.
pub async fn serve(listener: TcpListener, behaviour: Behaviour, counters: Arc<Counters>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(serve_connection(stream, behaviour, Arc::clone(&counters)));
            }
            // Too many open files, perhaps: some will be closed soon.
            Err(_) => sleep(Duration::from_millis(10)).await,
        }
    }
}

async fn serve_connection(stream: TcpStream, behaviour: Behaviour, counters: Arc<Counters>) {
    counters.connections.fetch_add(1, Relaxed);
    _ = stream.set_nodelay(true); // worth 40 ms where it helps, harmless where it fails
    let service = service_fn(async |request| {
        Ok::<_, Infallible>(respond(&request, behaviour, &counters).await)
    });
    // A connection that fails ends alone.
    _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn respond(
    request: &Request<Incoming>,
    behaviour: Behaviour,
    counters: &Counters,
) -> Response<Full<Bytes>> {
    let (status, content_type, body) = match (request.method(), request.uri().path()) {
        (&Method::GET | &Method::HEAD, "/") => {
            (StatusCode::OK, "text/html", Bytes::from(index_page()))
        }
        (&Method::GET | &Method::HEAD, "/counters") => {
            (StatusCode::OK, "text/plain", Bytes::from(counters.to_string()))
        }
        (&Method::GET | &Method::HEAD, path) => match path.strip_prefix(FLAGS_PATH) {
            Some(path) => flag(path, behaviour, counters).await,
            None => problem(StatusCode::NOT_FOUND),
        },
        _ => problem(StatusCode::METHOD_NOT_ALLOWED),
    };
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// A status, the type of a body, and the body.
type Answer = (StatusCode, &'static str, Bytes);

fn problem(status: StatusCode) -> Answer {
    (status, "text/plain", Bytes::from(format!("{status}\n")))
}

/// Answers a request for `path`, `/cc/cc.gif`, below [`FLAGS_PATH`].
async fn flag(path: &str, behaviour: Behaviour, counters: &Counters) -> Answer {
    let _under_way = counters.request();
    let code = path.get(1..3).and_then(|letters| letters.parse().ok());
    let Some(cc) = code.filter(|&cc| crate::flag_url("", cc) == path) else {
        return problem(StatusCode::NOT_FOUND);
    };
    let (delay, refused) = behaviour.for_flag(cc);
    if !delay.is_zero() {
        sleep(delay).await; // in whole milliseconds: even a sleep of 0 can take 1
    }
    match flag_image(cc) {
        _ if refused => problem(StatusCode::IM_A_TEAPOT),
        Some(image) => (StatusCode::OK, "image/gif", Bytes::from_static(image)),
        None => problem(StatusCode::NOT_FOUND),
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

//! The demo site: an HTTP server with every flag, so that a download needs no network and burdens
//! no one else's server.

mod behaviour;
mod log;

use std::collections::HashMap;
use std::convert::Infallible;
use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use flags_common::{ALL_CC, CountryCode, flag_url};
use http::header::{CONTENT_TYPE, HeaderValue, USER_AGENT};
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::sleep;

pub use self::behaviour::Behaviour;
pub use self::log::{Counters, Ending, Exchange, Run};
use crate::lock::lock;

/// Path of the flags on the demo site.
pub const FLAGS_PATH: &str = "/flags";

/// Query that marks the images of the site's own page.
const ON_PAGE: &str = "page";

/// One GIF for each code of [`ALL_CC`], in the same order. Made by `build.rs`.
static FLAG_IMAGES: [&[u8]; ALL_CC.len()] = include!(concat!(env!("OUT_DIR"), "/flag_images.rs"));

/// The flag of a country as a GIF of 72 × 72 pixels; `None` if the code is not in [`ALL_CC`]. The
/// artwork is Twemoji's (CC-BY 4.0).
pub fn flag_image(cc: CountryCode) -> Option<&'static [u8]> {
    ALL_CC.binary_search(&cc).ok().map(|index| FLAG_IMAGES[index])
}

/// A demo site. [`serve`] runs it.
pub struct DemoSite {
    behaviour: Behaviour,
    /// How long it waits before each answer, instead of the behaviour's own times.
    latency: Option<Duration>,
    /// A permit for each request that may be answered at the same time.
    places: Semaphore,
    /// Requests so far for each flag.
    attempts: Mutex<HashMap<CountryCode, u32>>,
    /// What it has seen.
    run: Mutex<Run>,
}

impl DemoSite {
    /// Makes a site that answers as `behaviour` says.
    pub fn new(behaviour: Behaviour) -> Self {
        Self {
            behaviour,
            latency: None,
            places: Semaphore::new(Semaphore::MAX_PERMITS),
            attempts: Mutex::default(),
            run: Mutex::default(),
        }
    }

    /// Waits exactly this long before each answer, which makes the arithmetic visible. `None` leaves
    /// the behaviour's own times.
    pub fn with_latency(self, latency: Option<Duration>) -> Self {
        Self { latency, ..self }
    }

    /// Answers only `requests` at a time; the others queue.
    pub fn answering_at_once(self, requests: usize) -> Self {
        Self { places: Semaphore::new(requests), ..self }
    }

    /// Counts the requests for the flag of `cc`: 0 is the first.
    fn attempt(&self, cc: CountryCode) -> u32 {
        let mut attempts = lock(&self.attempts);
        let count = attempts.entry(cc).or_default();
        *count += 1;
        *count - 1
    }
}

/// Listens on `port` of 127.0.0.1; 0 means any free port. Must be called within a tokio runtime.
///
/// # Errors
/// If the port is in use or not permitted.
pub fn listen(port: u16) -> io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    if cfg!(unix) {
        socket.set_reuseaddr(true)?; // so that a site can be restarted on the same port at once
    }
    // An address, not `localhost`: reqwest would look that up, on a thread, for each connection.
    socket.bind((Ipv4Addr::LOCALHOST, port).into())?;
    // 1,000 clients that connect at once overflow the usual queue of 128; the rest retry after 1 s.
    socket.listen(1024)
}

/// Base URL of the flags on a site that listens on `listener`.
///
/// # Errors
/// If the operating system does not tell the listener's address.
pub fn base_url(listener: &TcpListener) -> io::Result<String> {
    Ok(format!("http://{}{FLAGS_PATH}", listener.local_addr()?))
}

/// Serves `site` on `listener` until the future is dropped: the flags at `/flags/{cc}/{cc}.gif`
/// (404 for other codes), a page that shows them all at `/`, `/flags` and `/flags/`, and the
/// [`Counters`] at `/counters`.
///
/// Connections are kept alive, but closed if a request head takes longer than 30 s.
pub async fn serve(listener: TcpListener, site: Arc<DemoSite>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => _ = tokio::spawn(serve_connection(stream, Arc::clone(&site))),
            // Too many open files, perhaps: some will be closed soon.
            Err(_) => sleep(Duration::from_millis(10)).await,
        }
    }
}

async fn serve_connection(stream: TcpStream, site: Arc<DemoSite>) {
    let connection = site.connect();
    _ = stream.set_nodelay(true); // avoids delayed-ACK stalls of 40 ms; failure is harmless
    let service =
        service_fn(async |request| Ok::<_, Infallible>(respond(&request, connection, &site).await));
    // An error ends this connection and no other.
    _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

type Answer = Response<Full<Bytes>>;

async fn respond(request: &Request<Incoming>, connection: usize, site: &DemoSite) -> Answer {
    let (path, query) = (request.uri().path(), request.uri().query());
    match path {
        "/counters" => response(StatusCode::OK, "text/plain", site.counters().to_string()),
        // The images of the page are neither delayed nor counted.
        _ if query == Some(ON_PAGE) => image(log::code(path)),
        _ => {
            let in_flight = site.begin(exchange(request, connection));
            let response = answer(request.method(), path, site).await;
            in_flight.answered(response.status());
            response
        }
    }
}

fn exchange(request: &Request<Incoming>, connection: usize) -> Exchange {
    let client = request.headers().get(USER_AGENT);
    Exchange {
        connection,
        method: request.method().to_string(),
        target: request.uri().path_and_query().map(ToString::to_string).unwrap_or_default(),
        client: client.and_then(|name| name.to_str().ok()).unwrap_or_default().to_owned(),
        arrived: Instant::now(),
        end: None,
    }
}

async fn answer(method: &Method, path: &str, site: &DemoSite) -> Answer {
    if !matches!(*method, Method::GET | Method::HEAD) {
        return error_response(StatusCode::METHOD_NOT_ALLOWED);
    }
    if matches!(path, "/" | "/flags" | "/flags/") {
        return response(StatusCode::OK, "text/html", index_page());
    }
    let Some(cc) = log::code(path) else { return error_response(StatusCode::NOT_FOUND) };
    let _place = site.places.acquire().await.expect("it is never closed");
    let (delay, refused) = site.behaviour.for_flag(cc, site.attempt(cc));
    let delay = site.latency.unwrap_or(delay);
    if !delay.is_zero() {
        sleep(delay).await; // even a sleep of 0 can take 1 ms
    }
    if refused { error_response(StatusCode::IM_A_TEAPOT) } else { image(Some(cc)) }
}

/// The image of a country, if there is one.
fn image(cc: Option<CountryCode>) -> Answer {
    match cc.and_then(flag_image) {
        Some(image) => response(StatusCode::OK, "image/gif", image),
        None => error_response(StatusCode::NOT_FOUND),
    }
}

fn error_response(status: StatusCode) -> Answer {
    response(status, "text/plain", format!("{status}\n"))
}

fn response(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Answer {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

fn index_page() -> String {
    let figures: String = ALL_CC
        .map(|cc| {
            let url = flag_url(FLAGS_PATH, cc);
            format!(
                "<figure><img src={url}?{ON_PAGE} width=72 height=72 loading=lazy alt={cc}>\
                 <figcaption>{cc}</figcaption></figure>\n"
            )
        })
        .concat();
    include_str!("index.html").replace("<!-- figures -->", &figures)
}

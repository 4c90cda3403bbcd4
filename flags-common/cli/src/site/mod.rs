//! The demo site: an HTTP server with every flag, so that a download needs no network and burdens
//! no one else's server.

mod activity;
mod behaviour;
mod images;

use std::convert::Infallible;
use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use flags_common::{ALL_CC, CountryCode, flag_url};
use http::header::{CONTENT_TYPE, HeaderValue, USER_AGENT};
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::sleep;

use self::activity::Activity;
pub use self::activity::{Counters, Event, EventKind};
pub use self::behaviour::Behaviour;
pub use self::images::flag_image;

/// Path of the flags on the demo site.
pub const FLAGS_PATH: &str = "/flags";

/// Query that marks the images of the site's own page.
const ON_PAGE: &str = "page";

/// A demo site, to be run by [`serve`].
pub struct DemoSite {
    behaviour: Behaviour,
    activity: Activity,
}

impl DemoSite {
    /// Makes a site that answers as `behaviour` says.
    pub fn new(behaviour: Behaviour) -> Self {
        Self { behaviour, activity: Activity::default() }
    }

    /// Passes each event from now on to `observer`, on the thread that runs the site. The first
    /// observer stays; others are ignored.
    pub fn observe(&self, observer: impl Fn(&Event) + Send + Sync + 'static) {
        _ = self.activity.observer.set(Box::new(observer));
    }

    /// What the site has seen so far.
    pub fn counters(&self) -> Counters {
        self.activity.counters()
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
    let connection = site.activity.connect();
    _ = stream.set_nodelay(true); // avoids delayed-ACK stalls of 40 ms; failure is harmless
    let service =
        service_fn(async |request| Ok::<_, Infallible>(respond(&request, connection, &site).await));
    // An error ends this connection and no other.
    _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn respond(
    request: &Request<Incoming>,
    connection: usize,
    site: &DemoSite,
) -> Response<Full<Bytes>> {
    let path = request.uri().path();
    let (status, content_type, body) = match path {
        _ if !matches!(*request.method(), Method::GET | Method::HEAD) => {
            error_response(StatusCode::METHOD_NOT_ALLOWED)
        }
        "/" | "/flags" | "/flags/" => (StatusCode::OK, "text/html", Bytes::from(index_page())),
        "/counters" => (StatusCode::OK, "text/plain", Bytes::from(site.counters().to_string())),
        _ => match path.strip_prefix(FLAGS_PATH) {
            // The images of the page are neither delayed nor counted.
            Some(flag_path) if request.uri().query() == Some(ON_PAGE) => {
                flag(flag_path, Behaviour::Exact(Duration::ZERO)).await
            }
            Some(flag_path) => {
                let client = request.headers().get(USER_AGENT);
                let client = client.and_then(|client| client.to_str().ok()).unwrap_or_default();
                let request = site.activity.begin_request(connection, path, client);
                let response = flag(flag_path, site.behaviour).await;
                request.answered();
                response
            }
            None => error_response(StatusCode::NOT_FOUND),
        },
    };
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// Status, content type, body.
type Content = (StatusCode, &'static str, Bytes);

fn error_response(status: StatusCode) -> Content {
    (status, "text/plain", Bytes::from(format!("{status}\n")))
}

/// Responds to a request for `path`, `/cc/cc.gif` below [`FLAGS_PATH`].
async fn flag(path: &str, behaviour: Behaviour) -> Content {
    let code: Option<CountryCode> = path.get(1..3).and_then(|letters| letters.parse().ok());
    let Some(cc) = code.filter(|&cc| flag_url("", cc) == path) else {
        return error_response(StatusCode::NOT_FOUND);
    };
    let (delay, refused) = behaviour.for_flag(cc);
    if !delay.is_zero() {
        sleep(delay).await; // even a sleep of 0 can take 1 ms
    }
    match flag_image(cc) {
        _ if refused => error_response(StatusCode::IM_A_TEAPOT),
        Some(image) => (StatusCode::OK, "image/gif", Bytes::from_static(image)),
        None => error_response(StatusCode::NOT_FOUND),
    }
}

/// A page of all flags. The browser names the countries in its user's language, and fetches each
/// flag when it scrolls into view.
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

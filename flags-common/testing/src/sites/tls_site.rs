//! A demo site behind TLS, with a certificate made by the test.

use std::fs;
use std::sync::Arc;
use std::thread;

use flags_cli::site::listen;
use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::ring;
use tokio::io::copy_bidirectional;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use super::TestSite;
use crate::{Run, Variant, finish, http};

/// A site whose certificate no system trusts yet.
pub struct TlsSite {
    /// Base URL of its flags.
    pub base_url: String,
    /// Its certificate in PEM format.
    pub certificate: String,
}

impl TlsSite {
    /// Starts a site on 127.0.0.1, which serves until the process ends. Its certificate is for `name`.
    pub fn start(name: &str) -> Self {
        Self::start_as(name, IsCa::NoCa)
    }

    /// Starts such a site, whose certificate is a CA's, as `openssl req -x509` makes it.
    pub fn start_with_a_cas(name: &str) -> Self {
        Self::start_as(name, IsCa::Ca(BasicConstraints::Unconstrained))
    }

    fn start_as(name: &str, is_ca: IsCa) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.is_ca = is_ca;
        let certificate = params.self_signed(&key).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key.into())
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));

        // TLS ends here; behind it is the demo site.
        let behind = TestSite::with_latency(0);
        let address = http::address(&behind.base_url).to_owned();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let listener = runtime.block_on(async { listen(0) }).unwrap();
        let base_url = format!("https://{}/flags", listener.local_addr().unwrap());
        let serve = async move {
            while let Ok((client, _)) = listener.accept().await {
                let (acceptor, address) = (acceptor.clone(), address.clone());
                tokio::spawn(async move {
                    let Ok(mut client) = acceptor.accept(client).await else { return };
                    let mut site = TcpStream::connect(address).await.unwrap();
                    _ = copy_bidirectional(&mut client, &mut site).await;
                });
            }
        };
        thread::spawn(move || runtime.block_on(serve));
        Self { base_url, certificate: certificate.pem() }
    }
}

/// Runs `variant` where the system, if it is Linux, trusts only `certificate`, or none.
pub fn run_trusting(variant: &Variant, certificate: Option<&str>, args: &[&str]) -> Run {
    let dir = tempfile::tempdir().unwrap();
    let trusted = dir.path().join("trusted.pem");
    if let Some(certificate) = certificate {
        fs::write(&trusted, certificate).unwrap();
    }
    let mut command = variant.command(dir.path());
    command.args(args).env_remove("SSL_CERT_DIR").env("SSL_CERT_FILE", trusted);
    finish(command, dir)
}

//! A demo site behind TLS, with a certificate made by the test.

use std::fs;
use std::sync::Arc;
use std::thread;

use flags_cli::site::listen;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::copy_bidirectional;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use super::TestSite;
use crate::{Run, Variant, finish, http};

/// A certificate authority, such as a company's own.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    /// Makes an authority that no system trusts yet.
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        params.distinguished_name.push(DnType::CommonName, name);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// Its certificate in PEM format.
    pub fn pem(&self) -> String {
        self.0.pem()
    }
}

/// The parameters of a certificate for a host name or an IP address.
pub fn certificate_for(name: &str) -> CertificateParams {
    CertificateParams::new([name.to_owned()]).unwrap()
}

/// Serves the flags over TLS on 127.0.0.1 and returns the base URL. The certificate `params` is signed
/// by `authority`, or self-signed without one.
pub fn start_tls_site(params: CertificateParams, authority: Option<&Authority>) -> String {
    let key = KeyPair::generate().unwrap();
    let certificate = match authority {
        Some(authority) => params.signed_by(&key, &authority.0),
        None => params.self_signed(&key),
    };
    let chain = vec![certificate.unwrap().der().clone()];
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, PrivateKeyDer::try_from(key.serialize_der()).unwrap())
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));

    // TLS ends here; behind it is the demo site.
    let behind = TestSite::with_latency(0);
    let address = http::address(&behind.base_url).to_owned();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let listener = runtime.block_on(async { listen(0) }).unwrap();
    let base_url = behind.base_url.replace(&address, &listener.local_addr().unwrap().to_string());
    let base_url = base_url.replace("http:", "https:");
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
    base_url
}

/// Runs `variant` on a system that trusts only `authority`, or no authority.
pub fn run_trusting(variant: &Variant, authority: Option<&Authority>, args: &[&str]) -> Run {
    let dir = tempfile::tempdir().unwrap();
    let trusted = dir.path().join("trusted.pem");
    if let Some(authority) = authority {
        fs::write(&trusted, authority.pem()).unwrap();
    }
    let mut command = variant.command(dir.path());
    command.args(args).env_remove("SSL_CERT_DIR").env("SSL_CERT_FILE", trusted);
    finish(command, dir)
}

//! A server of one file that answers requests for ranges, well or badly, and counts them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// The certificate of a server with TLS: signed by itself, for 127.0.0.1, until 2120.
pub const CERTIFICATE: &str = include_str!("server_cert.pem");
/// Its key, which is no secret.
const KEY: &str = include_str!("server_key.pem");

/// How it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// As it should.
    Well,
    /// With all of the file.
    Whole,
    /// With a file that is longer from the second request on.
    Growing,
    /// With a file of another `ETag` from the second request on.
    Replaced,
    /// With the bytes that stand one further on, from the second request on.
    Beside,
    /// With fewer bytes than it speaks of.
    Short,
    /// Without saying which part it is.
    Silent,
    /// With this status.
    Status(u16),
}

/// The server; its thread ends with the test's process.
pub struct Server {
    scheme: &'static str,
    port: u16,
    requests: Arc<AtomicU64>,
    sent_bytes: Arc<AtomicU64>,
}

impl Server {
    pub fn start(file: Vec<u8>, manner: Manner) -> Self {
        Server::start_as(None, file, manner)
    }

    /// The same with TLS.
    pub fn start_tls(file: Vec<u8>, manner: Manner) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let certificate = CertificateDer::from_pem_slice(CERTIFICATE.as_bytes()).unwrap();
        let key = PrivateKeyDer::from_pem_slice(KEY.as_bytes()).unwrap();
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        Server::start_as(Some(Arc::new(config)), file, manner)
    }

    fn start_as(tls: Option<Arc<ServerConfig>>, file: Vec<u8>, manner: Manner) -> Self {
        let scheme = if tls.is_some() { "https" } else { "http" };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let counters: [Arc<AtomicU64>; 2] = Default::default();
        let [requests, sent_bytes] = counters.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.unwrap();
                match &tls {
                    None => serve(stream, &file, manner, &counters),
                    Some(config) => {
                        let session = ServerConnection::new(Arc::clone(config)).unwrap();
                        let stream = StreamOwned::new(session, stream);
                        serve(stream, &file, manner, &counters);
                    }
                }
            }
        });
        Server { scheme, port, requests, sent_bytes }
    }

    pub fn url(&self) -> String {
        format!("{}://127.0.0.1:{}/some/a.psindex?signature=secret", self.scheme, self.port)
    }

    /// Requests and bytes since this was asked last.
    pub fn taken(&self) -> (u64, u64) {
        let take = |counter: &AtomicU64| counter.swap(0, Ordering::SeqCst);
        (take(&self.requests), take(&self.sent_bytes))
    }
}

/// Answers the requests of one connection until it is closed.
fn serve(stream: impl Read + Write, file: &[u8], manner: Manner, counters: &[Arc<AtomicU64>; 2]) {
    let mut stream = BufReader::new(stream);
    loop {
        let mut range = None;
        loop {
            let mut line = String::new();
            // Who does not trust the certificate ends the connection here.
            if !stream.read_line(&mut line).is_ok_and(|bytes| bytes > 0) {
                return;
            }
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.to_lowercase().strip_prefix("range: bytes=") {
                let (first, last) = value.split_once('-').unwrap();
                range = Some((first.parse::<usize>().unwrap(), last.parse::<usize>().unwrap()));
            }
        }
        let range = range.expect("every request is for a range");
        let count = counters[0].fetch_add(1, Ordering::SeqCst);
        let (head, body) = answer(file, range, manner, count > 0);
        counters[1].fetch_add(body.len() as u64, Ordering::SeqCst);
        let out = stream.get_mut();
        let sent = out.write_all(head.as_bytes()).and_then(|()| out.write_all(body));
        if sent.and_then(|()| out.flush()).is_err() {
            return;
        }
        if manner == Manner::Short {
            return;
        }
    }
}

fn answer(
    file: &[u8],
    (first, last): (usize, usize),
    manner: Manner,
    is_later: bool,
) -> (String, &[u8]) {
    match manner {
        Manner::Whole => {
            (format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", file.len()), file)
        }
        Manner::Status(status) => {
            (format!("HTTP/1.1 {status} Sorry\r\nContent-Length: 0\r\n\r\n"), &[])
        }
        _ => {
            let step = usize::from(is_later && manner == Manner::Beside);
            let end = (last + 1).min(file.len());
            let (first, end) = (first - step, end - step);
            let total = file.len() + usize::from(is_later && manner == Manner::Growing);
            let tag = if is_later && manner == Manner::Replaced { "b" } else { "a" };
            let place = match manner {
                Manner::Silent => String::new(),
                _ => format!("Content-Range: bytes {first}-{}/{total}\r\n", end - 1),
            };
            let length = end - first;
            let head = format!(
                "HTTP/1.1 206 Partial Content\r\nETag: \"{tag}\"\r\n{place}\
                 Content-Length: {length}\r\n\r\n"
            );
            let sent = if manner == Manner::Short { length / 2 } else { length };
            (head, &file[first..first + sent])
        }
    }
}

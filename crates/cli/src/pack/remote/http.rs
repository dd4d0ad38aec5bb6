//! Parts of a file behind a URL, by HTTP requests for ranges.
//!
//! Owns: the requests, what counts as an answer to them, and how many there were. Does not own
//! which parts are needed. Invariants: requests go over one connection, in turns; a part is
//! taken only if it is the one that was asked for, of a file that is still the same.

use std::cell::{Cell, RefCell};
use std::io::Read;
use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use spatio::packed::{RangeReader, Spent};
use spatio::{Error, ErrorKind};
use ureq::http::{HeaderMap, StatusCode};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

const OPERATION: &str = "pack over HTTP";
/// How much the first request asks for: what every opening reads first.
const HEAD_BYTES: u64 = 16 << 10;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);
/// So long may the server be silent.
const READ_TIMEOUT: Duration = Duration::from_secs(60);

/// The variable that names a file of the authorities to trust, in place of those of the web; it is
/// that of OpenSSL and of curl.
const AUTHORITIES: &str = "SSL_CERT_FILE";

/// A file behind a URL.
pub(crate) struct HttpRanges {
    agent: ureq::Agent,
    url: String,
    total_bytes: u64,
    /// What the server calls this state of the file, if it does.
    state: Option<String>,
    /// What was fetched while the heads were read, and is asked for again by the opening.
    kept: RefCell<Vec<(u64, Vec<u8>)>>,
    is_keeping: Cell<bool>,
    spent: Cell<Spent>,
}

impl HttpRanges {
    /// Asks for the beginning of the file, by which its length is known.
    pub(crate) fn open(url: &str) -> spatio::Result<Self> {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .accept_encoding("identity")
            .user_agent(concat!("spatio/", env!("CARGO_PKG_VERSION")))
            .tls_config(tls()?)
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .timeout_per_read(Some(READ_TIMEOUT));
        let mut file = HttpRanges {
            agent: config.build().into(),
            url: url.to_owned(),
            total_bytes: 0,
            state: None,
            kept: RefCell::default(),
            is_keeping: Cell::new(true),
            spent: Cell::new(Spent::default()),
        };
        let (place, head, state) = file.request(&(0..HEAD_BYTES))?;
        if place.range != (0..HEAD_BYTES.min(place.total)) {
            return Err(wrong_range(&(0..HEAD_BYTES), &place.range));
        }
        (file.total_bytes, file.state) = (place.total, state);
        file.count(1, 1, head.len());
        file.kept = RefCell::new(vec![(0, head)]);
        Ok(file)
    }

    /// From now on nothing more is kept.
    pub(crate) fn stop_keeping(&self) {
        self.is_keeping.set(false);
    }

    /// What was asked of the server.
    pub(crate) fn spent(&self) -> Spent {
        self.spent.get()
    }

    fn count(&self, rounds: u64, reads: u64, bytes: usize) {
        let mut spent = self.spent.get();
        spent.rounds += rounds;
        spent.reads += reads;
        spent.bytes += bytes as u64;
        self.spent.set(spent);
    }

    fn kept(&self, range: &Range<u64>) -> Option<Vec<u8>> {
        self.kept.borrow().iter().find_map(|(start, bytes)| {
            let from = usize::try_from(range.start.checked_sub(*start)?).ok()?;
            let count = usize::try_from(range.end - range.start).ok()?;
            bytes.get(from..)?.get(..count).map(<[u8]>::to_vec)
        })
    }

    /// One request, and what came: which part of how many bytes, the part, the state of the file.
    fn request(&self, range: &Range<u64>) -> spatio::Result<(Place, Vec<u8>, Option<String>)> {
        let wanted = format!("bytes={}-{}", range.start, range.end - 1);
        let answer = self.agent.get(&self.url).header("Range", &wanted).call();
        let answer = answer.map_err(|error| io(format!("the request failed: {error}")))?;
        check_status(answer.status())?;
        let (head, mut body) = answer.into_parts();
        let place = place(&head.headers)?;
        let length = place.range.end - place.range.start;
        if length > range.end - range.start {
            return Err(wrong_range(range, &place.range));
        }
        let mut bytes = Vec::new();
        // One byte more would be found here, and no more than that is read.
        let read = body.as_reader().take(length + 1).read_to_end(&mut bytes);
        read.map_err(|error| io(format!("the answer broke off: {error}")))?;
        if bytes.len() as u64 != length {
            let message = format!("{} bytes came, the server spoke of {length}", bytes.len());
            return Err(io(message));
        }
        let state = head.headers.get("etag").and_then(|tag| tag.to_str().ok());
        Ok((place, bytes, state.map(str::to_owned)))
    }

    fn part(&self, range: &Range<u64>) -> spatio::Result<Vec<u8>> {
        let (place, bytes, state) = self.request(range)?;
        if place.total != self.total_bytes || state != self.state {
            let (was, is) = (self.total_bytes, place.total);
            let message = format!("the file changed while it was read: {was} bytes, then {is}");
            return Err(io(message));
        }
        if place.range != *range {
            return Err(wrong_range(range, &place.range));
        }
        self.count(0, 1, bytes.len());
        if self.is_keeping.get() {
            self.kept.borrow_mut().push((range.start, bytes.clone()));
        }
        Ok(bytes)
    }
}

impl RangeReader for HttpRanges {
    fn total_bytes(&self) -> spatio::Result<u64> {
        Ok(self.total_bytes)
    }

    fn read_ranges(&self, ranges: &[Range<u64>]) -> spatio::Result<Vec<Vec<u8>>> {
        let before = self.spent.get().reads;
        let read = |range| self.kept(range).map_or_else(|| self.part(range), Ok);
        let parts = ranges.iter().map(read).collect();
        self.count(u64::from(self.spent.get().reads > before), 0, 0);
        parts
    }
}

/// Whom a connection trusts.
fn tls() -> spatio::Result<TlsConfig> {
    let builder = TlsConfig::builder();
    Ok(match std::env::var_os(AUTHORITIES) {
        None => builder.build(),
        Some(path) => builder.root_certs(authorities(Path::new(&path))?).build(),
    })
}

/// The certificates of a file in PEM.
fn authorities(path: &Path) -> spatio::Result<RootCerts> {
    let bytes = std::fs::read(path).map_err(|error| Error::io(OPERATION, path, error))?;
    let certificate = |item| match item {
        Ok(PemItem::Certificate(certificate)) => Some(certificate),
        _ => None,
    };
    let found: Vec<Certificate<'static>> = parse_pem(&bytes).filter_map(certificate).collect();
    if found.is_empty() {
        let message = format!("{AUTHORITIES} names {}, which has no certificate", path.display());
        return Err(Error::new(ErrorKind::InvalidArgument, OPERATION, message));
    }
    Ok(found.into())
}

fn io(message: String) -> Error {
    Error::new(ErrorKind::Io, OPERATION, message)
}

fn wrong_range(asked: &Range<u64>, came: &Range<u64>) -> Error {
    io(format!("bytes {asked:?} were asked for, {came:?} came"))
}

fn check_status(status: StatusCode) -> spatio::Result<()> {
    match status {
        StatusCode::PARTIAL_CONTENT => Ok(()),
        StatusCode::OK => {
            let message = "the server gives only all of the file, not a part (it answers 200 to a \
                           request with Range); download the file";
            Err(Error::new(ErrorKind::Unsupported, OPERATION, message))
        }
        StatusCode::NOT_FOUND | StatusCode::GONE => {
            let message = format!("no packed file is there, the server says {status}");
            Err(Error::new(ErrorKind::NotFound, OPERATION, message))
        }
        StatusCode::RANGE_NOT_SATISFIABLE => {
            Err(io(format!("the file is empty or became shorter, the server says {status}")))
        }
        other => Err(io(format!("the server says {other}"))),
    }
}

/// Which part of a file came.
#[derive(Debug, PartialEq)]
struct Place {
    range: Range<u64>,
    total: u64,
}

fn place(headers: &HeaderMap) -> spatio::Result<Place> {
    let text = headers.get("content-range").and_then(|value| value.to_str().ok());
    let Some(text) = text else {
        return Err(io("the server does not say which part it sent (Content-Range)".to_owned()));
    };
    parse_place(text).ok_or_else(|| io(format!("no usable Content-Range: {text:?}")))
}

/// `bytes 0-99/1234`; the length must be there.
fn parse_place(text: &str) -> Option<Place> {
    let (range, total) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
    let total = total.parse().ok()?;
    (first <= last && last < total).then_some(Place { range: first..last + 1, total })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_told_by_content_range() {
        assert_eq!(parse_place("bytes 5-9/10"), Some(Place { range: 5..10, total: 10 }));
        for bad in ["bytes 0-9/*", "bytes */10", "bytes 5-10/10", "bytes 5-4/10", "0-9/10", ""] {
            assert_eq!(parse_place(bad), None, "{bad}");
        }
    }
}

//! Redis GEO on a private unix socket: a `redis-server` of its own, started and stopped by the
//! bench.
//!
//! Owns the server process and its directory, removed when dropped. Kindly measured: commands are
//! pipelined, and only the processor time of the server counts, not that of the client beside it.
//! It rounds positions to 52 bits of geohash (less than a metre), knows no altitude, and its Earth
//! is 0.03 % larger, so hits at the border of a circle may differ.

use super::resp::{Reply, Wire};
use super::{Form, Ids, Moves, Peer, Question, Slack, Wanted};
use crate::Outcome;
use ::ours::Point;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread::sleep;
use std::time::Duration;

const KEY: &[u8] = b"bench";
const PIPELINE: usize = 500;
const START_ATTEMPTS: usize = 200;

/// A server and the connection to it.
pub struct Redis {
    wire: Wire,
    server: Server,
    ids: Arc<Ids>,
}

struct Server {
    process: Child,
    directory: PathBuf,
}

impl Drop for Server {
    fn drop(&mut self) {
        // The server may have died already, and a directory left behind is harmless.
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// Whether this machine has a `redis-server`.
pub fn is_installed() -> bool {
    let version = Command::new("redis-server").arg("--version").stdout(Stdio::null()).status();
    version.is_ok_and(|status| status.success())
}

impl Redis {
    /// Starts a server that keeps nothing on disk, with its socket in a new `directory`.
    pub fn start(directory: &Path, ids: Arc<Ids>) -> Outcome<Self> {
        fs::create_dir_all(directory)?;
        let socket = directory.join("redis.sock");
        let process = Command::new("redis-server")
            .args(["--port", "0", "--save", "", "--appendonly", "no", "--dir"])
            .arg(directory)
            .arg("--unixsocket")
            .arg(&socket)
            .stdout(Stdio::null())
            .spawn()?;
        let server = Server { process, directory: directory.to_path_buf() };
        for _ in 0..START_ATTEMPTS {
            if let Ok(wire) = Wire::connect(&socket) {
                return Ok(Redis { wire, server, ids });
            }
            sleep(Duration::from_millis(25));
        }
        Err("redis-server did not open its socket".into())
    }

    /// What the server says that its data takes, in bytes.
    pub fn memory_bytes(&mut self) -> Outcome<u64> {
        let info = self.wire.call(&[b"INFO", b"memory"])?;
        let line = info.text()?.lines().find_map(|line| line.strip_prefix("used_memory:"));
        Ok(line.ok_or("no used_memory in INFO")?.trim().parse()?)
    }

    fn search(&mut self, question: &Question) -> Outcome<()> {
        let Question::Circle { center, radius } = *question else {
            return Err("asked of Redis what it cannot answer".into());
        };
        let (x, y, radius) = (center.x.to_string(), center.y.to_string(), radius.to_string());
        self.wire.command(&[
            b"GEOSEARCH",
            KEY,
            b"FROMLONLAT",
            x.as_bytes(),
            y.as_bytes(),
            b"BYRADIUS",
            radius.as_bytes(),
            b"m",
            b"ASC",
        ]);
        Ok(())
    }
}

impl Peer for Redis {
    fn name(&self) -> &'static str {
        "redis"
    }

    fn apply(&mut self, moves: &Moves) -> Outcome<()> {
        let mut left = moves.iter();
        loop {
            let mut sent = 0;
            for (id, step) in left.by_ref().take(PIPELINE) {
                let (x, y) = (step.to.x.to_string(), step.to.y.to_string());
                self.wire.command(&[b"GEOADD", KEY, x.as_bytes(), y.as_bytes(), id.as_bytes()]);
                sent += 1;
            }
            if sent == 0 {
                return Ok(());
            }
            self.wire.send()?;
            (0..sent).try_for_each(|_| self.wire.reply().map(drop))?;
        }
    }

    fn get(&mut self, wanted: &Wanted) -> Outcome<f64> {
        let (mut sum, mut left) = (0.0, wanted.iter());
        loop {
            let mut sent = 0;
            for (id, _) in left.by_ref().take(PIPELINE) {
                self.wire.command(&[b"GEOPOS", KEY, id.as_bytes()]);
                sent += 1;
            }
            if sent == 0 {
                return Ok(sum);
            }
            self.wire.send()?;
            for _ in 0..sent {
                let reply = self.wire.reply()?;
                sum += position(&reply)?.ok_or("redis lost an object")?.x;
            }
        }
    }

    fn position(&mut self, object: u32) -> Outcome<Option<Point>> {
        position(&self.wire.call(&[b"GEOPOS", KEY, self.ids.name(object).as_bytes()])?)
    }

    fn can_ask(&self, form: Form) -> bool {
        form == Form::Circle
    }

    fn ask(&mut self, questions: &[Question]) -> Outcome<usize> {
        let mut hits = 0;
        for chunk in questions.chunks(PIPELINE) {
            for question in chunk {
                self.search(question)?;
            }
            self.wire.send()?;
            for _ in chunk {
                hits += self.wire.reply()?.list()?.len();
            }
        }
        Ok(hits)
    }

    fn answer(&mut self, question: &Question) -> Outcome<Vec<u32>> {
        self.search(question)?;
        self.wire.send()?;
        let reply = self.wire.reply()?;
        reply.list()?.iter().map(|hit| self.ids.number(hit.text()?)).collect()
    }

    fn slack(&self) -> Slack {
        Slack { relative: 3.0e-4, absolute: 1.0 }
    }

    fn foreign_cpu(&self) -> Option<Duration> {
        // The first field is the time on a processor in nanoseconds; one thread does all the work.
        let path = format!("/proc/{}/schedstat", self.server.process.id());
        let text = fs::read_to_string(path).ok()?;
        Some(Duration::from_nanos(text.split_whitespace().next()?.parse().ok()?))
    }
}

fn position(reply: &Reply) -> Outcome<Option<Point>> {
    let Reply::List(pair) = &reply.list()?[0] else { return Ok(None) };
    let [x, y] = pair.as_slice() else { return Err("a position is not a pair".into()) };
    Ok(Some(Point { x: x.text()?.parse()?, y: y.text()?.parse()?, z: 0.0 }))
}

//! The protocol of Redis over a unix socket, pipelined, as little of it as the bench needs.
//!
//! Owns the socket, the commands not yet sent and the bytes not yet read. Does not know any
//! command.

use crate::Outcome;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;

/// An answer of the server.
#[derive(Debug, PartialEq)]
pub enum Reply {
    Integer(i64),
    /// A simple or a bulk string.
    Text(Vec<u8>),
    Nothing,
    List(Vec<Reply>),
}

impl Reply {
    /// The text of a reply that must be one.
    pub fn text(&self) -> Outcome<&str> {
        match self {
            Reply::Text(bytes) => Ok(std::str::from_utf8(bytes)?),
            other => Err(format!("expected a text from Redis, got {other:?}").into()),
        }
    }

    /// The members of a reply that must be a list.
    pub fn list(&self) -> Outcome<&[Reply]> {
        match self {
            Reply::List(members) => Ok(members),
            other => Err(format!("expected a list from Redis, got {other:?}").into()),
        }
    }
}

/// A pipelined connection.
pub struct Wire {
    reader: BufReader<UnixStream>,
    writer: UnixStream,
    buffer: Vec<u8>,
}

impl Wire {
    /// Connects to the socket at `path`.
    pub fn connect(path: &Path) -> Outcome<Self> {
        let writer = UnixStream::connect(path)?;
        let reader = BufReader::with_capacity(1 << 16, writer.try_clone()?);
        Ok(Wire { reader, writer, buffer: Vec::new() })
    }

    /// Adds a command to what `send` sends.
    pub fn command(&mut self, arguments: &[&[u8]]) {
        self.number(b'*', arguments.len());
        for argument in arguments {
            self.number(b'$', argument.len());
            self.buffer.extend_from_slice(argument);
            self.buffer.extend_from_slice(b"\r\n");
        }
    }

    fn number(&mut self, mark: u8, value: usize) {
        self.buffer.push(mark);
        self.buffer.extend_from_slice(value.to_string().as_bytes());
        self.buffer.extend_from_slice(b"\r\n");
    }

    /// Sends every command added so far; as many replies are to be read then.
    pub fn send(&mut self) -> Outcome<()> {
        self.writer.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }

    /// One command, sent at once, and its reply.
    pub fn call(&mut self, arguments: &[&[u8]]) -> Outcome<Reply> {
        self.command(arguments);
        self.send()?;
        self.reply()
    }

    /// Reads the next reply; an error of the server is an error here.
    pub fn reply(&mut self) -> Outcome<Reply> {
        let mut line = Vec::new();
        self.reader.read_until(b'\n', &mut line)?;
        let Some(body) = line.strip_suffix(b"\r\n").filter(|body| !body.is_empty()) else {
            return Err("Redis closed the connection".into());
        };
        let (mark, body) = (body[0], std::str::from_utf8(&body[1..])?);
        match mark {
            b'+' => Ok(Reply::Text(body.as_bytes().to_vec())),
            b':' => Ok(Reply::Integer(body.parse()?)),
            b'-' => Err(format!("Redis refused: {body}").into()),
            b'$' => match body.parse::<i64>()? {
                -1 => Ok(Reply::Nothing),
                length => {
                    let mut bytes = vec![0; usize::try_from(length)? + 2];
                    self.reader.read_exact(&mut bytes)?;
                    bytes.truncate(bytes.len() - 2);
                    Ok(Reply::Text(bytes))
                }
            },
            b'*' => match body.parse::<i64>()? {
                -1 => Ok(Reply::Nothing),
                count => Ok(Reply::List((0..count).map(|_| self.reply()).collect::<Outcome<_>>()?)),
            },
            other => Err(format!("unknown reply {:?} from Redis", char::from(other)).into()),
        }
    }
}

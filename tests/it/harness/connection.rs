//! A connection on which a test says exactly what it wants, and sees what becomes of it.

use std::io;
use std::io::Read as _;
use std::io::Write as _;
use std::net::SocketAddr;
use std::net::TcpStream;

use super::patience::PATIENCE;

pub(crate) struct Connection {
    stream: TcpStream,
    /// What has come and was not read.
    rest: Vec<u8>,
}

impl Connection {
    pub(crate) fn to(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(Self { stream, rest: Vec::new() })
    }

    pub(crate) fn send(&mut self, text: &str) -> io::Result<()> {
        self.stream.write_all(text.as_bytes())
    }

    /// Sends a request below the base path; `headers` are whole lines.
    pub(crate) fn get(&mut self, path: &str, headers: &str) -> io::Result<()> {
        self.send(&format!("GET /api/auth{path} HTTP/1.1\r\nHost: localhost:3000\r\n{headers}\r\n"))
    }

    pub(crate) fn post(
        &mut self,
        path: &str,
        headers: &str,
        body: &serde_json::Value,
    ) -> io::Result<()> {
        let body = body.to_string();
        let length = body.len();
        self.send(&format!(
            "POST /api/auth{path} HTTP/1.1\r\nHost: localhost:3000\r\n{headers}\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        ))
    }

    /// The next whole answer, head and body; nothing when the server closed before it was whole.
    pub(crate) fn answer(&mut self) -> Option<String> {
        let mut part = [0; 4096];
        loop {
            if let Some(length) = whole(&self.rest) {
                let answer = self.rest.drain(..length).collect();
                return Some(String::from_utf8(answer).unwrap());
            }
            match self.stream.read(&mut part) {
                Ok(0) | Err(_) => return None,
                Ok(length) => self.rest.extend(&part[..length]),
            }
        }
    }
}

/// How long the first answer is, once all of it is there.
fn whole(bytes: &[u8]) -> Option<usize> {
    let end = bytes.windows(4).position(|part| part == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&bytes[..end]).unwrap().to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let whole = end + length.map_or(0, |length| length.parse::<usize>().unwrap());
    (whole <= bytes.len()).then_some(whole)
}

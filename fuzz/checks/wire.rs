//! Bytes on a connection to the server: several requests, half of one, or none.

use std::io::Error;
use std::io::ErrorKind;
use std::io::Read as _;
use std::io::Write as _;
use std::net::Shutdown;
use std::net::SocketAddr;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use better_auth::server::ServeOptions;
use better_auth::server::Stop;
use better_auth::server::serve;

use super::site::Site;

/// Longer than any answer takes; a server that is silent for so long hangs.
const PATIENCE: Duration = Duration::from_secs(20);
/// After which a connection that goes on is told that nothing follows.
const PAUSE: Duration = Duration::from_millis(20);
/// What ends every input, and its connection if nothing before it swallows it.
const LAST: &[u8] = b"GET /api/auth/ok HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
/// What every answer begins with.
const BEGIN: &[u8] = b"HTTP/1.";
const HEAD_END: &[u8] = b"\r\n\r\n";

/// One server for all inputs, which ends with the process.
static SERVER: LazyLock<SocketAddr> = LazyLock::new(|| {
    let (ready, listening) = mpsc::channel();
    thread::spawn(move || {
        let site = Site::with(|_| {});
        let options = ServeOptions { port: 0, ..ServeOptions::default() };
        serve(Arc::clone(&site.auth), &options, &Stop::new(), |address| {
            ready.send(address).unwrap();
        })
    });
    listening.recv_timeout(PATIENCE).unwrap()
});

/// Any bytes get whole answers, no more of them than there are requests, and none that is a failure of ours; the
/// server goes on.
pub fn check(input: &[u8]) {
    let answers = exchange(&[input, LAST].concat(), PAUSE);
    // The body of an answer to HEAD is left out, so where the next one begins cannot be told.
    let has_head = input.windows(5).any(|window| window == b"HEAD ");
    let statuses = if has_head { Vec::new() } else { statuses(&answers) };
    for status in &statuses {
        assert!((200..500).contains(status), "{status}: {:?}", String::from_utf8_lossy(&answers));
    }
    // Every request names its version, and what is no request is refused once.
    let requests = input.windows(BEGIN.len()).filter(|window| *window == BEGIN).count();
    assert!(statuses.len() <= requests + 2, "{:?}", String::from_utf8_lossy(&answers));
    let ok = exchange(LAST, PATIENCE);
    assert!(ok.ends_with(b"\r\n\r\n{\"ok\":true}"), "{:?}", String::from_utf8_lossy(&ok));
}

/// Everything that the server says to these bytes until it hangs up; after a pause it is told that nothing follows.
fn exchange(bytes: &[u8], pause: Duration) -> Vec<u8> {
    let mut connection = TcpStream::connect(*SERVER).unwrap();
    connection.set_write_timeout(Some(PATIENCE)).unwrap();
    // It may have hung up before it read everything; what it said until then counts.
    let _sent = connection.write_all(bytes);
    let mut answers = Vec::new();
    connection.set_read_timeout(Some(pause)).unwrap();
    if connection.read_to_end(&mut answers).is_err_and(|error| !is_hang_up(&error)) {
        connection.set_read_timeout(Some(PATIENCE)).unwrap();
        let _told = connection.shutdown(Shutdown::Write);
        if let Err(error) = connection.read_to_end(&mut answers) {
            assert!(is_hang_up(&error), "{error}: {:?}", String::from_utf8_lossy(bytes));
        }
    }
    answers
}

fn is_hang_up(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe)
}

/// The status of every answer, each of which is whole but for the last, which the hanging up may cut.
fn statuses(mut answers: &[u8]) -> Vec<u16> {
    let mut statuses = Vec::new();
    while !answers.is_empty() {
        assert!(answers.starts_with(BEGIN), "{:?}", String::from_utf8_lossy(answers));
        let Some(end) = answers.windows(HEAD_END.len()).position(|window| window == HEAD_END)
        else {
            break;
        };
        let (head, rest) = answers.split_at(end + HEAD_END.len());
        let head = std::str::from_utf8(head).unwrap().to_ascii_lowercase();
        let status: u16 = head.get(9..12).unwrap().parse().unwrap();
        // 100 says that an answer will follow.
        statuses.extend((status != 100).then_some(status));
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.map_or(0, |length| length.parse().unwrap());
        answers = rest.get(length..).unwrap_or_default();
    }
    statuses
}

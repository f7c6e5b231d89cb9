//! Very many connections, of which one asks.

use std::thread;
use std::time::Duration;
use std::time::Instant;

use serde_json::json;

use crate::harness::Connection;
use crate::harness::server::Server;

use super::configured;
use super::signed_up;

const IDLE: usize = 10_000;
const SLOW: usize = 2_000;
const LOOKUPS: usize = 2_000;
/// Somebody else may use the machine for a moment; a server that is slow is slow every time.
const TRIES: usize = 3;

/// The time that 99 of 100 lookups of a session do not exceed, on each of two servers that are asked in
/// turn, so that whatever else the machine does befalls both.
fn p99(probes: &mut [(Connection, String); 2]) -> [Duration; 2] {
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..LOOKUPS {
        for ((connection, session), times) in probes.iter_mut().zip(&mut times) {
            let began = Instant::now();
            connection.get("/get-session", session).unwrap();
            assert!(connection.answer().unwrap().contains("ada@example.com"));
            times.push(began.elapsed());
        }
    }
    times.map(|mut times| {
        times.sort();
        times[LOOKUPS * 99 / 100]
    })
}

fn probed(server: &Server) -> (Connection, String) {
    (server.connect(), signed_up(server, "ada@example.com"))
}

#[test]
#[ignore = "needs thirteen thousand files; .ci/run has it"]
fn ten_thousand_idle_and_two_thousand_slow_connections_slow_nobody_down() {
    let crowd = u64::try_from(IDLE + SLOW).unwrap();
    let files = rlimit::increase_nofile_limit(u64::MAX).unwrap();
    assert!(crowd + 1000 < files, "this user may open {files} files: see ulimit -Hn");
    let limits = json!({"connectionsPerAddress": 15_000, "headerTime": 600, "idleTime": 600});
    let (folder, quiet) =
        (configured(&json!({"server": {"limits": limits}})), configured(&json!({})));
    let (server, quiet) = (Server::start(&folder, &[]), Server::start(&quiet, &[]));
    let mut probes = [probed(&quiet), probed(&server)];
    p99(&mut probes);

    let mut idle: Vec<_> = (0..IDLE).map(|_| server.connect()).collect();
    for connection in &mut idle {
        connection.get("/ok", "").unwrap();
        assert!(connection.answer().unwrap().starts_with("HTTP/1.1 200 OK"));
    }
    let mut slow: Vec<_> = (0..SLOW).map(|_| server.connect()).collect();
    for connection in &mut slow {
        connection.send("GET /api/auth/ok HTTP/1.1\r\nHost: localhost\r\nX-Slow: ").unwrap();
    }
    let beside: Vec<[Duration; 2]> = thread::scope(|scope| {
        let probing = scope.spawn(|| (0..TRIES).map(|_| p99(&mut probes)).collect());
        // They go on, each by a byte in ten seconds.
        let mut next = 0;
        while !probing.is_finished() {
            slow[next % SLOW].send("x").unwrap();
            next += 1;
            thread::park_timeout(Duration::from_millis(5));
        }
        probing.join().unwrap()
    });
    let count = server.metric("better_auth_connections").unwrap();
    assert!(f64::from(u32::try_from(IDLE + SLOW).unwrap()) <= count, "{count}");
    #[expect(
        clippy::print_stderr,
        reason = "what was measured is of interest where all is well, too"
    )]
    {
        eprintln!("p99 of lookups without and with the crowd: {beside:?}");
    }
    assert!(beside.iter().any(|[alone, crowded]| *crowded <= *alone * 3), "{beside:?}");

    // Everybody is still there.
    for connection in &mut slow {
        connection.send("\r\n\r\n").unwrap();
        assert!(connection.answer().unwrap().starts_with("HTTP/1.1 200 OK"));
    }
    for connection in &mut idle {
        connection.get("/ok", "").unwrap();
        assert!(connection.answer().unwrap().starts_with("HTTP/1.1 200 OK"));
    }
}

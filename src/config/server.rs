//! `server`: what `serve` takes from its clients, and what it offers to those who watch it.

use std::time::Duration;

use serde::Deserialize;
use serde::Serialize;

use crate::config::ConfigError;
use crate::config::seconds;

/// A head must at least hold the cookies of a session, and is kept in memory as a whole.
const HEADER_BYTES: [usize; 2] = [1024, 256 * 1024];
/// Each has its place in memory before the first one has come.
const HEADERS_MAX: usize = 1024;
/// Each of these requests takes a thread.
const THREADS_MAX: usize = 1024;
/// A day: nobody waits for longer, and moments that far ahead can be told.
const SECONDS_MAX: u64 = 24 * 60 * 60;
/// Each client that has asked for one is remembered for ten minutes.
const ONE_TIME_TOKENS_MAX: usize = 10_000_000;
/// More than a body can sensibly be here.
const BODY_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Options of that name; applications that mount the handler have their own server and only take `outbound`,
/// `limits.passwordsWaiting`, `limits.oneTimeTokensPerClient` and `limits.oneTimeTokens` from here.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct ServerOptions {
    /// A listener of its own for metrics and health.
    pub admin: Admin,
    /// What clients may take.
    pub limits: Limits,
    /// What other servers may take that this one asks.
    pub outbound: Outbound,
}

/// `server.admin`: there is one as soon as `port` is set.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Admin {
    /// Name or address to listen on; whoever reaches it can read the metrics.
    pub host: String,
    /// Port to listen on; 0 takes any that is free.
    pub port: Option<u16>,
}

impl Default for Admin {
    fn default() -> Self {
        Self { host: "127.0.0.1".to_owned(), port: None }
    }
}

/// `server.limits`: what clients of `serve` may take. `tiny_http` knows only the size of bodies, and `drain_time`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Limits {
    /// Connections at once; by default as many as the system allows descriptors for.
    pub connections: Option<usize>,
    /// Connections of one address at once; by default half of them. Trusted proxies may have all.
    pub connections_per_address: Option<usize>,
    /// Bytes of a request's head.
    pub header_bytes: usize,
    /// Headers of a request.
    pub headers: usize,
    /// For a request's head to arrive once it has begun, and for the first one to begin.
    #[serde(with = "seconds")]
    pub header_time: Duration,
    /// Bytes of a request's target, which is path and query.
    pub target_bytes: usize,
    /// For the next request on a connection to begin.
    #[serde(with = "seconds")]
    pub idle_time: Duration,
    /// Bytes of a request's body.
    pub body_bytes: usize,
    /// For a request's body to arrive.
    #[serde(with = "seconds")]
    pub body_time: Duration,
    /// For a request to be answered once it has arrived; what it asked for may still be done later.
    #[serde(with = "seconds")]
    pub answer_time: Duration,
    /// Requests at once, whether they arrive, wait or are answered.
    pub requests: usize,
    /// Requests of one client at once; by default a quarter of them.
    pub requests_per_address: Option<usize>,
    /// Requests at once that hash or write; more wait for their turn.
    pub writing: usize,
    /// Requests at once that ask another server; more wait for their turn.
    pub asking: usize,
    /// Passwords that wait to be hashed.
    pub passwords_waiting: usize,
    /// One-time tokens that one client may ask for within ten minutes.
    pub one_time_tokens_per_client: usize,
    /// One-time tokens that all clients together may ask for within ten minutes.
    pub one_time_tokens: usize,
    /// For running requests to end once the server stops.
    #[serde(with = "seconds")]
    pub drain_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: None,
            connections_per_address: None,
            header_bytes: 32 * 1024,
            headers: 100,
            header_time: Duration::from_secs(30),
            target_bytes: 16 * 1024,
            idle_time: Duration::from_secs(60),
            body_bytes: 1024 * 1024,
            body_time: Duration::from_secs(30),
            answer_time: Duration::from_secs(60),
            requests: 1024,
            requests_per_address: None,
            writing: 64,
            asking: 32,
            passwords_waiting: 256,
            one_time_tokens_per_client: 1_000,
            one_time_tokens: 100_000,
            drain_time: Duration::from_secs(30),
        }
    }
}

/// `server.outbound`: requests to providers and the like; `email` has limits of its own.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Outbound {
    /// For a whole answer to arrive; people wait for it.
    #[serde(with = "seconds")]
    pub time: Duration,
    /// Bytes of an answer.
    pub answer_bytes: u64,
}

impl Default for Outbound {
    fn default() -> Self {
        Self { time: Duration::from_secs(10), answer_bytes: 1024 * 1024 }
    }
}

impl ServerOptions {
    /// Refuses limits that nothing could pass, or that no machine can keep.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let limits = &self.limits;
        for (key, number, most) in [
            ("connections", limits.connections.unwrap_or(1), usize::MAX),
            ("connectionsPerAddress", limits.connections_per_address.unwrap_or(1), usize::MAX),
            ("headers", limits.headers, HEADERS_MAX),
            ("targetBytes", limits.target_bytes, usize::MAX),
            ("requests", limits.requests, usize::MAX),
            ("requestsPerAddress", limits.requests_per_address.unwrap_or(1), usize::MAX),
            ("writing", limits.writing, THREADS_MAX),
            ("asking", limits.asking, THREADS_MAX),
            ("oneTimeTokensPerClient", limits.one_time_tokens_per_client, ONE_TIME_TOKENS_MAX),
            ("oneTimeTokens", limits.one_time_tokens, ONE_TIME_TOKENS_MAX),
        ] {
            if number == 0 || most < number {
                let problem = match most {
                    usize::MAX => "expected at least 1".to_owned(),
                    _ => format!("expected 1 to {most}, got {number}"),
                };
                return Err(ConfigError::new(&format!("server.limits.{key}"), problem));
            }
        }
        for (key, time, least) in [
            ("limits.headerTime", limits.header_time, 1),
            ("limits.idleTime", limits.idle_time, 1),
            ("limits.bodyTime", limits.body_time, 1),
            ("limits.answerTime", limits.answer_time, 1),
            ("limits.drainTime", limits.drain_time, 0),
            ("outbound.time", self.outbound.time, 1),
        ] {
            if !(least..=SECONDS_MAX).contains(&time.as_secs()) {
                let got = time.as_secs();
                let problem = format!("expected {least} to {SECONDS_MAX} seconds, got {got}");
                return Err(ConfigError::new(&format!("server.{key}"), problem));
            }
        }
        let [least, most] = HEADER_BYTES;
        if !(least..=most).contains(&limits.header_bytes) {
            let problem = format!("expected {least} to {most} bytes, got {}", limits.header_bytes);
            return Err(ConfigError::new("server.limits.headerBytes", problem));
        }
        if BODY_BYTES_MAX < limits.body_bytes {
            let problem = format!("expected at most {BODY_BYTES_MAX}, got {}", limits.body_bytes);
            return Err(ConfigError::new("server.limits.bodyBytes", problem));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(change: impl FnOnce(&mut ServerOptions)) -> String {
        let mut options = ServerOptions::default();
        change(&mut options);
        options.check().err().map(|error| error.path).unwrap_or_default()
    }

    #[test]
    fn a_limit_that_nothing_could_pass_or_no_machine_can_keep_is_refused() {
        assert_eq!(problem(|_| {}), "");
        for change in [
            |o: &mut ServerOptions| o.limits.headers = HEADERS_MAX,
            |o: &mut ServerOptions| o.limits.writing = THREADS_MAX,
            |o: &mut ServerOptions| o.limits.asking = 1,
            |o: &mut ServerOptions| o.limits.one_time_tokens_per_client = 1,
            |o: &mut ServerOptions| o.limits.one_time_tokens = ONE_TIME_TOKENS_MAX,
            |o: &mut ServerOptions| o.limits.header_bytes = 1024,
            |o: &mut ServerOptions| o.limits.header_bytes = 256 * 1024,
            |o: &mut ServerOptions| o.limits.body_bytes = BODY_BYTES_MAX,
            |o: &mut ServerOptions| o.limits.header_time = Duration::from_secs(1),
            |o: &mut ServerOptions| o.limits.idle_time = Duration::from_secs(SECONDS_MAX),
            |o: &mut ServerOptions| o.limits.drain_time = Duration::ZERO,
        ] {
            assert_eq!(problem(change), "");
        }
        let (zero, long) = (Duration::ZERO, Duration::from_secs(SECONDS_MAX + 1));
        for (path, found) in [
            ("connections", problem(|o| o.limits.connections = Some(0))),
            ("connectionsPerAddress", problem(|o| o.limits.connections_per_address = Some(0))),
            ("headers", problem(|o| o.limits.headers = 0)),
            ("headers", problem(|o| o.limits.headers = HEADERS_MAX + 1)),
            ("headerBytes", problem(|o| o.limits.header_bytes = 1023)),
            ("headerBytes", problem(|o| o.limits.header_bytes = 256 * 1024 + 1)),
            ("headerTime", problem(|o| o.limits.header_time = zero)),
            ("headerTime", problem(|o| o.limits.header_time = long)),
            ("targetBytes", problem(|o| o.limits.target_bytes = 0)),
            ("idleTime", problem(|o| o.limits.idle_time = zero)),
            ("idleTime", problem(|o| o.limits.idle_time = long)),
            ("bodyBytes", problem(|o| o.limits.body_bytes = BODY_BYTES_MAX + 1)),
            ("bodyTime", problem(|o| o.limits.body_time = zero)),
            ("bodyTime", problem(|o| o.limits.body_time = long)),
            ("requests", problem(|o| o.limits.requests = 0)),
            ("requestsPerAddress", problem(|o| o.limits.requests_per_address = Some(0))),
            ("writing", problem(|o| o.limits.writing = 0)),
            ("writing", problem(|o| o.limits.writing = THREADS_MAX + 1)),
            ("asking", problem(|o| o.limits.asking = 0)),
            ("asking", problem(|o| o.limits.asking = THREADS_MAX + 1)),
            ("oneTimeTokensPerClient", problem(|o| o.limits.one_time_tokens_per_client = 0)),
            ("oneTimeTokens", problem(|o| o.limits.one_time_tokens = 0)),
            ("oneTimeTokens", problem(|o| o.limits.one_time_tokens = ONE_TIME_TOKENS_MAX + 1)),
            ("drainTime", problem(|o| o.limits.drain_time = long)),
        ] {
            assert_eq!(found, format!("server.limits.{path}"));
        }
        assert_eq!(problem(|o| o.outbound.time = zero), "server.outbound.time");
        assert_eq!(problem(|o| o.outbound.time = long), "server.outbound.time");
    }
}

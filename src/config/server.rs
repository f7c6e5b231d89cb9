//! `server`: limits of `serve`, and its listener for monitoring.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::config::seconds::Seconds;

/// A head must at least have room for the cookies of a session; it is kept in memory as a whole.
const HEADER_BYTES_MIN: usize = 1024;
const HEADER_BYTES_MAX: usize = 256 * 1024;
/// Memory is reserved for each header in advance.
const HEADERS_MAX: usize = 1024;
/// Each of these requests needs a thread.
const THREADS_MAX: usize = 1024;
/// One day: longer timeouts make no sense, and times that far ahead can be represented.
const SECONDS_MAX: u64 = 24 * 60 * 60;
/// Each client that has requested one is remembered for ten minutes.
const ONE_TIME_TOKENS_MAX: usize = 10_000_000;
/// More than any sensible body.
const BODY_BYTES_MAX: usize = 64 * 1024 * 1024;

/// The options of `server`; applications that mount the handler have their own server and use only
/// `outbound`, `limits.passwordsWaiting`, `limits.oneTimeTokensPerClient` and
/// `limits.oneTimeTokens`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct ServerOptions {
    /// A separate listener for metrics and health.
    pub admin: Admin,
    /// Limits of clients.
    pub limits: Limits,
    /// Limits of outbound requests.
    pub outbound: Outbound,
}

/// `server.admin`: enabled if `port` is set.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Admin {
    /// The name or address to listen on for metrics and health; there is no authentication.
    pub host: String,
    /// The port, 0 for any free one; without it and without `serve --admin`, there is no listener.
    pub port: Option<u16>,
}

impl Default for Admin {
    fn default() -> Self {
        Self { host: "127.0.0.1".to_owned(), port: None }
    }
}

/// `server.limits`: limits of clients. `tiny_http` supports only the size of bodies and
/// `drain_time`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Limits {
    /// Maximum number of connections; by default limited by the number of open files, at most
    /// 16384.
    #[schemars(range(min = 1))]
    pub connections: Option<usize>,
    /// Maximum connections of one address, by default half of them; `trustedProxies` may use all.
    #[schemars(range(min = 1))]
    pub connections_per_address: Option<usize>,
    /// Maximum bytes of a request's head; longer heads are rejected with 431.
    #[schemars(range(min = HEADER_BYTES_MIN, max = HEADER_BYTES_MAX))]
    pub header_bytes: usize,
    /// Maximum headers of a request; more are rejected with 431.
    #[schemars(range(min = 1, max = HEADERS_MAX))]
    pub headers: usize,
    /// How long a request's head may take to arrive once it has started; longer is rejected with
    /// 408.
    ///
    /// The first request of a connection must start within the same time.
    #[serde(with = "Seconds")]
    #[schemars(range(min = 1, max = SECONDS_MAX))]
    pub header_time: Duration,
    /// Maximum bytes of a request's path and query; longer targets are rejected with 414.
    #[schemars(range(min = 1))]
    pub target_bytes: usize,
    /// How long a connection may be idle; then it is closed.
    #[serde(with = "Seconds")]
    #[schemars(range(min = 1, max = SECONDS_MAX))]
    pub idle_time: Duration,
    /// Maximum bytes of a request's body; larger bodies are rejected with 413.
    #[schemars(range(min = 0, max = BODY_BYTES_MAX))]
    pub body_bytes: usize,
    /// How long a request's body may take to arrive; longer is rejected with 408.
    #[serde(with = "Seconds")]
    #[schemars(range(min = 1, max = SECONDS_MAX))]
    pub body_time: Duration,
    /// How long answering a complete request may take; longer is answered with 503.
    ///
    /// Its work may still complete later.
    #[serde(with = "Seconds")]
    #[schemars(range(min = 1, max = SECONDS_MAX))]
    pub answer_time: Duration,
    /// Maximum concurrent requests, whether they arrive, wait or are answered; more are rejected
    /// with 503.
    #[schemars(range(min = 1))]
    pub requests: usize,
    /// Maximum concurrent requests of one client, by default a quarter of them; more are rejected
    /// with 503.
    #[schemars(range(min = 1))]
    pub requests_per_address: Option<usize>,
    /// Maximum concurrent requests that hash or write; more wait, and clients take turns.
    #[schemars(range(min = 1, max = THREADS_MAX))]
    pub writing: usize,
    /// Maximum concurrent requests that call another server; more wait, and clients take turns.
    #[schemars(range(min = 1, max = THREADS_MAX))]
    pub asking: usize,
    /// Maximum passwords that wait to be hashed; more are rejected with 503.
    pub passwords_waiting: usize,
    /// One-time tokens (pending sign-ins with a provider, links for resetting a password or
    /// deleting an account) that one client may request within ten minutes, so that no client fills
    /// the disk; more are rejected with 429. Raise it if another server signs in many users from
    /// one address.
    #[schemars(range(min = 1, max = ONE_TIME_TOKENS_MAX))]
    pub one_time_tokens_per_client: usize,
    /// The same for all clients of one server together; when half of them are used, the share of
    /// each client shrinks, and more are rejected with 503.
    #[schemars(range(min = 1, max = ONE_TIME_TOKENS_MAX))]
    pub one_time_tokens: usize,
    /// How long running requests may take once the server stops.
    #[serde(with = "Seconds")]
    #[schemars(range(min = 0, max = SECONDS_MAX))]
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

/// `server.outbound`: requests to providers and similar servers; `email` has its own limits.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Outbound {
    /// How long the whole response of a provider may take.
    #[serde(with = "Seconds")]
    #[schemars(range(min = 1, max = SECONDS_MAX))]
    pub time: Duration,
    /// Maximum bytes of such a response.
    pub answer_bytes: u64,
}

impl Default for Outbound {
    fn default() -> Self {
        Self { time: Duration::from_secs(10), answer_bytes: 1024 * 1024 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn problem(change: impl FnOnce(&mut ServerOptions)) -> String {
        let mut config = Config::default();
        change(&mut config.server);
        config.check().err().map(|error| error.path).unwrap_or_default()
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

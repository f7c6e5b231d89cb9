//! Metrics in Prometheus' format. Counting a request allocates nothing.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::time::Duration;

use ::http::Method;
use ::http::StatusCode;

use crate::auth::Load;
use crate::error::ErrorCode;
use crate::http::Endpoint;

/// Statuses with their own counters; all others share one.
const STATUSES: [u16; 19] =
    [200, 204, 302, 400, 401, 403, 404, 405, 408, 409, 413, 414, 415, 422, 429, 431, 500, 502, 503];
/// Upper bounds of the histogram's buckets, in microseconds and in Prometheus' format.
const BUCKETS: [(u128, &str); 13] = [
    (500, "0.0005"),
    (1_000, "0.001"),
    (2_500, "0.0025"),
    (5_000, "0.005"),
    (10_000, "0.01"),
    (25_000, "0.025"),
    (50_000, "0.05"),
    (100_000, "0.1"),
    (250_000, "0.25"),
    (500_000, "0.5"),
    (1_000_000, "1"),
    (2_500_000, "2.5"),
    (10_000_000, "10"),
];

/// A monotonic counter.
#[derive(Default)]
pub(super) struct Counter(AtomicU64);

impl Counter {
    pub(super) fn add(&self) {
        self.add_many(1);
    }

    fn add_many(&self, many: u64) {
        self.0.fetch_add(many, Ordering::Relaxed);
    }

    pub(super) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// All metrics.
pub(super) struct Metrics {
    rows: Vec<Row>,
    /// The indices of the rows of a path.
    at: HashMap<&'static str, Vec<usize>>,
    errors: Mutex<BTreeMap<&'static str, u64>>,
    /// Accepted connections.
    pub(super) connections_accepted: Counter,
    /// Connections rejected because of the total limit.
    pub(super) connections_full: Counter,
    /// Connections rejected because of the limit per address.
    pub(super) connections_of_address: Counter,
    /// Connections closed after a timeout.
    pub(super) connections_idle: Counter,
    /// Connections closed in favour of new ones.
    pub(super) connections_evicted: Counter,
    /// Failures to accept a connection.
    pub(super) connections_failed: Counter,
    /// Requests rejected because there are too many.
    pub(super) requests_refused: Counter,
}

/// The metrics of an endpoint.
struct Row {
    method: Method,
    path: &'static str,
    statuses: [Counter; STATUSES.len() + 1],
    times: [Counter; BUCKETS.len() + 1],
    micros: Counter,
}

/// Current values, besides counters.
pub(super) struct Now {
    pub(super) load: Load,
    /// Pending emails, if known and if there is an outbox.
    pub(super) messages_waiting: Option<u64>,
    pub(super) requests: usize,
    /// Queued requests, by kind.
    pub(super) waiting: [(&'static str, usize); 3],
    /// Current and maximum number of connections.
    pub(super) connections: Option<(usize, usize)>,
    pub(super) is_draining: bool,
}

impl Metrics {
    pub(super) fn new(endpoints: &[&Endpoint]) -> Self {
        let row = |method: &Method, path| Row {
            method: method.clone(),
            path,
            statuses: Default::default(),
            times: Default::default(),
            micros: Counter::default(),
        };
        let mut at = HashMap::<_, Vec<_>>::new();
        for (number, endpoint) in endpoints.iter().enumerate() {
            at.entry(endpoint.path).or_default().push(number);
        }
        let mut rows: Vec<Row> =
            endpoints.iter().map(|endpoint| row(&endpoint.method, endpoint.path)).collect();
        // All other paths share one row, so clients cannot fill the memory with invented paths.
        rows.push(row(&Method::GET, "other"));
        Self {
            rows,
            at,
            errors: Mutex::default(),
            connections_accepted: Counter::default(),
            connections_full: Counter::default(),
            connections_of_address: Counter::default(),
            connections_idle: Counter::default(),
            connections_evicted: Counter::default(),
            connections_failed: Counter::default(),
            requests_refused: Counter::default(),
        }
    }

    /// Counts a response.
    pub(super) fn count(&self, endpoint: Option<&Endpoint>, status: StatusCode, took: Duration) {
        let Some(row) = self.row(endpoint) else {
            return;
        };
        let status = STATUSES.iter().position(|known| *known == status.as_u16());
        let micros = took.as_micros();
        let bucket = BUCKETS.iter().position(|(end, _)| micros <= *end);
        let counters = [
            row.statuses.get(status.unwrap_or(STATUSES.len())),
            row.times.get(bucket.unwrap_or(BUCKETS.len())),
        ];
        counters.into_iter().flatten().for_each(Counter::add);
        row.micros.add_many(u64::try_from(micros).unwrap_or(u64::MAX));
    }

    /// Counts an error.
    pub(super) fn count_error(&self, code: &ErrorCode) {
        *self
            .errors
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(code.name)
            .or_insert(0) += 1;
    }

    fn row(&self, endpoint: Option<&Endpoint>) -> Option<&Row> {
        let known = endpoint.and_then(|endpoint| {
            let rows = self.at.get(endpoint.path)?.iter().filter_map(|at| self.rows.get(*at));
            rows.into_iter().find(|row| row.method == endpoint.method)
        });
        known.or(self.rows.last())
    }

    /// All metrics in Prometheus' text format 0.0.4.
    pub(super) fn render(&self, now: &Now) -> String {
        let mut text = Text(String::with_capacity(16 * 1024));
        self.requests(&mut text);
        let errors = self.errors.lock().unwrap_or_else(PoisonError::into_inner).clone();
        text.head("errors_total", "counter", "Error responses by code");
        for (code, count) in errors {
            text.line("errors_total", &[("code", code)], count);
        }
        let refused = self.requests_refused.get();
        text.one(
            "requests_refused_total",
            "counter",
            "Requests rejected by server.limits",
            refused,
        );
        text.one("requests_in_flight", "gauge", "Requests in progress", now.requests as u64);
        text.head("requests_waiting", "gauge", "Queued requests by kind");
        for (kind, count) in now.waiting {
            text.line("requests_waiting", &[("kind", kind)], count as u64);
        }
        self.connections(&mut text, now);
        let load = &now.load;
        for (name, help, value) in [
            ("passwords_hashing", "Passwords being hashed", load.hashing),
            ("passwords_waiting", "Passwords waiting to be hashed", load.passwords_waiting),
            ("outbound_requests_in_flight", "Outbound requests in progress", load.asking),
            ("draining", "Whether the server is stopping", usize::from(now.is_draining)),
        ] {
            text.one(name, "gauge", help, value as u64);
        }
        if let Some(waiting) = now.messages_waiting {
            text.one("messages_waiting", "gauge", "Emails waiting to be sent", waiting);
        }
        text.head("build_info", "gauge", "The running version");
        text.line("build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1);
        text.0
    }

    fn requests(&self, text: &mut Text) {
        text.head("requests_total", "counter", "Responses by endpoint and status");
        for row in &self.rows {
            for (at, count) in row.statuses.iter().enumerate().filter(|(_, count)| 0 < count.get())
            {
                let status = STATUSES.get(at).map_or("other".to_owned(), ToString::to_string);
                let [method, route] = row.labels();
                text.line("requests_total", &[method, route, ("status", &status)], count.get());
            }
        }
        text.head(
            "request_seconds",
            "histogram",
            "Time from the head of a request to its response",
        );
        for row in &self.rows {
            let [method, route] = row.labels();
            let mut sum = 0;
            let ends = BUCKETS.iter().map(|(_, end)| *end).chain(["+Inf"]);
            let times: Vec<u64> = row.times.iter().map(Counter::get).collect();
            if times.iter().all(|count| *count == 0) {
                continue;
            }
            for (end, count) in ends.zip(times) {
                sum += count;
                text.line("request_seconds_bucket", &[method, route, ("le", end)], sum);
            }
            let micros = row.micros.get();
            let seconds = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
            text.line("request_seconds_sum", &[method, route], seconds);
            text.line("request_seconds_count", &[method, route], sum);
        }
    }

    fn connections(&self, text: &mut Text, now: &Now) {
        // The small engine manages its sockets itself.
        let Some((count, max)) = now.connections else {
            return;
        };
        text.one("connections", "gauge", "Connections now", count as u64);
        text.one("connections_max", "gauge", "Maximum number of connections", max as u64);
        let accepted = self.connections_accepted.get();
        text.one("connections_accepted_total", "counter", "Accepted connections", accepted);
        text.head(
            "connections_ended_total",
            "counter",
            "Connections that the server rejected or closed",
        );
        for (reason, counter) in [
            ("full", &self.connections_full),
            ("address", &self.connections_of_address),
            ("idle", &self.connections_idle),
            ("room", &self.connections_evicted),
            ("system", &self.connections_failed),
        ] {
            text.line("connections_ended_total", &[("reason", reason)], counter.get());
        }
    }
}

impl Row {
    fn labels(&self) -> [(&'static str, &str); 2] {
        let method = if self.path == "other" { "other" } else { self.method.as_str() };
        [("method", method), ("route", self.path)]
    }
}

/// The text so far. Writing to a `String` cannot fail.
struct Text(String);

impl Text {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        let _infallible =
            write!(self.0, "# HELP better_auth_{name} {help}\n# TYPE better_auth_{name} {kind}\n");
    }

    fn line(&mut self, name: &str, labels: &[(&str, &str)], value: impl std::fmt::Display) {
        let _infallible = write!(self.0, "better_auth_{name}");
        for (at, (label, text)) in labels.iter().enumerate() {
            let open = if at == 0 { '{' } else { ',' };
            let _infallible = write!(self.0, "{open}{label}=\"{text}\"");
        }
        let close = if labels.is_empty() { "" } else { "}" };
        let _infallible = writeln!(self.0, "{close} {value}");
    }

    fn one(&mut self, name: &str, kind: &str, help: &str, value: u64) {
        self.head(name, kind, help);
        self.line(name, &[], value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::codes;

    fn nothing(_: &mut crate::http::Context<'_>) -> Result<crate::http::Reply, crate::AuthError> {
        crate::http::Reply::redirect("/")
    }

    #[test]
    fn what_is_counted_is_what_is_read() {
        let rows = [Endpoint::get("/a", nothing), Endpoint::post("/a", nothing)];
        let metrics = Metrics::new(&rows.iter().collect::<Vec<_>>());
        let millis = Duration::from_millis;
        metrics.count(Some(&rows[1]), StatusCode::OK, millis(3));
        metrics.count(Some(&rows[1]), StatusCode::OK, millis(20_000));
        metrics.count(Some(&rows[1]), StatusCode::IM_A_TEAPOT, millis(0));
        metrics.count(None, StatusCode::NOT_FOUND, millis(1));
        metrics.count_error(codes::INVALID_TOKEN);
        let text = metrics.render(&Now {
            load: Load::default(),
            messages_waiting: Some(7),
            requests: 2,
            waiting: [("writing", 3), ("asking", 0), ("storage", 0)],
            connections: Some((5, 9)),
            is_draining: false,
        });
        for line in [
            r#"better_auth_requests_total{method="POST",route="/a",status="200"} 2"#,
            r#"better_auth_requests_total{method="POST",route="/a",status="other"} 1"#,
            r#"better_auth_requests_total{method="other",route="other",status="404"} 1"#,
            r#"better_auth_request_seconds_bucket{method="POST",route="/a",le="0.0025"} 1"#,
            r#"better_auth_request_seconds_bucket{method="POST",route="/a",le="0.005"} 2"#,
            r#"better_auth_request_seconds_bucket{method="POST",route="/a",le="10"} 2"#,
            r#"better_auth_request_seconds_bucket{method="POST",route="/a",le="+Inf"} 3"#,
            r#"better_auth_request_seconds_sum{method="POST",route="/a"} 20.003000"#,
            r#"better_auth_request_seconds_count{method="POST",route="/a"} 3"#,
            r#"better_auth_errors_total{code="INVALID_TOKEN"} 1"#,
            r#"better_auth_requests_waiting{kind="writing"} 3"#,
            "better_auth_requests_in_flight 2",
            "better_auth_connections 5",
            "better_auth_connections_max 9",
            "better_auth_messages_waiting 7",
            "better_auth_draining 0",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
        }
        assert!(!text.contains(r#"method="GET",route="/a""#), "{text}");
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (_, value) = line.rsplit_once(' ').unwrap();
            assert!(value.parse::<f64>().is_ok(), "{line}");
        }
    }
}

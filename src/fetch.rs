//! Outbound requests, all of them: with a deadline, a size limit, no redirects, and no private networks unless the
//! configuration allows them [OWASP SSRF].

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::LazyLock;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::time::Duration;

use http::Response;
use ipnet::IpNet;
use ureq::Agent;
use ureq::Body;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::resolver::ResolvedSocketAddrs;
use ureq::unversioned::resolver::Resolver;
use ureq::unversioned::transport::DefaultConnector;
use ureq::unversioned::transport::NextTimeout;

use crate::error::shown;

/// How long a cached response is valid, in milliseconds.
const KEPT_FOR: i64 = 60 * 60 * 1000;
/// After how long an unsuitable response may be fetched again, in milliseconds.
const AGAIN_AFTER: i64 = 60 * 1000;

/// The limits of outbound requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FetchLimits {
    /// Whether this machine and private networks are allowed, and plain HTTP.
    pub allows_private: bool,
    /// For the whole response to arrive.
    pub time: Duration,
    /// Bytes of a response.
    pub answer_bytes_max: u64,
    /// Concurrent requests; more are refused, so that a slow server does not occupy every thread.
    pub at_once_max: usize,
}

/// The HTTP client.
pub struct Fetch {
    agent: Agent,
    terms: FetchLimits,
    running: AtomicUsize,
    cache: Mutex<Cache>,
}

/// A place among the concurrent requests, freed when dropped.
struct FetchPermit<'a>(&'a AtomicUsize);

impl Drop for FetchPermit<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Responses by URL.
type Cache = HashMap<String, CachedAnswer>;

/// A cached response; times in milliseconds since 1970.
struct CachedAnswer {
    value: serde_json::Value,
    since: i64,
    /// When it was last requested, successfully or not.
    asked: i64,
}

/// A response.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON, if the status means success.
    pub fn json(&self) -> Option<serde_json::Value> {
        let is_fine = (200..300).contains(&self.status);
        serde_json::from_slice(&self.body).ok().filter(|_| is_fine)
    }
}

impl Fetch {
    /// A client with these limits.
    pub fn new(terms: FetchLimits) -> Self {
        let config = Config::builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(terms.time))
            .https_only(!terms.allows_private)
            .user_agent("better-auth")
            .build();
        let agent = if terms.allows_private {
            config.into()
        } else {
            Agent::with_parts(config, DefaultConnector::default(), PublicOnly::default())
        };
        Self { agent, terms, running: AtomicUsize::new(0), cache: Mutex::default() }
    }

    /// The number of requests in progress.
    pub fn running(&self) -> usize {
        self.running.load(Ordering::Relaxed)
    }

    fn turn(&self) -> Result<FetchPermit<'_>, String> {
        let turn = FetchPermit(&self.running);
        if self.running.fetch_add(1, Ordering::Relaxed) < self.terms.at_once_max {
            Ok(turn)
        } else {
            Err(format!("{} other requests wait for an answer already", self.terms.at_once_max))
        }
    }

    /// `GET`
    pub fn get(&self, url: &str, headers: &[(&str, &str)]) -> Result<Answer, String> {
        let mut request = self.agent.get(self.checked(url)?);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let _turn = self.turn()?;
        self.read(request.call())
    }

    /// The JSON response of a URL, cached for an hour; `now` in milliseconds. If `suits` rejects it, such as a key set
    /// without the required key, it is fetched again, but at most once a minute: clients cannot cause more requests.
    pub fn cached_json(
        &self,
        url: &str,
        headers: &[(&str, &str)],
        now: i64,
        suits: impl Fn(&serde_json::Value) -> bool,
    ) -> Result<serde_json::Value, String> {
        if let Some(kept) = self.cache().get_mut(url).filter(|kept| now - kept.since < KEPT_FOR) {
            if suits(&kept.value) || now - kept.asked < AGAIN_AFTER {
                return Ok(kept.value.clone());
            }
            kept.asked = now;
        }
        let headers = [&[("accept", "application/json")], headers].concat();
        let answer = self.get(url, &headers)?;
        let value = answer
            .json()
            .ok_or_else(|| format!("{} answered {}", shown::url(url), answer.status))?;
        // Only URLs of the configuration are cached, so they are few.
        let kept = CachedAnswer { value: value.clone(), since: now, asked: now };
        self.cache().insert(url.to_owned(), kept);
        Ok(value)
    }

    fn cache(&self) -> MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `POST`
    pub fn post(&self, url: &str, headers: &[(&str, &str)], body: &str) -> Result<Answer, String> {
        let mut request = self.agent.post(self.checked(url)?);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let _turn = self.turn()?;
        self.read(request.send(body))
    }

    fn read(&self, answer: Result<Response<Body>, ureq::Error>) -> Result<Answer, String> {
        let mut answer = answer.map_err(|error| error.to_string())?;
        let status = answer.status().as_u16();
        let limited = answer.body_mut().with_config().limit(self.terms.answer_bytes_max);
        Ok(Answer { status, body: limited.read_to_vec().map_err(|error| error.to_string())? })
    }

    /// A numeric address is never resolved, so it is checked here.
    fn checked<'a>(&self, url: &'a str) -> Result<&'a str, String> {
        let host = url::Url::parse(url).ok().and_then(|url| match url.host()? {
            url::Host::Ipv4(address) => Some(IpAddr::V4(address)),
            url::Host::Ipv6(address) => Some(IpAddr::V6(address)),
            url::Host::Domain(_) => None,
        });
        match host.filter(|address| !self.terms.allows_private && !is_public(*address)) {
            // The error leaves out the rest of the URL, whose query may contain a token.
            Some(address) => Err(format!("{address}: not a public address")),
            None => Ok(url),
        }
    }
}

/// Resolves to public addresses only. Checked while connecting, so that DNS cannot change in between.
#[derive(Debug, Default)]
struct PublicOnly(DefaultResolver);

impl Resolver for PublicOnly {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.0.resolve(uri, config, timeout)?;
        let mut public = self.empty();
        for address in found.iter().filter(|address| is_public(address.ip())) {
            public.push(*address);
        }
        if public.is_empty() { Err(ureq::Error::HostNotFound) } else { Ok(public) }
    }
}

/// Networks that are not public [RFC 6890], or that can embed such an address.
const NOT_PUBLIC: [&str; 21] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/3",
    "::/3",
    "4000::/2",
    "8000::/1",
    "2001::/32",
    "2001:db8::/32",
    "2002::/16",
    "3fff::/20",
    "2001:10::/28",
];

static NETWORKS: LazyLock<Vec<IpNet>> =
    LazyLock::new(|| NOT_PUBLIC.iter().filter_map(|network| network.parse().ok()).collect());

fn is_public(address: IpAddr) -> bool {
    let address = address.to_canonical();
    !NETWORKS.iter().any(|network| network.contains(&address))
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::io::Read as _;
    use std::io::Write as _;
    use std::net::TcpListener;
    use std::net::TcpStream;
    use std::sync::Arc;
    use std::sync::OnceLock;
    use std::thread;

    use super::*;

    fn fetch(allows_private: bool) -> Fetch {
        Fetch::new(FetchLimits {
            allows_private,
            time: Duration::from_secs(10),
            answer_bytes_max: 1024 * 1024,
            at_once_max: 4,
        })
    }

    #[test]
    fn every_network_is_one() {
        assert_eq!(NETWORKS.len(), NOT_PUBLIC.len());
    }

    #[test]
    fn only_addresses_on_the_open_internet_are_public() {
        for public in ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1"] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "192.0.0.8",
            "::",
            "::1",
            "fe80::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001::1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
    }

    #[test]
    fn nobody_in_a_private_network_is_asked() {
        let fetch = fetch(false);
        for url in [
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[64:ff9b::7f00:1]/",
            "https://localhost/",
            "https://localhost./",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
            "https://169.254.169.254/latest/meta-data",
            "https://10.0.0.1:8443/",
            "http://1.1.1.1/",
            "ftp://1.1.1.1/",
            "file:///etc/passwd",
        ] {
            assert!(fetch.get(url, &[]).is_err(), "GET {url}");
            assert!(fetch.post(url, &[], "").is_err(), "POST {url}");
            assert!(fetch.cached_json(url, &[], 0, |_| true).is_err(), "{url}");
        }
    }

    /// A server that answers every request like this, and its request counter.
    fn server(answer: fn(&mut TcpStream) -> io::Result<()>) -> (String, Arc<AtomicUsize>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let asked = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming() {
                counter.fetch_add(1, Ordering::SeqCst);
                thread::spawn(move || {
                    let mut stream = stream.unwrap();
                    let mut head = [0; 4096];
                    // The client may have gone.
                    drop(stream.read(&mut head).and_then(|_| answer(&mut stream)));
                });
            }
        });
        (url, asked)
    }

    const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n";

    /// Covers servers that are silent, stop in the middle, or never end; otherwise the test would hang.
    #[test]
    fn no_request_takes_longer_than_the_deadline() {
        let silent = server(|stream| io::copy(stream, &mut io::sink()).map(drop));
        let halting = server(|stream| {
            stream.write_all(HEAD)?;
            io::copy(stream, &mut io::sink()).map(drop)
        });
        let dripping = server(|stream| {
            stream.write_all(HEAD)?;
            loop {
                stream.write_all(b" ")?;
                thread::park_timeout(Duration::from_millis(10));
            }
        });
        let terms = FetchLimits { time: Duration::from_millis(200), ..fetch(true).terms };
        let fetch = Fetch::new(terms);
        for (url, asked) in [silent, halting, dripping] {
            let error = fetch.get(&url, &[]).unwrap_err();
            assert!(error.contains("timeout"), "{error}");
            assert!(fetch.post(&url, &[], "x").is_err());
            assert_eq!(asked.load(Ordering::SeqCst), 2);
        }
    }

    #[test]
    fn an_answer_ends_at_a_mebibyte() {
        let (endless, _) = server(|stream| {
            stream.write_all(HEAD)?;
            loop {
                stream.write_all(&[b' '; 8192])?;
            }
        });
        let fetch = fetch(true);
        let error = fetch.get(&endless, &[]).unwrap_err();
        assert!(error.contains("limit"), "{error}");
        let (full, _) = server(|stream| {
            stream.write_all(HEAD)?;
            stream.write_all(&vec![b'1'; 1024 * 1024 - 1])
        });
        assert_eq!(fetch.get(&full, &[]).unwrap().body.len(), 1024 * 1024 - 1);
    }

    #[test]
    fn a_silent_server_holds_no_more_threads_than_it_may() {
        let (silent, asked) = server(|stream| io::copy(stream, &mut io::sink()).map(drop));
        let fetch = Fetch::new(FetchLimits { time: Duration::from_secs(2), ..fetch(true).terms });
        thread::scope(|scope| {
            let waiting: Vec<_> =
                (0..4).map(|_| scope.spawn(|| fetch.get(&silent, &[]).unwrap_err())).collect();
            while asked.load(Ordering::SeqCst) < 4 {
                thread::yield_now();
            }
            let error = fetch.get(&silent, &[]).unwrap_err();
            assert_eq!(error, "4 other requests wait for an answer already");
            for waits in waiting {
                assert!(waits.join().unwrap().contains("timeout"));
            }
        });
        assert_eq!((fetch.running(), asked.load(Ordering::SeqCst)), (0, 4));
    }

    static ELSEWHERE: OnceLock<String> = OnceLock::new();

    #[test]
    fn nobody_is_followed_elsewhere() {
        let (elsewhere, visits) = server(|stream| stream.write_all(HEAD));
        ELSEWHERE.set(elsewhere).unwrap();
        let (url, asked) = server(|stream| {
            let place = ELSEWHERE.get().unwrap();
            // Each request should use a new connection, because connections are counted.
            let head = format!(
                "HTTP/1.1 307 Elsewhere\r\nlocation: {place}\r\nconnection: close\r\n\
                 content-length: 0\r\n\r\n"
            );
            stream.write_all(head.as_bytes())
        });
        let fetch = fetch(true);
        assert_eq!(fetch.get(&url, &[]).unwrap().status, 307);
        assert_eq!(fetch.post(&url, &[("authorization", "secret")], "x").unwrap().status, 307);
        assert!(fetch.cached_json(&url, &[], 0, |_| true).is_err());
        assert_eq!((asked.load(Ordering::SeqCst), visits.load(Ordering::SeqCst)), (3, 0));
    }
}

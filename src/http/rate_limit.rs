//! Rate limits: the number of requests per client and path [contract 7].
//!
//! A count restarts when the client has sent nothing for a window; in a secondary storage, when the
//! window since its first request has passed. Rejected requests do not extend the wait. Paths that
//! do not exist share one count, so clients cannot fill the store with invented paths.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use crate::config::Config;
use crate::config::CustomRule;
use crate::config::IpAddress;
use crate::config::RateLimitStorage;
use crate::config::Rule;
use crate::crypto::random;
use crate::database::Timestamp;
use crate::error::AuthError;
use crate::error::codes;
use crate::http::glob;
use crate::instance::Instance;
use crate::models::rate_limit;
use crate::storage::StorageError;

/// Maximum number of counts in memory; the older half is dropped beyond that.
const COUNTS_MAX: usize = 100_000;
/// After this many counts in the database, old ones are deleted.
const SWEEP_EVERY: u32 = 1000;
/// The key of all paths that do not exist.
const UNKNOWN_PATH: &str = "*";

/// A stricter rule for some paths.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// The prefixes of those paths.
    pub starts: &'static [&'static str],
    /// The number of requests per client and path.
    pub rule: Rule,
}

const SPECIAL: &[Limit] = &[
    Limit {
        starts: &["/sign-in", "/sign-up", "/change-password", "/change-email"],
        rule: Rule { window: Duration::from_secs(10), max: 3 },
    },
    Limit {
        starts: &["/request-password-reset", "/send-verification-email", "/forget-password"],
        rule: Rule { window: Duration::from_secs(60), max: 3 },
    },
];

/// Counts requests and rejects those above the limit.
pub struct Limiter {
    is_on: bool,
    default: Rule,
    custom: Vec<(String, CustomRule)>,
    /// Rules of plugins come first: they override the built-in rules. Custom rules override both.
    special: Vec<Limit>,
    addresses: IpAddress,
    storage: RateLimitStorage,
    longest_window: Duration,
    memory: Mutex<Memory>,
}

type Key = (Option<IpAddr>, &'static str);

#[derive(Clone, Copy)]
struct Count {
    requests: u32,
    last: Timestamp,
}

/// Two generations: a count that is used moves to the young one, and the old one is dropped as a
/// whole.
#[derive(Default)]
struct Memory {
    young: HashMap<Key, Count>,
    old: HashMap<Key, Count>,
    in_database: u32,
}

impl Limiter {
    pub(super) fn new(config: &Config, limits: &[Limit]) -> Self {
        let options = &config.rate_limit;
        let is_https = config.is_https();
        let custom: Vec<(String, CustomRule)> =
            options.custom_rules.iter().map(|(path, rule)| (path.clone(), *rule)).collect();
        let windows = custom.iter().filter_map(|(_, rule)| match rule {
            CustomRule::Rule(rule) => Some(rule.window),
            CustomRule::Switch(_) => None,
        });
        let special = [limits, SPECIAL].concat();
        let windows = windows.chain(special.iter().map(|limit| limit.rule.window));
        Self {
            is_on: options.enabled.unwrap_or(is_https)
                && !config.advanced.ip_address.disable_ip_tracking,
            default: Rule { window: options.window, max: options.max },
            longest_window: windows.max().unwrap_or_default().max(options.window),
            custom,
            special,
            addresses: config.advanced.ip_address.clone(),
            storage: config.rate_limit_storage(),
            memory: Mutex::default(),
        }
    }

    /// Whether counting writes to the database.
    pub fn writes(&self) -> bool {
        self.is_on && self.storage == RateLimitStorage::Database
    }

    /// Whether counting a request to this endpoint waits for the database or the secondary storage.
    pub fn waits(&self, path: &str) -> bool {
        self.storage != RateLimitStorage::Memory && self.counts(path)
    }

    /// Whether requests to this endpoint are counted.
    pub(super) fn counts(&self, path: &str) -> bool {
        self.is_on && self.rule(path).is_some()
    }

    /// Counts a request; `path` is that of an endpoint, or `None` for a path that does not exist.
    ///
    /// # Errors
    /// `RATE_LIMIT_EXCEEDED` with the time to wait, or the error of the database.
    pub(super) fn count(
        &self,
        instance: &Instance,
        client: impl FnOnce() -> Option<IpAddr>,
        path: Option<&'static str>,
    ) -> Result<(), AuthError> {
        if !self.is_on {
            return Ok(());
        }
        let path = path.unwrap_or(UNKNOWN_PATH);
        let Some(rule) = self.rule(path) else {
            return Ok(());
        };
        let key = (client().map(|address| self.network(address)), path);
        let now = instance.database().clock().now();
        let until = match self.storage {
            RateLimitStorage::Memory => self.count_in_memory(key, rule, now),
            RateLimitStorage::Database => self.count_in_database(instance, key, rule)?,
            RateLimitStorage::SecondaryStorage => {
                self.count_in_storage(instance, key, rule, now)?
            }
        };
        let Some(until) = until else { return Ok(()) };
        Err(AuthError::new(codes::RATE_LIMIT_EXCEEDED).with_retry_after(now.until(until)))
    }

    fn rule(&self, path: &str) -> Option<Rule> {
        let fits = |pattern: &str| {
            pattern == path || (glob::is_pattern(pattern) && glob::is_match(pattern, path))
        };
        match self.custom.iter().find(|(pattern, _)| fits(pattern)) {
            Some((_, CustomRule::Rule(rule))) => return Some(*rule),
            Some((_, CustomRule::Switch(false))) => return None,
            Some((_, CustomRule::Switch(true))) | None => {}
        }
        let begins = |limit: &&Limit| limit.starts.iter().any(|start| path.starts_with(start));
        Some(self.special.iter().find(begins).map_or(self.default, |limit| limit.rule))
    }

    /// The address or network that counts as one client.
    pub fn network(&self, address: IpAddr) -> IpAddr {
        self.addresses.client(address)
    }

    /// The time of the next allowed request if this one exceeds the limit.
    fn count_in_memory(&self, key: Key, rule: Rule, now: Timestamp) -> Option<Timestamp> {
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let known = memory.young.get(&key).or_else(|| memory.old.get(&key)).copied();
        // A time in the future comes from a clock that has been set back since.
        let live = known.filter(|count| {
            now < count.last.after(rule.window) && count.last <= now.after(rule.window)
        });
        let requests = live.map_or(0, |count| count.requests);
        if let Some(count) = live
            && rule.max <= requests
        {
            return Some(count.last.after(rule.window));
        }
        if COUNTS_MAX / 2 <= memory.young.len() {
            memory.old = std::mem::take(&mut memory.young);
        }
        memory.young.insert(key, Count { requests: requests + 1, last: now });
        None
    }

    fn count_in_database(
        &self,
        instance: &Instance,
        key: Key,
        rule: Rule,
    ) -> Result<Option<Timestamp>, AuthError> {
        let is_time_to_sweep = {
            let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
            memory.in_database = (memory.in_database + 1) % SWEEP_EVERY;
            memory.in_database == 0
        };
        let last = instance.database().write_one(|tx| {
            if is_time_to_sweep {
                rate_limit::delete_old(tx, tx.now().before(self.longest_window))?;
            }
            rate_limit::count(tx, &random::id(), &spell_key(key), rule.window, rule.max)
        })?;
        Ok(last.map(|last| last.after(rule.window)))
    }

    /// While the storage is unavailable, each server counts in memory: every request is counted.
    fn count_in_storage(
        &self,
        instance: &Instance,
        key: Key,
        rule: Rule,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, AuthError> {
        let Some(storage) = instance.storage() else {
            return Ok(self.count_in_memory(key, rule, now));
        };
        match storage.increment(&spell_key(key), rule.window) {
            Ok((count, left)) => Ok((u64::from(rule.max) < count).then(|| now.after(left))),
            Err(error @ (StorageError::Unavailable(_) | StorageError::Busy)) => {
                tracing::warn!(%error, "cannot count requests in the secondary storage; counting them in memory");
                Ok(self.count_in_memory(key, rule, now))
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// The key in Better Auth's format.
fn spell_key((client, path): Key) -> String {
    let client = client.map_or_else(|| "no-trusted-ip".to_owned(), spell);
    format!("{client}|{path}")
}

/// An address in Better Auth's format: IPv6 with all digits, so that both servers use the same row.
fn spell(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let groups = address.segments().map(|group| format!("{group:04x}"));
            groups.join(":")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::Clock;
    use crate::schema;

    fn limiter(change: impl FnOnce(&mut Config)) -> Limiter {
        let mut config = Config::default();
        config.rate_limit.enabled = Some(true);
        change(&mut config);
        Limiter::new(&config, &[])
    }

    fn max(limiter: &Limiter, path: &str) -> Option<u32> {
        limiter.rule(path).map(|rule| rule.max)
    }

    #[test]
    fn special_paths_have_special_rules_and_custom_ones_win() {
        let limiter = limiter(|config| {
            let rule = |max| CustomRule::Rule(Rule { window: Duration::from_secs(1), max });
            config.rate_limit.custom_rules = [
                ("/sign-in/*".to_owned(), rule(7)),
                ("/sign-in/email".to_owned(), rule(8)),
                ("/get-session".to_owned(), CustomRule::Switch(false)),
            ]
            .into();
        });
        assert_eq!(max(&limiter, "/sign-in/email"), Some(7));
        assert_eq!(max(&limiter, "/sign-up/email"), Some(3));
        assert_eq!(max(&limiter, "/forget-password"), Some(3));
        assert_eq!(max(&limiter, "/get-session"), None);
        assert_eq!(max(&limiter, UNKNOWN_PATH), Some(100));
    }

    #[test]
    fn counting_writes_where_it_is_on_and_counts_are_rows() {
        let writes = |is_on, storage| {
            let limiter = limiter(|config| {
                config.rate_limit.enabled = Some(is_on);
                config.rate_limit.storage = Some(storage);
            });
            limiter.writes()
        };
        assert!(writes(true, RateLimitStorage::Database));
        assert!(!writes(true, RateLimitStorage::Memory));
        assert!(!writes(false, RateLimitStorage::Database));
    }

    #[test]
    fn one_network_of_ipv6_is_one_client() {
        let at = |subnet, address: &str| {
            let limiter = limiter(|config| config.advanced.ip_address.ipv6_subnet = subnet);
            limiter.network(address.parse().unwrap()).to_string()
        };
        assert_eq!(at(64, "2001:db8::1:2:3:4"), "2001:db8::");
        assert_eq!(at(128, "2001:db8::1:2:3:4"), "2001:db8::1:2:3:4");
        assert_eq!(at(0, "2001:db8::1:2:3:4"), "::");
        assert_eq!(at(64, "192.0.2.1"), "192.0.2.1");
        assert_eq!(spell("2001:db8::".parse().unwrap()), "2001:0db8:0000:0000:0000:0000:0000:0000");
    }

    #[test]
    fn a_count_begins_again_after_a_quiet_window_and_refusals_do_not_prolong_it() {
        let limiter = limiter(|_| {});
        let rule = Rule { window: Duration::from_secs(3), max: 3 };
        let at = |seconds: i64| {
            let now = Timestamp::from_millis(seconds * 100);
            limiter.count_in_memory((None, "/x"), rule, now).map(Timestamp::as_millis)
        };
        assert_eq!([at(0), at(20), at(40)], [None, None, None]);
        assert_eq!(at(60), Some(7000));
        assert_eq!(at(72), None);
    }

    #[test]
    fn nobody_is_forgotten_while_there_is_room() {
        let limiter = limiter(|_| {});
        let rule = Rule { window: Duration::from_secs(60), max: 1 };
        let is_let_in = |n: usize| {
            let client = Some(IpAddr::V4(u32::try_from(n).unwrap().into()));
            limiter.count_in_memory((client, "/x"), rule, Timestamp::from_millis(0)).is_none()
        };
        assert!((0..COUNTS_MAX / 2).all(is_let_in));
        assert!(!is_let_in(0));
    }

    #[test]
    fn the_store_does_not_grow_without_end() {
        let limiter = limiter(|_| {});
        let rule = Rule { window: Duration::from_secs(60), max: 1 };
        for n in 0..250_000_u32 {
            let client = Some(IpAddr::V4(n.into()));
            limiter.count_in_memory((client, "/x"), rule, Timestamp::from_millis(0));
        }
        let memory = limiter.memory.lock().unwrap();
        assert!(memory.young.len() + memory.old.len() <= COUNTS_MAX);
    }

    #[test]
    fn rows_of_clients_long_gone_are_removed_at_every_thousandth_count() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.database.url = format!("sqlite:{}", folder.path().join("a.db").display()).into();
        config.rate_limit.enabled = Some(true);
        config.rate_limit.storage = Some(RateLimitStorage::Database);
        let limiter = Limiter::new(&config, &[]);
        let clock = Clock::fixed(Timestamp::from_millis(0));
        let instance = Instance::of_the_core(config, clock.clone());
        schema::migrate(instance.database(), instance.tables()).unwrap();
        let count = |path| {
            limiter.count(&instance, || None, Some(path)).unwrap();
            let sql = r#"SELECT COUNT(*) FROM "rateLimit""#;
            instance.database().read(|tx| tx.find(sql, &[], |row| row.integer(0))).unwrap()
        };
        assert_eq!(count("/gone"), Some(1));
        limiter.memory.lock().unwrap().in_database = SWEEP_EVERY - 2;
        clock.set(clock.now().after(limiter.longest_window + Duration::from_millis(1)));
        assert_eq!([count("/x"), count("/x")], [Some(2), Some(1)]);
    }
}

//! A shared quota per client, counted in memory within fixed windows.
//!
//! Counting accesses no database, so a refused request costs nothing, and stored data makes no request slower. Each
//! server counts for itself.

use std::collections::HashMap;
use std::collections::HashSet;
use std::hash::BuildHasher as _;
use std::hash::RandomState;
use std::net::IpAddr;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use crate::config::Limits;
use crate::database::Timestamp;

/// The window in which one-time tokens are counted: as long as a sign-in by provider may take.
const WINDOW: Duration = Duration::from_secs(10 * 60);

/// The usage of clients and their limits.
pub struct Quota {
    per_client: u64,
    total: u64,
    window: Duration,
    /// Clients are stored as hashes under a random key, because addresses may have to stay private.
    hasher: RandomState,
    taken: Mutex<Usage>,
}

#[derive(Default)]
struct Usage {
    began: Option<Timestamp>,
    total: u64,
    by_client: HashMap<u64, u64>,
    reported: HashSet<ExceededLimit>,
}

/// The exceeded limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExceededLimit {
    /// The limit of this client.
    Client,
    /// The limit of all clients together; clients that have used much are refused first.
    Total,
}

/// A refused request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    /// The limit that was exceeded.
    pub full: ExceededLimit,
    /// When the next window begins.
    pub retry_after: Duration,
    /// Whether this is the first refusal for that reason in this window, so that it is logged once.
    pub is_first: bool,
}

impl Quota {
    /// The quota of one-time tokens.
    pub(super) fn configured(limits: &Limits) -> Self {
        Self::new(limits.one_time_tokens_per_client, limits.one_time_tokens, WINDOW)
    }

    /// An unused quota.
    fn new(per_client: usize, total: usize, window: Duration) -> Self {
        let [per_client, total] =
            [per_client.min(total), total].map(|max| u64::try_from(max).unwrap_or(u64::MAX));
        let (hasher, taken) = (RandomState::new(), Mutex::default());
        Self { per_client, total, window, hasher, taken }
    }

    /// Takes one for a client.
    ///
    /// While less than half of the total is used, each client has its full limit; then its share shrinks with what is
    /// left. A client that has taken nothing is refused only when nothing is left.
    pub fn take(&self, client: IpAddr, now: Timestamp) -> Result<(), Refused> {
        let client = self.hasher.hash_one(client);
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        // A window that begins in the future was begun before the clock was set back.
        let is_current = |began: &Timestamp| *began <= now && now < began.after(self.window);
        let began = taken.began.filter(is_current).unwrap_or_else(|| {
            *taken = Usage { began: Some(now), ..Usage::default() };
            now
        });
        let own = taken.by_client.get(&client).copied().unwrap_or_default();
        if let Some(full) = self.full(own, taken.total) {
            let wait = began.after(self.window).as_millis().saturating_sub(now.as_millis());
            let retry_after = Duration::from_millis(u64::try_from(wait).unwrap_or_default());
            return Err(Refused { full, retry_after, is_first: taken.reported.insert(full) });
        }
        taken.total += 1;
        taken.by_client.insert(client, own + 1);
        Ok(())
    }

    fn full(&self, own: u64, all: u64) -> Option<ExceededLimit> {
        if self.per_client <= own {
            return Some(ExceededLimit::Client);
        }
        let left = self.total.saturating_sub(all);
        let part = self.per_client.saturating_mul(left).saturating_mul(2);
        (part <= own.saturating_mul(self.total)).then_some(ExceededLimit::Total)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn client(number: u32) -> IpAddr {
        IpAddr::V4(number.into())
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(1_800_000_000_000 + seconds * 1000)
    }

    /// Takes until the client is refused.
    fn exhaust(quota: &Quota, number: u32) -> (u64, ExceededLimit) {
        let mut count = 0;
        loop {
            match quota.take(client(number), at(0)) {
                Ok(()) => count += 1,
                Err(refused) => return (count, refused.full),
            }
        }
    }

    #[test]
    fn a_client_takes_its_part_and_then_waits_for_the_next_window() {
        let quota = Quota::new(3, 100, WINDOW);
        assert_eq!(exhaust(&quota, 1), (3, ExceededLimit::Client));
        assert_eq!(quota.take(client(2), at(0)), Ok(()));
        let refused = quota.take(client(1), at(599)).unwrap_err();
        assert_eq!(refused.retry_after, Duration::from_secs(1));
        assert_eq!(quota.take(client(1), at(600)), Ok(()));
        // A clock that is set back begins a window as well.
        assert_eq!(exhaust(&quota, 1), (3, ExceededLimit::Client));
    }

    #[test]
    fn clients_that_have_taken_much_are_refused_before_those_that_have_taken_little() {
        let quota = Quota::new(1_000, 100_000, WINDOW);
        let counts: Vec<_> = (0..400).map(|number| exhaust(&quota, number).0).collect();
        assert!(counts.iter().take(50).all(|count| *count == 1_000), "half is for whoever comes");
        assert!(counts.is_sorted_by(|earlier, later| later <= earlier));
        // Four hundred clients that take all they can still leave something for another one.
        assert_eq!(quota.take(client(1_000), at(0)), Ok(()));
        assert_eq!(quota.take(client(0), at(0)).unwrap_err().full, ExceededLimit::Client);
        assert_eq!(quota.take(client(399), at(0)).unwrap_err().full, ExceededLimit::Total);
    }

    #[test]
    fn a_reason_is_news_once_in_a_window() {
        let quota = Quota::new(1, 2, WINDOW);
        let refused = |number, seconds| quota.take(client(number), at(seconds)).err();
        let news = |number, seconds| refused(number, seconds).map(|refused| refused.is_first);
        assert_eq!([refused(1, 0), refused(2, 0)], [None, None]);
        let all = [news(1, 0), news(2, 1), news(3, 2), news(4, 3)];
        assert_eq!(all, [Some(true), Some(false), Some(true), Some(false)]);
        assert_eq!([news(1, 600), news(1, 601)], [None, Some(true)]);
    }

    proptest! {
        #[test]
        fn never_more_than_there_is_and_never_a_newcomer_refused_while_something_is_left(
            (per_client, total) in (1..20_usize, 1..60_usize),
            clients in proptest::collection::vec(0..12_u32, 0..200),
        ) {
            let quota = Quota::new(per_client, total, WINDOW);
            let mut counts = HashMap::<u32, usize>::new();
            for number in clients {
                let all: usize = counts.values().sum();
                let own = counts.entry(number).or_default();
                let taken = quota.take(client(number), at(0));
                if taken.is_ok() {
                    *own += 1;
                    prop_assert!(*own <= per_client && all < total);
                } else {
                    prop_assert!(0 < *own || all == total);
                }
            }
        }
    }
}

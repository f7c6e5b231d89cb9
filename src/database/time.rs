//! Time as Better Auth stores and sends it: UTC, milliseconds, `2026-11-23T13:22:46.875Z`.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use chrono::{DateTime, SecondsFormat, Utc};

/// An instant in UTC with millisecond precision, the precision of the databases and of the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From milliseconds since 1970-01-01T00:00:00Z.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Reads any RFC 3339 text; finer than a millisecond is cut off.
    pub fn parse(text: &str) -> Option<Self> {
        let time = DateTime::parse_from_rfc3339(text).ok()?;
        Some(Self(time.timestamp_millis()))
    }

    /// This instant and a span after it; stops at the end of time instead of wrapping.
    #[must_use]
    pub fn after(self, span: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }

    /// This instant and a span before it.
    #[must_use]
    pub fn before(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl From<Timestamp> for DateTime<Utc> {
    fn from(time: Timestamp) -> Self {
        let end = if time.0 < 0 { Self::MIN_UTC } else { Self::MAX_UTC };
        Self::from_timestamp_millis(time.0).unwrap_or(end)
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(time: DateTime<Utc>) -> Self {
        Self(time.timestamp_millis())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = DateTime::<Utc>::from(*self);
        f.write_str(&time.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("expected an ISO-8601 date-time"))
    }
}

/// Where "now" comes from: the system, or a value that a test sets.
#[derive(Debug, Clone, Default)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// The system's clock.
    pub const SYSTEM: Self = Self(None);

    /// A clock that stands still at `time` until it is set; clones share it.
    pub fn fixed(time: Timestamp) -> Self {
        Self(Some(Arc::new(AtomicI64::new(time.as_millis()))))
    }

    /// Sets a fixed clock; the system's clock stays as it is.
    pub fn set(&self, time: Timestamp) {
        if let Some(fixed) = &self.0 {
            fixed.store(time.as_millis(), Ordering::SeqCst);
        }
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Some(fixed) => Timestamp(fixed.load(Ordering::SeqCst)),
            None => Timestamp(system_millis()),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one reader of the system's clock")]
fn system_millis() -> i64 {
    let since_epoch = std::time::SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_form_has_three_digits_and_a_z() {
        let time = Timestamp::parse("2026-11-23T13:22:46.8Z").unwrap();
        assert_eq!(time.to_string(), "2026-11-23T13:22:46.800Z");
        assert_eq!(time.as_millis(), 1_795_440_166_800);
        assert_eq!(Timestamp::parse("2026-11-23T14:22:46.800+01:00"), Some(time));
        assert_eq!(Timestamp::parse("yesterday"), None);
    }

    #[test]
    fn the_end_of_time_is_reached_without_a_panic() {
        let end = Timestamp::from_millis(i64::MAX);
        assert_eq!(end.after(Duration::from_secs(1)), end);
        assert!(!end.to_string().is_empty());
        assert!(!Timestamp::from_millis(i64::MIN).before(Duration::MAX).to_string().is_empty());
    }
}

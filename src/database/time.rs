//! Time as Better Auth stores and sends it: UTC, milliseconds, `2026-11-23T13:22:46.875Z`.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use chrono::{DateTime, SecondsFormat, Utc};

/// An instant in UTC with millisecond precision, the precision of the databases and of the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// 1970-01-01T00:00:00Z
    pub const EPOCH: Self = Self(0);

    /// From milliseconds since 1970-01-01T00:00:00Z.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Reads any RFC 3339 text; digits beyond milliseconds are ignored.
    pub fn parse(text: &str) -> Option<Self> {
        let parsed = || Some(DateTime::parse_from_rfc3339(text).ok()?.timestamp_millis());
        canonical::parse(text).or_else(parsed).map(Self)
    }

    /// This instant plus a span; saturates.
    #[must_use]
    pub fn after(self, span: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }

    /// This instant minus a span; saturates.
    #[must_use]
    pub fn before(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }

    /// This instant, cut to what a column of this precision holds.
    #[must_use]
    pub fn cut(self, precision: Duration) -> Self {
        let step = i64::try_from(precision.as_millis()).unwrap_or(i64::MAX).max(1);
        Self(self.0.div_euclid(step) * step)
    }

    /// The span from this instant to a later one; zero if it is earlier.
    pub fn until(self, later: Self) -> Duration {
        let millis = later.0.saturating_sub(self.0);
        Duration::from_millis(u64::try_from(millis).unwrap_or_default())
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
        if let Some(text) = canonical::write(self.0, &mut [0; canonical::LENGTH]) {
            return f.write_str(text);
        }
        let time = DateTime::<Utc>::from(*self);
        f.write_str(&time.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match canonical::write(self.0, &mut [0; canonical::LENGTH]) {
            Some(text) => serializer.serialize_str(text),
            None => serializer.collect_str(self),
        }
    }
}

impl schemars::JsonSchema for Timestamp {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "date-time".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "format": "date-time"})
    }
}

impl<'de> serde::Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <Cow<'de, str>>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("expected an ISO-8601 date-time"))
    }
}

/// The canonical form in databases and responses, `2026-11-23T13:22:46.875Z`. A session and its user have five of them:
/// as general RFC 3339 texts they took a sixth of the instructions of a lookup.
mod canonical {
    pub(super) const LENGTH: usize = 24;
    const MILLIS_PER_DAY: i64 = 86_400_000;
    /// Days from 0000-03-01 to 1970-01-01.
    const DAYS_TO_EPOCH: i64 = 719_468;
    /// Days of 400 years, after which the calendar repeats itself.
    const DAYS_PER_ERA: i64 = 146_097;

    /// Milliseconds since 1970; `None` for any other form, and for dates that do not exist.
    pub(super) fn parse(text: &str) -> Option<i64> {
        let &[
            y1,
            y2,
            y3,
            y4,
            b'-',
            m1,
            m2,
            b'-',
            d1,
            d2,
            b'T',
            h1,
            h2,
            b':',
            i1,
            i2,
            b':',
            s1,
            s2,
            b'.',
            f1,
            f2,
            f3,
            b'Z',
        ] = text.as_bytes()
        else {
            return None;
        };
        let (year, month, day) =
            (number(&[y1, y2, y3, y4])?, number(&[m1, m2])?, number(&[d1, d2])?);
        let (hour, minute, second) = (number(&[h1, h2])?, number(&[i1, i2])?, number(&[s1, s2])?);
        let is_in_calendar = (1..=12).contains(&month)
            && (1..=days_of(year, month)).contains(&day)
            && hour < 24
            && minute < 60
            && second < 60;
        let seconds = (hour * 60 + minute) * 60 + second;
        let millis = number(&[f1, f2, f3])?;
        is_in_calendar.then(|| days(year, month, day) * MILLIS_PER_DAY + seconds * 1000 + millis)
    }

    fn number(digits: &[u8]) -> Option<i64> {
        digits.iter().try_fold(0, |number, digit| {
            digit.is_ascii_digit().then(|| number * 10 + i64::from(digit - b'0'))
        })
    }

    fn days_of(year: i64, month: i64) -> i64 {
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        match month {
            2 if is_leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }

    /// Days from 1970 to a date, counted in years that begin in March, so that the leap day is the last.
    fn days(year: i64, month: i64, day: i64) -> i64 {
        let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let day_of_year = (153 * month + 2) / 5 + day - 1;
        let day_of_era = of_era * 365 + of_era / 4 - of_era / 100 + day_of_year;
        era * DAYS_PER_ERA + day_of_era - DAYS_TO_EPOCH
    }

    /// The text, written into this buffer; `None` for years that do not have four digits.
    pub(super) fn write(millis: i64, buffer: &mut [u8; LENGTH]) -> Option<&str> {
        let (days, of_day) = (millis.div_euclid(MILLIS_PER_DAY), millis.rem_euclid(MILLIS_PER_DAY));
        let days = days + DAYS_TO_EPOCH;
        let (era, day) = (days.div_euclid(DAYS_PER_ERA), days.rem_euclid(DAYS_PER_ERA));
        let of_era = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
        let day_of_year = day - (365 * of_era + of_era / 4 - of_era / 100);
        let month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month + 2) / 5 + 1;
        let (year, month) = (era * 400 + of_era, if month < 10 { month + 3 } else { month - 9 });
        let year = if month < 3 { year + 1 } else { year };
        if !(0..=9999).contains(&year) {
            return None;
        }
        let (seconds, millis) = (of_day / 1000, of_day % 1000);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        let digit = |number: i64| b'0' + u8::try_from(number % 10).unwrap_or_default();
        *buffer = [
            digit(year / 1000),
            digit(year / 100),
            digit(year / 10),
            digit(year),
            b'-',
            digit(month / 10),
            digit(month),
            b'-',
            digit(day / 10),
            digit(day),
            b'T',
            digit(hour / 10),
            digit(hour),
            b':',
            digit(minute / 10),
            digit(minute),
            b':',
            digit(second / 10),
            digit(second),
            b'.',
            digit(millis / 100),
            digit(millis / 10),
            digit(millis),
            b'Z',
        ];
        str::from_utf8(buffer).ok()
    }
}

/// The source of "now": the system, or a value that a test sets.
#[derive(Debug, Clone, Default)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// The system's clock.
    pub const SYSTEM: Self = Self(None);

    /// A clock that stands still at `time` until it is set; clones share it.
    pub fn fixed(time: Timestamp) -> Self {
        Self(Some(Arc::new(AtomicI64::new(time.as_millis()))))
    }

    /// Sets a fixed clock; has no effect on the system's clock.
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
    use proptest::prelude::*;

    use super::*;

    fn slowly(millis: i64) -> String {
        let time = DateTime::<Utc>::from(Timestamp(millis));
        time.to_rfc3339_opts(SecondsFormat::Millis, true)
    }

    #[test]
    fn days_of_the_whole_calendar_are_written_and_read_as_chrono_does() {
        for day in (-719_528_i64..2_932_897).step_by(37) {
            let millis = day * 86_400_000 + (day * 7919).rem_euclid(86_400_000);
            let text = Timestamp(millis).to_string();
            assert_eq!(text, slowly(millis));
            assert_eq!(canonical::parse(&text), Some(millis), "{text}");
        }
    }

    #[test]
    fn what_no_calendar_has_is_no_time() {
        for text in [
            "2026-02-29T00:00:00.000Z",
            "2100-02-29T00:00:00.000Z",
            "2026-13-01T00:00:00.000Z",
            "2026-00-10T00:00:00.000Z",
            "2026-01-00T00:00:00.000Z",
            "2026-04-31T00:00:00.000Z",
            "2026-01-01T24:00:00.000Z",
            "2026-01-01T00:60:00.000Z",
            "2026-01-01T00:00:61.000Z",
            "2026-01-01T00:00:0x.000Z",
        ] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
        assert!(Timestamp::parse("2000-02-29T00:00:00.000Z").is_some());
    }

    proptest! {
        #[test]
        fn any_instant_is_written_as_chrono_does(millis: i64) {
            prop_assert_eq!(Timestamp(millis).to_string(), slowly(millis));
        }

        #[test]
        fn text_of_that_form_is_read_as_chrono_does(
            text in "[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9].[0-9]{3}Z"
        ) {
            let slowly = DateTime::parse_from_rfc3339(&text).ok().map(|time| time.timestamp_millis());
            prop_assert_eq!(Timestamp::parse(&text).map(Timestamp::as_millis), slowly);
        }
    }

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

//! Times as other programs store them: text in several forms, and numbers of seconds or milliseconds.

use chrono::DateTime;
use chrono::NaiveDate;
use chrono::NaiveDateTime;

use crate::database::Form;
use crate::database::Timestamp;

/// As seconds this is the year 5138, as milliseconds 1973: a number below is seconds.
const SECONDS_END: i64 = 100_000_000_000;
/// Texts of other programs, without a time zone, in the order in which they are tried.
const PLAIN: &[&str] = &["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M"];

/// An instant from text. Without a time zone it is UTC, as SQLite's `datetime('now')` is.
pub(super) fn of_text(text: &str) -> Option<Timestamp> {
    let naive = |form: &&str| NaiveDateTime::parse_from_str(text, form).ok();
    let plain = || PLAIN.iter().find_map(naive).map(|time| time.and_utc().into());
    let zoned =
        || Some(DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f%#z").ok()?.to_utc().into());
    let zulu = || Some(plain_of_zulu(text)?.and_utc().into());
    let day = || {
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
        Some(day.and_hms_opt(0, 0, 0)?.and_utc().into())
    };
    let number = || text.parse().ok().map(of_number);
    Timestamp::parse(text).or_else(plain).or_else(zoned).or_else(zulu).or_else(day).or_else(number)
}

fn plain_of_zulu(text: &str) -> Option<NaiveDateTime> {
    NaiveDateTime::parse_from_str(text.strip_suffix('Z')?, "%Y-%m-%d %H:%M:%S%.f").ok()
}

/// An instant from seconds or milliseconds since 1970.
pub(super) fn of_number(number: i64) -> Timestamp {
    let is_seconds = (-SECONDS_END..SECONDS_END).contains(&number);
    Timestamp::from_millis(if is_seconds { number.saturating_mul(1000) } else { number })
}

/// An instant from seconds with a fraction, or milliseconds.
pub(super) fn of_real(number: f64) -> Option<Timestamp> {
    let is_seconds = number.abs() < 1e11;
    let millis = if is_seconds { number * 1000.0 } else { number }.round();
    // Beyond this a `f64` holds no exact integers.
    let is_exact = millis.abs() < 9e15;
    #[expect(clippy::cast_possible_truncation, reason = "its size has been checked")]
    is_exact.then(|| Timestamp::from_millis(millis as i64))
}

/// The form of a number; `None` for 0, which is the same in both.
pub(super) fn form_of_number(number: i64) -> Option<Form> {
    match number {
        0 => None,
        _ if (-SECONDS_END..SECONDS_END).contains(&number) => Some(Form::Seconds),
        _ => Some(Form::Millis),
    }
}

/// The form of a text that holds a time.
pub(super) fn form_of_text(text: &str) -> Option<Form> {
    of_text(text)?;
    match text.as_bytes().get(10) {
        Some(b'T' | b't') if text.ends_with("+00:00") => Some(Form::IsoOffset),
        Some(b'T' | b't') => Some(Form::Iso),
        Some(b' ') => Some(Form::Sql),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_any_program_is_read() {
        let expected = Timestamp::parse("2026-11-23T13:22:46.875Z");
        for text in [
            "2026-11-23T13:22:46.875Z",
            "2026-11-23T13:22:46.875+00:00",
            "2026-11-23T14:22:46.875+01:00",
            "2026-11-23 13:22:46.875",
            "2026-11-23 13:22:46.875Z",
            "2026-11-23T13:22:46.875",
            "2026-11-23 14:22:46.875+01:00",
            "2026-11-23 14:22:46.875+01",
            "1795440166875",
        ] {
            assert_eq!(of_text(text), expected, "{text}");
        }
        assert_eq!(of_text("2026-11-23 13:22:46"), Some(of_number(1_795_440_166)));
        assert_eq!(of_text("2026-11-23"), Timestamp::parse("2026-11-23T00:00:00.000Z"));
        for text in ["", "now", "2026-02-30 00:00:00", "13:22", "2026-11-23T", "Zweitausend"] {
            assert_eq!(of_text(text), None, "{text}");
        }
    }

    #[test]
    fn a_number_is_seconds_or_milliseconds_by_its_size() {
        let expected = Timestamp::parse("2026-11-23T13:22:46.000Z");
        assert_eq!(Some(of_number(1_795_440_166)), expected);
        assert_eq!(Some(of_number(1_795_440_166_000)), expected);
        assert_eq!(of_real(1_795_440_166.0), expected);
        assert_eq!(of_real(f64::NAN), None);
        assert_eq!(form_of_number(1_795_440_166), Some(Form::Seconds));
        assert_eq!(form_of_number(1_795_440_166_000), Some(Form::Millis));
        assert_eq!(form_of_number(0), None);
    }
}

//! How a database stores a value: other programs write times, flags and ids in other forms [contract 11.2, 11.3].

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use uuid::Uuid;

use crate::database::Param;
use crate::database::Timestamp;

/// How the values of a column are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    /// As the database itself has it: text, a native time or flag.
    #[default]
    Native,
    /// A time as text, `2026-11-23T13:22:46.875Z`: the form of Better Auth in SQLite.
    Iso,
    /// A time as text, `2026-11-23T13:22:46.875+00:00`: the form of Prisma in SQLite.
    IsoOffset,
    /// A time as text, `2026-11-23 13:22:46` in UTC: the form of SQL's `CURRENT_TIMESTAMP` in SQLite.
    Sql,
    /// A time as seconds since 1970.
    Seconds,
    /// A time as milliseconds since 1970.
    Millis,
    /// A flag as 0 or 1 where the database has a type of its own for flags.
    FlagNumber,
    /// A flag as `true` or `false` in a column for text.
    FlagText,
    /// An id as a whole number, up to this one.
    Number {
        /// The largest id.
        max: i64,
    },
    /// An id of a type that holds nothing but UUIDs.
    Uuid,
    /// JSON as a JSON text, `"[1]"` with its quotes: how Drizzle stores lists and objects in SQLite.
    JsonText,
    /// A list of a type for lists, as PostgreSQL's `text[]`.
    Array,
    /// An address of a type that holds nothing but IP addresses.
    Address,
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Native => "a native type",
            Self::Iso => "ISO 8601 text",
            Self::IsoOffset => "ISO 8601 text with +00:00",
            Self::Sql => "SQL text",
            Self::Seconds => "seconds",
            Self::Millis => "milliseconds",
            Self::FlagNumber | Self::Number { .. } => "a number",
            Self::FlagText => "text",
            Self::Uuid => "a UUID",
            Self::JsonText => "JSON in a JSON text",
            Self::Array => "a list",
            Self::Address => "an IP address",
        })
    }
}

impl Form {
    /// The least difference between two times of this form.
    pub const fn precision(self) -> Duration {
        match self {
            Self::Sql | Self::Seconds => Duration::from_secs(1),
            _ => Duration::from_millis(1),
        }
    }

    /// A time as text in this form; that of Better Auth where this is none of text.
    pub(super) fn spell(self, time: Timestamp) -> String {
        let text = time.to_string();
        match self {
            Self::Sql => text.split('.').next().unwrap_or_default().replacen('T', " ", 1),
            Self::IsoOffset => text.replacen('Z', "+00:00", 1),
            _ => text,
        }
    }

    /// A parameter in this form. A text that cannot be an id becomes `NULL`, which no id is equal to.
    pub fn fit(self, param: Param<'_>) -> Param<'_> {
        match (self, param) {
            (Self::Sql | Self::IsoOffset, Param::Time(time)) => Param::TimeAs(time, self),
            (Self::Seconds, Param::Time(time)) => Param::Integer(time.as_millis().div_euclid(1000)),
            (Self::Millis, Param::Time(time)) => Param::Integer(time.as_millis()),
            (Self::FlagNumber, Param::Flag(flag)) => Param::Integer(flag.into()),
            (Self::FlagText, Param::Flag(flag)) => Param::Text(if flag { "true" } else { "false" }),
            (Self::Number { max }, Param::Text(text)) if !is_number(text, max) => Param::Null,
            (Self::Uuid, Param::Text(text)) if !is_uuid(text) => Param::Null,
            (Self::Address, Param::Text(text)) if text.parse::<IpAddr>().is_err() => Param::Null,
            (_, param) => param,
        }
    }
}

/// Whether a text is a number as the database writes it.
fn is_number(text: &str, max: i64) -> bool {
    text.parse::<i64>().is_ok_and(|number| number <= max && number.to_string() == text)
}

/// Whether a text is a UUID as the database writes it.
fn is_uuid(text: &str) -> bool {
    Uuid::try_parse(text).is_ok_and(|id| id.hyphenated().to_string() == text)
}

/// Parameters in the forms of a statement; without forms they stay as they are.
pub(super) fn fitted<'p, 'a>(forms: &[Form], params: &'p [Param<'a>]) -> Cow<'p, [Param<'a>]> {
    if forms.is_empty() {
        return Cow::Borrowed(params);
    }
    let form = |at: usize| forms.get(at).copied().unwrap_or_default();
    params.iter().enumerate().map(|(at, param)| form(at).fit(*param)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(form: Form, param: Param<'_>) -> String {
        format!("{:?}", form.fit(param))
    }

    #[test]
    fn a_time_is_cut_to_what_its_form_can_hold() {
        let time = Param::Time(Timestamp::from_millis(-1));
        assert_eq!(shown(Form::Seconds, time), "Integer(-1)");
        assert_eq!(shown(Form::Millis, time), "Integer(-1)");
        assert_eq!(shown(Form::Sql, time), "TimeAs(Timestamp(-1), Sql)");
        assert_eq!(shown(Form::Iso, time), "Time(Timestamp(-1))");
    }

    #[test]
    fn a_time_is_spelled_as_its_program_does() {
        let time = Timestamp::from_millis(1_795_440_166_875);
        assert_eq!(Form::Sql.spell(time), "2026-11-23 13:22:46");
        assert_eq!(Form::IsoOffset.spell(time), "2026-11-23T13:22:46.875+00:00");
        assert_eq!(Form::Iso.spell(time), "2026-11-23T13:22:46.875Z");
    }

    #[test]
    fn a_text_that_cannot_be_an_id_is_equal_to_none() {
        let number = Form::Number { max: 2_147_483_647 };
        assert_eq!(shown(number, "2147483647".into()), r#"Text("2147483647")"#);
        for text in ["2147483648", "07", "+7", " 7", "7.0", "ada@example.com", ""] {
            assert_eq!(shown(number, text.into()), "Null", "{text}");
        }
        let id = "01a225af-cee6-74f2-8bfc-560e7d299cb0";
        assert_eq!(shown(Form::Uuid, id.into()), format!("Text({id:?})"));
        assert_eq!(shown(Form::Uuid, "u1".into()), "Null");
        assert_eq!(shown(Form::Uuid, Param::Null), "Null");
    }
}

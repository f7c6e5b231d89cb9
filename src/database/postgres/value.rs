//! Conversion of parameters and results.
//!
//! Parameters are sent as text and without a type: the server infers it, so one statement serves both databases.
//! Results come in binary form.

use std::error::Error;
use std::fmt;
use std::net::IpAddr;

use bytes::BufMut as _;
use bytes::BytesMut;
use serde::Serialize;
use tokio_postgres::types::Format;
use tokio_postgres::types::FromSql;
use tokio_postgres::types::IsNull;
use tokio_postgres::types::Kind;
use tokio_postgres::types::ToSql;
use tokio_postgres::types::Type;
use tokio_postgres::types::to_sql_checked;
use uuid::Uuid;

use crate::database::Param;
use crate::database::Timestamp;
use crate::database::value::Value;

/// 2000-01-01T00:00:00Z, the epoch of PostgreSQL, in milliseconds.
const EPOCH_MILLIS: i64 = 946_684_800_000;

type Failure = Box<dyn Error + Sync + Send>;

/// A parameter. Its `Debug` hides the value, because the driver logs what it sends.
pub(super) struct SqlParam<'a>(pub(super) &'a Param<'a>);

impl fmt::Debug for SqlParam<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl ToSql for SqlParam<'_> {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        match self.0 {
            Param::Null => return Ok(IsNull::Yes),
            Param::Text(text) => out.put_slice(text.as_bytes()),
            Param::Integer(number) => out.put_slice(number.to_string().as_bytes()),
            Param::Real(number) => out.put_slice(number.to_string().as_bytes()),
            Param::Flag(flag) => out.put_slice(if *flag { b"true" } else { b"false" }),
            // After the year 9999 ISO 8601 uses a sign that PostgreSQL does not read.
            Param::Time(time) => {
                out.put_slice(time.to_string().trim_start_matches('+').as_bytes());
            }
            Param::TimeAs(time, form) => {
                out.put_slice(form.spell(*time).trim_start_matches('+').as_bytes());
            }
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, _: &Type) -> Format {
        Format::Text
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value<'a> {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Failure> {
        Ok(match *kind {
            Type::BOOL => Self::Flag(bool::from_sql(kind, raw)?),
            Type::INT2 => Self::Integer(i16::from_sql(kind, raw)?.into()),
            Type::INT4 => Self::Integer(i32::from_sql(kind, raw)?.into()),
            Type::INT8 => Self::Integer(i64::from_sql(kind, raw)?),
            Type::FLOAT4 => Self::Real(f32::from_sql(kind, raw)?.into()),
            Type::FLOAT8 => Self::Real(f64::from_sql(kind, raw)?),
            // Microseconds; a column without time zone is taken as UTC.
            Type::TIMESTAMPTZ | Type::TIMESTAMP => {
                let millis = i64::from_sql(kind, raw)?.div_euclid(1000);
                Self::Time(Timestamp::from_millis(millis.saturating_add(EPOCH_MILLIS)))
            }
            // A version number, and then the text.
            Type::JSONB => Self::of_text(raw.get(1..).unwrap_or_default()),
            Type::UUID => Self::Text(Uuid::from_slice(raw)?.to_string().into()),
            Type::INET => Self::Text(address(raw).ok_or("an address was expected")?.into()),
            Type::TEXT_ARRAY | Type::VARCHAR_ARRAY => Self::Text(list::<String>(kind, raw)?.into()),
            Type::INT4_ARRAY => Self::Text(list::<i32>(kind, raw)?.into()),
            Type::INT8_ARRAY => Self::Text(list::<i64>(kind, raw)?.into()),
            Type::FLOAT8_ARRAY => Self::Text(list::<f64>(kind, raw)?.into()),
            // The server does not check the encoding of a database in SQL_ASCII.
            _ if is_text(kind) => Self::of_text(raw),
            _ => Self::Other,
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Failure> {
        Ok(Self::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// A list as JSON.
fn list<'a, T: FromSql<'a> + Serialize>(kind: &Type, raw: &'a [u8]) -> Result<String, Failure> {
    Ok(serde_json::to_string(&Vec::<Option<T>>::from_sql(kind, raw)?)?)
}

/// The text of an `inet`: family, bits of the network, whether it is a network, length, and bytes of the address.
fn address(raw: &[u8]) -> Option<String> {
    let (&[_, bits, _, _], bytes) = raw.split_first_chunk::<4>()?;
    let (address, all): (IpAddr, u8) = match bytes.len() {
        4 => (<[u8; 4]>::try_from(bytes).ok()?.into(), 32),
        _ => (<[u8; 16]>::try_from(bytes).ok()?.into(), 128),
    };
    Some(if bits == all { address.to_string() } else { format!("{address}/{bits}") })
}

fn is_text(kind: &Type) -> bool {
    let known = [Type::TEXT, Type::VARCHAR, Type::BPCHAR, Type::NAME, Type::JSON, Type::UNKNOWN];
    known.contains(kind) || kind.name() == "citext" || matches!(kind.kind(), Kind::Enum(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(param: Param<'_>) -> String {
        let mut out = BytesMut::new();
        assert!(matches!(SqlParam(&param).to_sql(&Type::TEXT, &mut out), Ok(IsNull::No)));
        String::from_utf8(out.to_vec()).unwrap()
    }

    #[test]
    fn parameters_are_texts_and_never_printed() {
        let time = Timestamp::parse("2026-11-23T13:22:46.875Z").unwrap();
        assert_eq!(sent(Param::Time(time)), "2026-11-23T13:22:46.875Z");
        assert_eq!(sent(Param::Time(Timestamp::from_millis(i64::MAX))).get(..6), Some("262142"));
        assert_eq!(sent(Param::Flag(true)), "true");
        assert_eq!(sent(Param::Real(1.5)), "1.5");
        assert_eq!(format!("{:?}", SqlParam(&Param::Text("hunter2"))), "…");
    }

    #[test]
    fn times_are_cut_to_milliseconds_before_and_after_the_epoch() {
        let millis = |micros: i64| match Value::from_sql(&Type::TIMESTAMPTZ, &micros.to_be_bytes())
        {
            Ok(Value::Time(time)) => time.as_millis() - EPOCH_MILLIS,
            _ => panic!("no time"),
        };
        assert_eq!([millis(1999), millis(-1), millis(0)], [1, -1, 0]);
        assert!(0 < millis(i64::MAX));
    }
}

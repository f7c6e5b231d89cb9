//! Durations in configuration files: whole seconds.

use std::fmt;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserializer;
use serde::Serialize as _;
use serde::Serializer;
use serde::de::Error;
use serde::de::Visitor;

/// Reads and writes an optional duration, as `#[serde(with = "Seconds")]`.
#[derive(JsonSchema)]
#[schemars(from = "u64", extend("format" = "seconds"))]
pub(crate) struct Seconds;

impl Seconds {
    /// Rounds up to whole seconds.
    pub(crate) fn serialize<S: Serializer>(
        span: &(impl Copy + Into<Option<Duration>>),
        to: S,
    ) -> Result<S::Ok, S::Error> {
        let seconds =
            |span: Duration| span.as_secs().saturating_add(u64::from(0 < span.subsec_nanos()));
        (*span).into().map(seconds).serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>, T: From<Duration>>(
        from: D,
    ) -> Result<T, D::Error> {
        from.deserialize_u64(Self).map(T::from)
    }
}

impl Visitor<'_> for Seconds {
    type Value = Duration;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("seconds (a whole number)")
    }

    fn visit_u64<E: Error>(self, seconds: u64) -> Result<Duration, E> {
        Ok(Duration::from_secs(seconds))
    }
}

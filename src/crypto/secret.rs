//! Text that must not leak: not printable, not serialisable, wiped when it is dropped.

use schemars::JsonSchema;
use serde::Deserialize;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// A password, key or hash. It has no `Debug`, `Display` or `Serialize`, so no log and no answer can
/// hold it by accident; [`Secret::expose`] is the one way out and easy to search for.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(from = "String")]
#[schemars(inline, extend("writeOnly" = true))]
pub struct Secret(#[schemars(with = "String")] Zeroizing<String>);

impl Secret {
    /// Takes the text over.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// In constant time.
impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for Secret {}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

//! `advanced.cookies` and `advanced.defaultCookieAttributes`: names and attributes of cookies.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Options of individual cookies, by key.
pub type Cookies = IndexMap<String, CookieOptions>;

/// The keys of the cookies of the core [contract 3.1]; those of plugins follow from the plugins.
pub const COOKIE_KEYS: [&str; 6] =
    ["session_token", "session_data", "dont_remember", "account_data", "state", "oauth_state"];

/// The options of a cookie.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct CookieOptions {
    /// The name, instead of `better-auth.session_token` and similar defaults.
    pub name: Option<String>,
    /// The attributes that differ from those of other cookies.
    pub attributes: CookieAttributes,
}

/// Attributes; unset ones keep their defaults.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct CookieAttributes {
    /// Sent over HTTPS only.
    pub secure: Option<bool>,
    /// Hidden from scripts; `false` weakens security.
    pub http_only: Option<bool>,
    /// Whether cross-site requests include the cookie; `none` forces `secure`.
    pub same_site: Option<SameSite>,
    /// The path of the cookie.
    pub path: Option<String>,
    /// The domain of the cookie, including its subdomains.
    pub domain: Option<String>,
    /// Partitioned by the embedding site; forces `secure`.
    pub partitioned: Option<bool>,
}

impl CookieAttributes {
    /// Fills unset attributes from another set.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        Self {
            secure: self.secure.or(other.secure),
            http_only: self.http_only.or(other.http_only),
            same_site: self.same_site.or(other.same_site),
            path: self.path.clone().or_else(|| other.path.clone()),
            domain: self.domain.clone().or_else(|| other.domain.clone()),
            partitioned: self.partitioned.or(other.partitioned),
        }
    }
}

/// Whether cross-site requests include a cookie [RFC 6265bis].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SameSite {
    /// Only for top-level navigations.
    Lax,
    /// Never.
    Strict,
    /// Always.
    None,
}

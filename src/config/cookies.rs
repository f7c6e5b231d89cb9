//! `advanced.cookies` and `advanced.defaultCookieAttributes`: what browsers are told about cookies.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// The cookies that can be told apart.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Cookies {
    /// The cookie that carries the session.
    pub session_token: CookieOptions,
    /// The cookie that carries a copy of the session.
    pub session_data: CookieOptions,
    /// The cookie that says that the session ends with the browser.
    pub dont_remember: CookieOptions,
}

/// One cookie.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct CookieOptions {
    /// Its name, instead of `better-auth.session_token` and the like.
    pub name: Option<String>,
    /// The attributes that differ from those of other cookies.
    pub attributes: CookieAttributes,
}

/// Attributes; what is not set stays as it would be.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct CookieAttributes {
    /// Sent over HTTPS only.
    pub secure: Option<bool>,
    /// Hidden from scripts; `false` weakens security.
    pub http_only: Option<bool>,
    /// Whether requests from other sites carry the cookie; `none` forces `secure`.
    pub same_site: Option<SameSite>,
    /// The paths that it is sent to.
    pub path: Option<String>,
    /// The domain that it is sent to, subdomains included.
    pub domain: Option<String>,
    /// Kept apart for each site that embeds this one; forces `secure`.
    pub partitioned: Option<bool>,
}

impl CookieAttributes {
    /// These, and those of another where these say nothing.
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

/// Whether requests from other sites carry a cookie [RFC 6265bis].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SameSite {
    /// Only when somebody follows a link.
    Lax,
    /// Never.
    Strict,
    /// Always.
    None,
}

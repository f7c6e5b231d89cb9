//! `advanced`: cookies, client addresses, and rarely needed options.

use std::net::IpAddr;
use std::net::Ipv6Addr;

use ipnet::IpNet;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::config::CookieAttributes;
use crate::config::Cookies;
use crate::config::names::GenerateId;
use crate::error::Dialect;

/// The options of `advanced`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Advanced {
    /// How rows are made in the database.
    pub database: DatabaseRows,
    /// Whether cookies are sent over HTTPS only and named `__Secure-…`; by default if `baseURL` is
    /// https.
    pub use_secure_cookies: Option<bool>,
    /// The prefix of cookie names.
    pub cookie_prefix: String,
    /// The attributes of all cookies.
    pub default_cookie_attributes: CookieAttributes,
    /// The names and attributes of individual cookies, by key: `session_token`, `session_data`,
    /// `dont_remember`, `account_data`, `state`, `oauth_state`, and with the plugin `admin`
    /// `admin_session`.
    pub cookies: Cookies,
    /// Cookies that several subdomains share.
    pub cross_sub_domain_cookies: CrossSubDomainCookies,
    /// Whether this server may send requests to private networks and without encryption, for
    /// example to an internal provider.
    pub allow_private_addresses: bool,
    /// Accepts requests with cookies, and sign-in forms, from any origin; weakens security. If it
    /// is not set, `advanced.disableOriginCheck = true` has the same effect.
    #[serde(rename = "disableCSRFCheck")]
    pub disable_csrf_check: Option<bool>,
    /// Checks neither origins nor redirect targets, anywhere or below these paths; weakens
    /// security. Sign-in by navigation from another site stays blocked if the value is a list, or
    /// if `advanced.disableCSRFCheck` is `false`.
    pub disable_origin_check: DisableOriginCheck,
    /// Serves `/ok/` like `/ok`.
    pub skip_trailing_slashes: bool,
    /// How the address of a client is determined.
    pub ip_address: IpAddress,
    /// The codes and statuses of errors: those of the documentation, or those that Better Auth 1.7
    /// actually returns.
    pub error_codes: Dialect,
}

impl Default for Advanced {
    fn default() -> Self {
        Self {
            database: DatabaseRows::default(),
            use_secure_cookies: None,
            cookie_prefix: "better-auth".to_owned(),
            default_cookie_attributes: CookieAttributes::default(),
            cookies: Cookies::default(),
            cross_sub_domain_cookies: CrossSubDomainCookies::default(),
            allow_private_addresses: false,
            disable_csrf_check: None,
            disable_origin_check: DisableOriginCheck::default(),
            skip_trailing_slashes: false,
            ip_address: IpAddress::default(),
            error_codes: Dialect::default(),
        }
    }
}

/// `advanced.disableOriginCheck`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(untagged, expecting = "expected true, false, or a list of paths")]
pub enum DisableOriginCheck {
    /// Nowhere, or everywhere.
    Switch(bool),
    /// At these paths and below them.
    Paths(Vec<String>),
}

impl Advanced {
    /// Whether cross-site requests are accepted anywhere.
    pub fn is_csrf_check_off(&self) -> bool {
        let is_origin_check_off = self.disable_origin_check == DisableOriginCheck::Switch(true);
        self.disable_csrf_check.unwrap_or(is_origin_check_off)
    }
}

impl Default for DisableOriginCheck {
    fn default() -> Self {
        Self::Switch(false)
    }
}

/// `advanced.database`
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct DatabaseRows {
    /// Who makes the ids of rows: `"uuid"` for UUIDs (a type of its own in PostgreSQL), `"serial"` for
    /// whole numbers from the database, `false` for the column's own default. By default the server
    /// makes UUIDs as text.
    pub generate_id: GenerateId,
}

/// `advanced.crossSubDomainCookies`
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct CrossSubDomainCookies {
    /// Whether cookies are sent to all subdomains of a domain.
    pub enabled: bool,
    /// The domain; by default the host of `baseURL`.
    pub domain: Option<String>,
}

/// `advanced.ipAddress`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct IpAddress {
    /// Networks, such as `10.0.0.0/8`, of the proxies whose forwarded headers are trusted.
    #[serde(with = "networks")]
    #[schemars(with = "Vec<String>")]
    pub trusted_proxies: Vec<IpNet>,
    /// Headers in which the proxies forward the client's address.
    pub ip_address_headers: Vec<String>,
    /// Neither reads nor stores client addresses, so requests are not rate limited either.
    pub disable_ip_tracking: bool,
    /// The prefix length of an IPv6 network that counts as one client.
    #[schemars(range(min = 0, max = 128))]
    pub ipv6_subnet: u8,
}

impl Default for IpAddress {
    fn default() -> Self {
        Self {
            trusted_proxies: Vec::new(),
            ip_address_headers: vec!["x-forwarded-for".to_owned()],
            disable_ip_tracking: false,
            ipv6_subnet: 64,
        }
    }
}

impl IpAddress {
    /// The address or network that counts as one client: IPv6 addresses of a network are free to
    /// choose [security A11].
    pub fn client(&self, address: IpAddr) -> IpAddr {
        match address {
            IpAddr::V4(_) => address,
            IpAddr::V6(address) => {
                let host_bits = 128_u32.saturating_sub(self.ipv6_subnet.into());
                let mask = u128::MAX.checked_shl(host_bits).unwrap_or(0);
                Ipv6Addr::from(u128::from(address) & mask).into()
            }
        }
    }
}

/// Networks in configuration files: `10.0.0.0/8`, or a single address.
mod networks {
    use std::net::IpAddr;

    use ipnet::IpNet;
    use serde::Deserialize as _;
    use serde::Deserializer;
    use serde::Serializer;
    use serde::de::Error as _;

    use crate::error::shown;

    pub(super) fn serialize<S: Serializer>(networks: &[IpNet], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(networks)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<IpNet>, D::Error> {
        let entries = Vec::<String>::deserialize(from)?;
        entries
            .iter()
            .map(|entry| {
                let address = entry.parse::<IpAddr>().map(IpNet::from);
                address.or_else(|_| entry.parse::<IpNet>()).map_err(|_| {
                    let got = shown::quoted(entry);
                    D::Error::custom(format!("expected a network such as 10.0.0.0/8, got {got}"))
                })
            })
            .collect()
    }
}

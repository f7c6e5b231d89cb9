//! `baseURL`: the URL of this server, or the hosts that it serves [contract 1.1].

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use url::Url;

use crate::config::ConfigError;
use crate::error::shown;

/// The URL of this server.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(
    untagged,
    expecting = "expected a URL, or a table with allowedHosts and optionally fallback and protocol"
)]
pub enum BaseUrl {
    /// `https://auth.example.com`
    Fixed(String),
    /// The host of each request, if it is one of these.
    ByHost(AllowedHosts),
}

/// The hosts that this server serves.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AllowedHosts {
    /// Hosts with port, such as `localhost:3000`, or patterns such as `*.example.com`.
    pub allowed_hosts: Vec<String>,
    /// The URL for requests with any other host; without it such requests are rejected.
    #[serde(default)]
    pub fallback: Option<String>,
    /// The scheme; `auto` uses that of the request.
    #[serde(default)]
    pub protocol: Protocol,
}

/// The scheme of an origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// That of the request.
    #[default]
    Auto,
    /// `http`
    Http,
    /// `https`
    Https,
}

impl From<&str> for BaseUrl {
    fn from(url: &str) -> Self {
        Self::Fixed(url.to_owned())
    }
}

impl From<String> for BaseUrl {
    fn from(url: String) -> Self {
        Self::Fixed(url)
    }
}

impl BaseUrl {
    /// Whether browsers reach this server over HTTPS according to the configuration.
    pub fn is_https(&self) -> bool {
        let is_https = |url: &str| url.starts_with("https://");
        match self {
            Self::Fixed(url) => is_https(url),
            Self::ByHost(hosts) => match hosts.protocol {
                Protocol::Https => true,
                Protocol::Http => false,
                Protocol::Auto => hosts.fallback.as_deref().is_some_and(is_https),
            },
        }
    }

    /// The URL, if there is only one.
    pub(super) fn fixed(&self) -> Option<Url> {
        match self {
            Self::Fixed(url) => Url::parse(url).ok(),
            Self::ByHost(_) => None,
        }
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let is_url = |url: &str| {
            let expected = "expected a URL such as https://auth.example.com";
            if is_base_url(url) {
                Ok(())
            } else {
                Err(format!("{expected}, got {}", shown::quoted(url)))
            }
        };
        match self {
            Self::Fixed(url) => is_url(url).map_err(|problem| ConfigError::new("baseURL", problem)),
            Self::ByHost(hosts) => {
                let is_host = |host: &&String| !host.is_empty() && !host.contains(['/', '@']);
                let bad = hosts.allowed_hosts.iter().find(|host| !is_host(host));
                if bad.is_some() || hosts.allowed_hosts.is_empty() {
                    let problem = "expected hosts such as auth.example.com or *.example.com";
                    let got = bad
                        .map(|host| format!(", got {}", shown::quoted(host)))
                        .unwrap_or_default();
                    return Err(ConfigError::new(
                        "baseURL.allowedHosts",
                        format!("{problem}{got}"),
                    ));
                }
                let fallback = hosts.fallback.as_deref().map_or(Ok(()), is_url);
                fallback.map_err(|problem| ConfigError::new("baseURL.fallback", problem))
            }
        }
    }
}

fn is_base_url(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
    })
}

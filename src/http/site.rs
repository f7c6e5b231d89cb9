//! What HTTP needs from the configuration, worked out once at start instead of at every request.

use ipnet::IpNet;

use crate::config::Config;
use crate::error::Dialect;
use crate::http::cookies::CookieNames;
use crate::http::rate_limit::Limiter;
use crate::http::trusted::Pattern;

/// Everything about this deployment that requests are judged by.
pub struct Site {
    /// `/api/auth`; empty when everything stands at the root.
    pub base_path: String,
    /// `https://auth.example.com`, when configured; otherwise the request's own origin counts.
    pub origin: Option<String>,
    /// Whose names and statuses error bodies carry.
    pub dialect: Dialect,
    pub(super) cookies: CookieNames,
    pub(super) trusted: Vec<Pattern>,
    pub(super) disabled_paths: Vec<String>,
    pub(super) skips_trailing_slashes: bool,
    pub(super) checks_csrf: bool,
    pub(super) checks_redirects: bool,
    pub(super) tracks_addresses: bool,
    pub(super) address_headers: Vec<String>,
    pub(super) proxies: Vec<IpNet>,
    /// How often one client may ask.
    pub limiter: Limiter,
}

impl Site {
    /// Works everything out.
    pub fn new(config: &Config) -> Self {
        let advanced = &config.advanced;
        Self {
            base_path: config.base_path().trim_end_matches('/').to_owned(),
            origin: config.base_origin(),
            dialect: advanced.error_codes,
            cookies: CookieNames::new(config),
            trusted: config.trusted_origins.iter().map(|text| Pattern::new(text)).collect(),
            disabled_paths: config.disabled_paths.clone(),
            skips_trailing_slashes: advanced.skip_trailing_slashes,
            checks_csrf: !advanced.disable_csrf_check && !advanced.disable_origin_check,
            checks_redirects: !advanced.disable_origin_check,
            tracks_addresses: !advanced.ip_address.disable_ip_tracking,
            address_headers: advanced.ip_address.ip_address_headers.clone(),
            proxies: advanced.ip_address.trusted_proxies.clone(),
            limiter: Limiter::new(config),
        }
    }

    /// The part of a path below the base path, beginning with `/`; `None` for paths elsewhere.
    pub fn below_base<'a>(&self, path: &'a str) -> Option<&'a str> {
        path.strip_prefix(self.base_path.as_str()).filter(|rest| rest.starts_with('/'))
    }

    /// Whether the configuration switches this path off. Slashes at the end do not hide it.
    pub(super) fn is_disabled(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        self.disabled_paths.iter().any(|disabled| disabled.trim_end_matches('/') == path)
    }

    /// The path without one slash at its end, where `advanced.skipTrailingSlashes` asks for it.
    pub(super) fn without_slash<'a>(&self, path: &'a str) -> &'a str {
        match path.strip_suffix('/') {
            Some(rest) if self.skips_trailing_slashes && !rest.is_empty() => rest,
            _ => path,
        }
    }
}

//! The part of the configuration that HTTP needs, computed once at startup.

use http::Method;
use ipnet::IpNet;

use crate::config::BaseUrl;
use crate::config::Config;
use crate::config::DisableOriginCheck;
use crate::error::Dialect;
use crate::http::cookies::CookieNames;
use crate::http::endpoint::Endpoint;
use crate::http::forwarded::Reported;
use crate::http::hooks::EndpointHooks;
use crate::http::hosts::Hosts;
use crate::http::rate_limit::Limit;
use crate::http::rate_limit::Limiter;
use crate::http::router;
use crate::http::router::Router;
use crate::http::trusted;
use crate::http::trusted::Pattern;

/// The deployment, as far as requests depend on it.
pub struct Site {
    /// `/api/auth`; empty if the endpoints are at the root.
    pub base_path: String,
    /// `https://auth.example.com`, if configured; otherwise the origin is derived from the request.
    pub origin: Option<String>,
    /// The allowed hosts, if the configuration lists several.
    pub(super) hosts: Option<Hosts>,
    /// The dialect of error bodies.
    pub dialect: Dialect,
    pub(super) cookies: CookieNames,
    pub(super) trusted: Vec<Pattern>,
    pub(super) disabled_paths: Vec<String>,
    skips_trailing_slashes: bool,
    /// Whether cross-site requests are rejected at paths where origins are checked.
    pub(super) checks_csrf: bool,
    origin_check_is_off: bool,
    unchecked_paths: Vec<String>,
    pub(super) tracks_addresses: bool,
    pub(super) address_headers: Vec<String>,
    pub(super) proxies: Vec<IpNet>,
    pub(super) reported: Reported,
    /// The rate limits.
    pub limiter: Limiter,
    /// Every endpoint below the base path.
    router: Router,
    /// Every endpoint at the root of the server.
    root: Router,
    /// Whether pages of every origin may read any endpoint.
    has_public: bool,
    /// The hooks of plugins.
    pub hooks: EndpointHooks,
}

impl Site {
    /// Builds the site; `endpoints`, `hooks` and `limits` are those of the core and of all plugins.
    pub fn new(
        config: &Config,
        endpoints: Vec<Endpoint>,
        hooks: EndpointHooks,
        limits: &[Limit],
    ) -> Self {
        let advanced = &config.advanced;
        let (origin_check_is_off, unchecked_paths) = match &advanced.disable_origin_check {
            DisableOriginCheck::Switch(is_off) => (*is_off, Vec::new()),
            DisableOriginCheck::Paths(paths) => (false, paths.clone()),
        };
        let hosts = match &config.base_url {
            Some(BaseUrl::ByHost(allowed)) => Some(Hosts::new(allowed)),
            _ => None,
        };
        let trusted = hosts.iter().flat_map(Hosts::origins).chain(config.trusted_origins.clone());
        Self {
            base_path: config.base_path().trim_end_matches('/').to_owned(),
            origin: config.base_origin(),
            dialect: advanced.error_codes,
            cookies: CookieNames::new(config),
            trusted: trusted.map(|text| Pattern::new(&text)).collect(),
            hosts,
            disabled_paths: config.disabled_paths.clone(),
            skips_trailing_slashes: advanced.skip_trailing_slashes,
            checks_csrf: !advanced.is_csrf_check_off(),
            origin_check_is_off,
            unchecked_paths,
            tracks_addresses: !advanced.ip_address.disable_ip_tracking,
            address_headers: advanced.ip_address.ip_address_headers.clone(),
            proxies: advanced.ip_address.trusted_proxies.clone(),
            reported: Reported::default(),
            limiter: Limiter::new(config, limits),
            has_public: endpoints.iter().any(|row| row.is_public),
            root: Router::new(endpoints.iter().filter(|row| row.is_at_root).cloned()),
            router: Router::new(endpoints.into_iter().filter(|row| !row.is_at_root)),
            hooks,
        }
    }

    /// The part of a path below the base path, starting with `/`; `None` for other paths.
    pub fn below_base<'a>(&self, path: &'a str) -> Option<&'a str> {
        path.strip_prefix(self.base_path.as_str()).filter(|rest| rest.starts_with('/'))
    }

    /// Whether requests to this full path must come from trusted origins and contain only trusted
    /// redirect targets.
    pub(super) fn checks_origins(&self, path: &str) -> bool {
        let is_below = |unchecked: &String| {
            let path = router::normalise(path);
            let below = self
                .below_base(&path)
                .and_then(|path| path.strip_prefix(unchecked.trim_end_matches('/')));
            below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        !self.origin_check_is_off && !self.unchecked_paths.iter().any(is_below)
    }

    /// Whether a server at this origin may redirect to this URL.
    pub fn leads_to(&self, own: Option<&str>, place: &str) -> bool {
        trusted::is_trusted_target(&self.trusted, own, place)
    }

    /// Whether the configuration disables this path. Trailing slashes are ignored.
    pub fn is_disabled(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        self.disabled_paths.iter().any(|disabled| disabled.trim_end_matches('/') == path)
    }

    /// Every endpoint, in the order of paths.
    pub fn endpoints(&self) -> Vec<&Endpoint> {
        [self.router.endpoints(), self.root.endpoints()].concat()
    }

    /// The router for this full path, and the path within it.
    pub(super) fn place<'a>(&self, path: &'a str) -> Option<(&Router, &'a str)> {
        if self.root.pattern(path).is_some() {
            return Some((&self.root, path));
        }
        Some((&self.router, self.without_slash(self.below_base(path)?)))
    }

    /// The row that answers this full path.
    pub fn find(&self, method: &Method, path: &str) -> Option<&Endpoint> {
        let (router, path) = self.place(path)?;
        router.find(method, path).map(|(endpoint, _)| endpoint)
    }

    /// The full path in the rows that matches this path for any method.
    pub(super) fn pattern(&self, path: &str) -> Option<String> {
        if let Some(pattern) = self.root.pattern(path) {
            return Some(pattern.to_owned());
        }
        let pattern = self.router.pattern(self.without_slash(self.below_base(path)?))?;
        Some(format!("{}{pattern}", self.base_path))
    }

    /// Whether pages of every origin may read this full path.
    pub(super) fn is_public(&self, path: &str) -> bool {
        // Most deployments have none, and skip the lookup.
        self.has_public && {
            let path = router::normalise(path);
            self.place(&path).is_some_and(|(router, path)| router.is_public(path))
        }
    }

    /// The path without one trailing slash, if `advanced.skipTrailingSlashes` is enabled.
    fn without_slash<'a>(&self, path: &'a str) -> &'a str {
        match path.strip_suffix('/') {
            Some(rest) if self.skips_trailing_slashes && !rest.is_empty() => rest,
            _ => path,
        }
    }
}

//! What HTTP needs from the configuration, worked out once at start instead of at every request.

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

/// Everything about this deployment that requests are judged by.
pub struct Site {
    /// `/api/auth`; empty when everything stands at the root.
    pub base_path: String,
    /// `https://auth.example.com`, when configured; otherwise the request's own origin counts.
    pub origin: Option<String>,
    /// The hosts whose origins count instead, where the configuration lists several.
    pub(super) hosts: Option<Hosts>,
    /// Whose names and statuses error bodies carry.
    pub dialect: Dialect,
    pub(super) cookies: CookieNames,
    pub(super) trusted: Vec<Pattern>,
    pub(super) disabled_paths: Vec<String>,
    skips_trailing_slashes: bool,
    /// Whether requests that other sites make a browser send are refused, at paths where origins are checked.
    pub(super) checks_csrf: bool,
    origin_check_is_off: bool,
    unchecked_paths: Vec<String>,
    pub(super) tracks_addresses: bool,
    pub(super) address_headers: Vec<String>,
    pub(super) proxies: Vec<IpNet>,
    pub(super) reported: Reported,
    /// How often one client may ask.
    pub limiter: Limiter,
    /// Every endpoint below the base path.
    router: Router,
    /// Those at the root of the server.
    root: Router,
    /// Whether there are any that pages of every origin may read.
    has_public: bool,
    /// What plugins do around them.
    pub hooks: EndpointHooks,
}

impl Site {
    /// Works everything out: `endpoints`, `hooks` and `limits` are those of the core and of every plugin.
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

    /// The part of a path below the base path, beginning with `/`; `None` for paths elsewhere.
    pub fn below_base<'a>(&self, path: &'a str) -> Option<&'a str> {
        path.strip_prefix(self.base_path.as_str()).filter(|rest| rest.starts_with('/'))
    }

    /// Whether requests to this path (the whole one) may come from trusted origins, and name trusted places, only.
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

    /// Whether people may be sent to this place from a server at this origin.
    pub fn leads_to(&self, own: Option<&str>, place: &str) -> bool {
        trusted::is_trusted_target(&self.trusted, own, place)
    }

    /// Whether the configuration switches this path off. Slashes at the end do not hide it.
    pub fn is_disabled(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        self.disabled_paths.iter().any(|disabled| disabled.trim_end_matches('/') == path)
    }

    /// Every endpoint, in the order of paths.
    pub fn endpoints(&self) -> Vec<&Endpoint> {
        [self.router.endpoints(), self.root.endpoints()].concat()
    }

    /// The endpoints among which the one for this path (the whole one) is, and what it is called there.
    pub(super) fn place<'a>(&self, path: &'a str) -> Option<(&Router, &'a str)> {
        if self.root.pattern(path).is_some() {
            return Some((&self.root, path));
        }
        Some((&self.router, self.without_slash(self.below_base(path)?)))
    }

    /// The row that answers this path (the whole one).
    pub fn find(&self, method: &Method, path: &str) -> Option<&Endpoint> {
        let (router, path) = self.place(path)?;
        router.find(method, path).map(|(endpoint, _)| endpoint)
    }

    /// The whole text of the row for this path, whatever its method.
    pub(super) fn pattern(&self, path: &str) -> Option<String> {
        if let Some(pattern) = self.root.pattern(path) {
            return Some(pattern.to_owned());
        }
        let pattern = self.router.pattern(self.without_slash(self.below_base(path)?))?;
        Some(format!("{}{pattern}", self.base_path))
    }

    /// Whether pages of every origin may read what is answered at this path (the whole one).
    pub(super) fn is_public(&self, path: &str) -> bool {
        // Most deployments have none, and pay for none.
        self.has_public && {
            let path = router::normalise(path);
            self.place(&path).is_some_and(|(router, path)| router.is_public(path))
        }
    }

    /// The path without one slash at its end, where `advanced.skipTrailingSlashes` asks for it.
    fn without_slash<'a>(&self, path: &'a str) -> &'a str {
        match path.strip_suffix('/') {
            Some(rest) if self.skips_trailing_slashes && !rest.is_empty() => rest,
            _ => path,
        }
    }
}

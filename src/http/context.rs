//! The context of a handler: the request, the validated body, the session and the cookies to set.

use std::borrow::Cow;
use std::net::IpAddr;

use http::HeaderMap;
use http::request::Parts;

use crate::api::limits;
use crate::error::AuthError;
use crate::error::codes;
use crate::http::client_address;
use crate::http::client_address::Peer;
use crate::http::cookies::SentCookies;
use crate::http::cookies::SetCookies;
use crate::http::forwarded;
use crate::http::hosts;
use crate::http::input::Input;
use crate::http::site::Site;
use crate::instance::Client;
use crate::instance::Instance;
use crate::models::SessionWithUser;

/// A request in the pipeline.
pub struct Context<'a> {
    instance: &'a Instance,
    site: &'a Site,
    parts: &'a Parts,
    peer: Peer,
    bytes: &'a [u8],
    /// The values of path parameters.
    pub(super) parameters: Vec<(&'static str, String)>,
    /// The validated body.
    pub input: Input,
    /// A session token that did not come from the session cookie.
    pub(super) presented: Option<String>,
    /// The session; set by the guard.
    pub session: Option<SessionWithUser>,
    /// The token of a session that was read from the cookie cache, not from the database.
    pub(super) copied: Option<String>,
    pub(super) sent: SentCookies<'a>,
    pub(super) cookies: SetCookies,
}

impl<'a> Context<'a> {
    /// A request that has not been processed yet.
    pub fn new(
        instance: &'a Instance,
        site: &'a Site,
        (parts, bytes): (&'a Parts, &'a [u8]),
        peer: Peer,
    ) -> Self {
        Self {
            instance,
            site,
            parts,
            peer,
            bytes,
            parameters: Vec::new(),
            presented: None,
            input: Input::default(),
            session: None,
            copied: None,
            sent: SentCookies::read(&parts.headers),
            cookies: SetCookies::default(),
        }
    }

    /// The service behind the endpoints.
    pub fn instance(&self) -> &'a Instance {
        self.instance
    }

    /// The deployment.
    pub fn site(&self) -> &'a Site {
        self.site
    }

    /// The request's headers.
    pub fn headers(&self) -> &'a HeaderMap {
        &self.parts.headers
    }

    /// The request's method.
    pub fn method(&self) -> &'a http::Method {
        &self.parts.method
    }

    /// The path as it was sent.
    pub(super) fn path(&self) -> &'a str {
        self.parts.uri.path()
    }

    /// The value of a path parameter, not decoded; empty if the route has no parameter of that
    /// name.
    pub fn parameter(&self, name: &str) -> &str {
        let mut parameters = self.parameters.iter();
        parameters.find(|(known, _)| *known == name).map_or("", |(_, value)| value)
    }

    /// The body as it was sent.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The client's address for rate limits and stored rows, if known.
    pub(super) fn client_address(&self) -> Option<IpAddr> {
        client_address::needed(self.site, self.headers(), self.peer)
    }

    /// A header's text; `None` when it is missing or not ASCII text.
    pub fn header(&self, name: &str) -> Option<&'a str> {
        self.parts.headers.get(name)?.to_str().ok()
    }

    /// The first parameter of this name in the query.
    pub fn query(&self, name: &str) -> Option<Cow<'a, str>> {
        self.query_pairs().find(|(found, _)| found == name).map(|(_, value)| value)
    }

    /// Every parameter of this name in the query.
    pub fn query_all(&self, name: &str) -> Vec<Cow<'a, str>> {
        let named = self.query_pairs().filter(|(found, _)| found == name);
        named.map(|(_, value)| value).collect()
    }

    fn query_pairs(&self) -> url::form_urlencoded::Parse<'a> {
        url::form_urlencoded::parse(self.parts.uri.query().unwrap_or_default().as_bytes())
    }

    /// The session that the guard admitted.
    ///
    /// # Errors
    /// `UNAUTHORIZED` on an endpoint without a guard.
    pub fn signed_in(&self) -> Result<&SessionWithUser, AuthError> {
        self.session.as_ref().ok_or_else(|| codes::UNAUTHORIZED.into())
    }

    /// The client, for the row of a new session.
    pub fn client(&self) -> Client {
        let address = self.client_address();
        let current = client_address::current(self.site, self.headers(), self.peer);
        Client {
            ip_address: address.map(|address| address.to_string()).unwrap_or_default(),
            user_agent: limits::SESSION_USER_AGENT
                .cut(self.header("user-agent").unwrap_or_default())
                .to_owned(),
            network: current.map(|address| self.site.limiter.network(address)),
        }
    }

    /// The origin of this server: as configured, or derived from this request. `None` if the
    /// request has no host or the configuration does not allow it.
    pub fn origin(&self) -> Option<Cow<'a, str>> {
        if let Some(origin) = &self.site.origin {
            return Some(Cow::Borrowed(origin));
        }
        let is_behind_proxy = client_address::is_behind_proxy(self.site, self.peer);
        let forwarded = |name, is_readable: fn(&str) -> bool| {
            let find = || forwarded::single(self.site, self.headers(), name, is_readable);
            is_behind_proxy.then(find).flatten()
        };
        let is_https = match forwarded("x-forwarded-proto", is_scheme) {
            Some(Ok(scheme)) => scheme.eq_ignore_ascii_case("https"),
            Some(Err(_)) | None => self.peer.secure,
        };
        let own = || self.header("host").or_else(|| Some(self.parts.uri.authority()?.as_str()));
        // An unreadable forwarded host counts as no host: the proxy's own `Host` is not the public
        // name of this server.
        let host = match forwarded("x-forwarded-host", is_host) {
            Some(host) => host.ok(),
            None => own(),
        };
        if let Some(hosts) = &self.site.hosts {
            return hosts.origin(host, is_https).map(Cow::Owned);
        }
        let scheme = if is_https { "https" } else { "http" };
        let url = hosts::bare(scheme, host?)?;
        Some(Cow::Owned(url.origin().ascii_serialization()))
    }
}

fn is_scheme(text: &str) -> bool {
    ["http", "https"].iter().any(|scheme| text.eq_ignore_ascii_case(scheme))
}

fn is_host(text: &str) -> bool {
    hosts::bare("http", text).is_some()
}

//! What a server asks besides: how heavy a request is, whose it is, how to refuse it, how things stand, and what sends
//! messages that wait.

use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use http::HeaderValue;
use http::Method;
use http::Response;

use crate::api::outbox;
use crate::api::outbox::SendSummary;
use crate::auth::BetterAuth;
use crate::error::AuthError;
use crate::http::Endpoint;
use crate::http::Peer;
use crate::http::Reply;
use crate::http::Weight;
use crate::http::client_address;
use crate::http::pipeline;
use crate::http::request_id;
use crate::http::router;

/// How much a service has to do at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Load {
    /// Passwords that are being hashed.
    pub hashing: usize,
    /// Passwords that wait to be.
    pub passwords_waiting: usize,
    /// Requests to other servers that wait for an answer.
    pub asking: usize,
}

impl BetterAuth {
    /// Whether [`BetterAuth::handle`] will hash, write or wait for this request: an asynchronous server
    /// runs it on a thread that may block, and everything else in line.
    pub fn is_heavy(&self, method: &Method, path: &str) -> bool {
        !matches!(self.weight(self.endpoint(method, path)), Weight::Instant | Weight::Light)
    }

    /// The row that answers this request, if there is one.
    pub fn endpoint(&self, method: &Method, path: &str) -> Option<&Endpoint> {
        self.site.find(method, &router::normalise(path))
    }

    /// What answering takes.
    pub fn weight(&self, endpoint: Option<&Endpoint>) -> Weight {
        match endpoint {
            Some(endpoint) if endpoint.asks_others => Weight::Asking,
            Some(endpoint) if endpoint.is_heavy => Weight::Writing,
            Some(endpoint) if endpoint.is_instant && !self.site.limiter.waits(endpoint.path) => {
                Weight::Instant
            }
            // Even finding a session waits for another machine then.
            _ if self.database().is_remote()
                || self.instance.storage().is_some()
                || self.site.limiter.writes() =>
            {
                Weight::Waiting
            }
            _ => Weight::Light,
        }
    }

    /// Whose request this is, for limits that forget it with the request: the client's address behind
    /// trusted proxies, one for a whole network of IPv6. Where a proxy names no client it is the proxy's.
    pub fn client(&self, headers: &HeaderMap, peer: Peer) -> Option<IpAddr> {
        client_address::counted(&self.site, headers, peer)
    }

    /// One address for a whole network of IPv6.
    pub fn network(&self, address: IpAddr) -> IpAddr {
        self.site.limiter.network(address.to_canonical())
    }

    /// Whether a peer is one of `advanced.ipAddress.trustedProxies`.
    pub fn is_proxy(&self, peer: Peer) -> bool {
        client_address::is_behind_proxy(&self.site, peer)
    }

    /// The client's address as it may be written down: not where `advanced.ipAddress.disableIpTracking`
    /// forbids it.
    pub fn loggable_client(&self, headers: &HeaderMap, peer: Peer) -> Option<IpAddr> {
        client_address::find(&self.site, headers, peer)
    }

    /// What a server may write down of a path: the path of its endpoint, or nothing.
    pub fn loggable_path(&self, path: &str) -> Option<String> {
        pipeline::loggable_path(&self.site, path)
    }

    /// The id that a trusted proxy gave this request, or a new one.
    pub fn request_id(&self, headers: &HeaderMap, peer: Peer) -> HeaderValue {
        request_id::find(&self.site, headers, peer)
    }

    /// An error as this deployment answers it; for servers that refuse a request before it gets here.
    pub fn refuse(&self, error: &AuthError) -> Response<Bytes> {
        Reply::refusal(error, self.site.dialect)
    }

    /// Checks that requests can be answered: the database is there, up to date and can be written, and the secondary
    /// storage is there if there is one.
    ///
    /// # Errors
    /// `DATABASE_UNAVAILABLE`, `DATABASE_READ_ONLY`, `SCHEMA_MISMATCH`, `SECONDARY_STORAGE_UNAVAILABLE`.
    pub fn check(&self) -> Result<(), AuthError> {
        self.plan()?.require_nothing()?;
        self.database().check_writable()?;
        match self.instance.storage() {
            Some(storage) => Ok(storage.check()?),
            None => Ok(()),
        }
    }

    /// How much there is to do.
    pub fn load(&self) -> Load {
        let (hashing, passwords_waiting) = self.instance.hasher().load();
        Load { hashing, passwords_waiting, asking: self.instance.fetch().running() }
    }

    /// Messages that wait for their first or next attempt; nothing where no outbox is kept.
    pub fn messages_waiting(&self) -> Result<Option<u64>, AuthError> {
        outbox::count_waiting(&self.instance)
    }

    /// Sends the messages that wait, until none is due, nobody is there, or `goes_on` says no. `serve`
    /// does this; an application that mounts [`BetterAuth::handle`] calls it from a thread of its own.
    pub fn send_messages(&self, goes_on: &dyn Fn() -> bool) -> Result<SendSummary, AuthError> {
        outbox::send_due(&self.instance, goes_on)
    }

    /// Waits until there may be messages to send, at most this long.
    pub fn wait_for_messages(&self, at_most: Duration) {
        self.instance.mailer().sender_wake_up().wait(at_most);
    }

    /// Ends the wait of whoever is in [`BetterAuth::wait_for_messages`].
    pub fn wake_sender(&self) {
        self.instance.mailer().sender_wake_up().notify();
    }

    /// Removes what is over and that nobody will ask for: unused tokens, messages long settled. `serve`
    /// does this every minute.
    pub fn clean_up(&self) -> Result<(), AuthError> {
        outbox::clean_up(&self.instance)
    }
}

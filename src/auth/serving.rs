//! The interface for servers: weight, client and log data of a request, refusals, health checks,
//! and background work.

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

/// The current load of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Load {
    /// Passwords that are being hashed.
    pub hashing: usize,
    /// Passwords that wait for hashing.
    pub passwords_waiting: usize,
    /// Pending outbound requests.
    pub asking: usize,
}

impl BetterAuth {
    /// Whether [`BetterAuth::handle`] hashes, writes or waits for this request: an asynchronous
    /// server runs it on a blocking thread, and other requests in line.
    pub fn is_heavy(&self, method: &Method, path: &str) -> bool {
        !matches!(self.weight(self.endpoint(method, path)), Weight::Instant | Weight::Light)
    }

    /// The endpoint of this request, if there is one.
    pub fn endpoint(&self, method: &Method, path: &str) -> Option<&Endpoint> {
        self.site.find(method, &router::normalise(path))
    }

    /// The weight of an endpoint.
    pub fn weight(&self, endpoint: Option<&Endpoint>) -> Weight {
        match endpoint {
            Some(endpoint) if endpoint.asks_others => Weight::Asking,
            Some(endpoint) if endpoint.is_heavy => Weight::Writing,
            Some(endpoint) if endpoint.is_instant && !self.site.limiter.waits(endpoint.path) => {
                Weight::Instant
            }
            // Even finding a session waits for another machine.
            _ if self.database().is_remote()
                || self.instance.storage().is_some()
                || self.site.limiter.writes() =>
            {
                Weight::Waiting
            }
            _ => Weight::Light,
        }
    }

    /// The client for limits that last only as long as the request: its address behind trusted
    /// proxies, or its IPv6 network. The proxy's address if the proxy names no client.
    pub fn client(&self, headers: &HeaderMap, peer: Peer) -> Option<IpAddr> {
        client_address::counted(&self.site, headers, peer)
    }

    /// The address of the whole IPv6 network.
    pub fn network(&self, address: IpAddr) -> IpAddr {
        self.site.limiter.network(address.to_canonical())
    }

    /// Whether a peer is one of `advanced.ipAddress.trustedProxies`.
    pub fn is_proxy(&self, peer: Peer) -> bool {
        client_address::is_behind_proxy(&self.site, peer)
    }

    /// The client's address for logs; `None` if `advanced.ipAddress.disableIpTracking` is set.
    pub fn loggable_client(&self, headers: &HeaderMap, peer: Peer) -> Option<IpAddr> {
        client_address::find(&self.site, headers, peer)
    }

    /// The path for logs: that of the endpoint, or `None`.
    pub fn loggable_path(&self, path: &str) -> Option<String> {
        pipeline::loggable_path(&self.site, path)
    }

    /// The id that a trusted proxy gave this request, or a new one.
    pub fn request_id(&self, headers: &HeaderMap, peer: Peer) -> HeaderValue {
        request_id::find(&self.site, headers, peer)
    }

    /// An error as a response of this deployment; for servers that refuse a request themselves.
    pub fn refuse(&self, error: &AuthError) -> Response<Bytes> {
        Reply::refusal(error, self.site.dialect)
    }

    /// Checks that requests can be answered: the database is available, up to date and writable,
    /// and the secondary storage, if configured, is available.
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

    /// The current load.
    pub fn load(&self) -> Load {
        let (hashing, passwords_waiting) = self.instance.hasher().load();
        Load { hashing, passwords_waiting, asking: self.instance.fetch().running() }
    }

    /// The number of pending emails; `None` without an outbox.
    pub fn messages_waiting(&self) -> Result<Option<u64>, AuthError> {
        outbox::count_waiting(&self.instance)
    }

    /// Sends pending emails until none is due, the transport is unavailable, or `goes_on` returns
    /// false. `serve` does this; an application that mounts [`BetterAuth::handle`] calls it from
    /// its own thread.
    pub fn send_messages(&self, goes_on: &dyn Fn() -> bool) -> Result<SendSummary, AuthError> {
        outbox::send_due(&self.instance, goes_on)
    }

    /// Waits until there may be emails to send, at most this long.
    pub fn wait_for_messages(&self, at_most: Duration) {
        self.instance.mailer().sender_wake_up().wait(at_most);
    }

    /// Wakes the thread in [`BetterAuth::wait_for_messages`].
    pub fn wake_sender(&self) {
        self.instance.mailer().sender_wake_up().notify();
    }

    /// Deletes expired data: unused tokens, and emails that were sent or failed long ago. `serve`
    /// does this every minute.
    pub fn clean_up(&self) -> Result<(), AuthError> {
        outbox::clean_up(&self.instance)
    }
}

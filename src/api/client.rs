//! Who sends a request.

use std::net::IpAddr;

/// A client, as far as it is known.
#[derive(Debug, Clone, Default)]
pub struct Client {
    /// The address, empty when it is unknown or must not be kept.
    pub ip_address: String,
    /// The `User-Agent`, empty when none was sent.
    pub user_agent: String,
    /// The address, or the network of IPv6, for what is counted in memory; known where it must not be kept, too.
    pub network: Option<IpAddr>,
}

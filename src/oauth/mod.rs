//! Signing in with providers: an OAuth 2.0 and OpenID Connect client [contract 10].
//!
//! A provider is a row of data in `providers/`; what does not fit a row is code in the same file.

pub mod authorize;
pub mod check;
pub mod configured;
pub mod id_token;
pub mod identity;
pub mod provider;
pub mod providers;
pub mod tokens;

pub use provider::Provider;

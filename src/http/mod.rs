//! HTTP as a function: a request in, a reply out, without sockets.
//!
//! Read `pipeline` first: it is the order of processing, one line per step [contract 1.2]. An
//! [`Endpoint`] is a row with everything that the router, the guards and the documentation need;
//! its handler gets a [`Context`] and returns a [`Reply`].

pub mod account_cookie;
pub mod answer;
pub mod body;
pub mod caller;
pub mod client_address;
pub mod context;
mod cookie_cache;
pub mod cookies;
mod cors;
pub mod endpoint;
pub mod form;
mod forwarded;
mod glob;
pub mod guard;
pub mod hooks;
mod hosts;
pub mod input;
mod links;
pub mod origin;
pub mod pipeline;
pub mod rate_limit;
pub mod redirect;
pub mod refusals;
pub mod reply;
pub mod request_id;
pub mod router;
mod session_cookies;
pub mod site;
mod state_cookies;
pub mod trusted;
mod validation;

pub use answer::Answer;
pub use client_address::Peer;
pub use context::Context;
pub use endpoint::Body;
pub use endpoint::Endpoint;
pub use endpoint::Guard;
pub use endpoint::Weight;
pub use form::Form;
pub use form::Member;
pub use reply::Reply;

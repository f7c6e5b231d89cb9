//! The native counterpart of Better Auth: its REST API, its database and its cookies, in Rust.
//!
//! ```
//! use better_auth::{BetterAuth, Config, ListUsers, NewUser, Peer, Request, Secret};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # std::env::set_current_dir(folder.path())?;
//! let auth = BetterAuth::new(Config::default())?; // better-auth.db in the working directory
//! auth.migrate()?;
//!
//! let ada = auth.api().create_user(&NewUser {
//!     email: "ada@example.com".to_owned(),
//!     name: "Ada".to_owned(),
//!     password: Some(Secret::new("correct horse battery")),
//!     ..NewUser::default()
//! })?;
//! assert_eq!(auth.api().list_users(&ListUsers::default())?.users, [ada]);
//!
//! // Mounted in any HTTP server: one request in, one response out.
//! let request = Request::get("/api/auth/ok").body(Default::default())?;
//! assert_eq!(auth.handle(request, Peer::unknown()).body(), r#"{"ok":true}"#);
//! # Ok(())
//! # }
//! ```
//!
//! Start reading at [`http::pipeline`]; `ARCHITECTURE.md` is the overview.

#[cfg(test)]
extern crate self as better_auth;

pub mod api;
pub mod auth;
#[cfg(feature = "client")]
pub mod client;
pub mod config;
pub mod crypto;
pub mod database;
pub mod email;
pub mod endpoints;
pub mod error;
mod fair_queue;
pub mod fetch;
mod files;
pub mod http;
pub mod instance;
pub mod models;
pub mod oauth;
pub mod operations;
pub mod plugin;
pub mod plugins;
mod pool;
#[cfg(test)]
#[path = "../tests/it/harness/postgres.rs"]
#[expect(dead_code, reason = "the integration tests need more of it")]
mod postgres_of_tests;
pub mod rows;
pub mod schema;
#[cfg(feature = "server")]
pub mod server;
pub mod storage;

pub use ::http::Request;
pub use ::http::Response;

pub use api::users::NewUser;
pub use api::users::UserChanges;
pub use auth::Api;
pub use auth::BetterAuth;
pub use auth::Builder;
pub use config::Config;
pub use config::ConfigError;
pub use crypto::Secret;
pub use error::AuthError;
pub use error::Dialect;
pub use error::ErrorCode;
pub use error::codes;
pub use http::Peer;
pub use models::Account;
pub use models::Session;
pub use models::SessionWithUser;
pub use models::User;
pub use operations::mail::ListMessages;
pub use operations::providers::ConfiguredProvider;
pub use operations::sessions::ListSessions;
pub use operations::sessions::SessionList;
pub use operations::users::list::ListUsers;
pub use operations::users::list::UserList;
pub use plugin::Plugin;

//! The integration tests: one binary whose modules mirror `src`.
//!
//! Requests run in process by default; `BETTER_AUTH_TEST_ENGINE=hyper` or `tiny-http` sends the same
//! ones through a real server.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets the unexpected should stop"
)]

mod adopting_page;
mod advisories;
mod api;
mod cli;
mod client;
mod configuration;
mod database;
mod dependencies;
mod documentation;
mod email;
mod endpoints;
mod examples;
mod fuzz;
mod generated;
mod harness;
mod nonsense;
mod operations;
mod plugins;
mod restrictions;
mod server;
mod table;

//! The rules, each in one place, shared by HTTP, the command line and the library. No HTTP, no SQL.

pub mod accounts;
pub mod addressee;
pub mod attempts;
pub mod challenge;
pub mod check;
pub mod copy;
mod credentials;
pub mod deletion;
pub mod email;
pub mod email_change;
pub mod email_links;
pub mod email_verification;
pub mod entry;
pub mod fields;
#[cfg(test)]
mod fixture;
pub mod lifetime;
pub mod limits;
pub mod linked;
pub mod lockout;
pub mod messages;
pub mod oauth_state;
pub mod one_time;
pub mod outbox;
pub mod password_policy;
pub mod password_reset;
pub mod passwords;
mod reset_links;
mod session_lists;
mod session_store;
pub mod sessions;
pub mod users;
pub mod who;

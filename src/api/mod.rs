//! The rules, once: sign-up, the command line and every later way in pass through here. No HTTP, no SQL.

pub mod accounts;
pub mod email;
pub mod fields;
pub mod passwords;
pub mod sessions;
pub mod users;

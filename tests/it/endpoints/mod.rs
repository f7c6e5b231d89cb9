//! One file per file in `src/endpoints`, and one for what stands before them.

mod account;
mod account_cookie;
mod additional_fields;
mod breached;
mod cookie_cache;
mod cors;
mod delete_user;
mod email_verification;
pub(crate) mod generic_oauth;
mod generic_options;
mod linking;
mod lockout;
mod origin;
mod password;
mod password_reset;
mod providers;
mod rate_limit;
mod routing;
mod secondary_storage;
mod session;
mod sessions;
mod sign_in;
mod sign_out;
mod sign_up;
pub(crate) mod social;
mod status;
mod user;

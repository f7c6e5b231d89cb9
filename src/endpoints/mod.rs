//! One file per URL family: its rows first, then what they do.

mod account;
mod account_tokens;
mod callback;
mod delete_user;
mod email_verification;
mod pages;
mod password;
mod password_reset;
mod session;
mod sessions;
mod sign_in;
mod sign_out;
mod sign_up;
mod social;
mod social_token;
mod status;
mod user;

use crate::http::Endpoint;

/// Every table of the core.
pub const ALL: &[&[Endpoint]] = &[
    status::ENDPOINTS,
    sign_up::ENDPOINTS,
    sign_in::ENDPOINTS,
    sign_out::ENDPOINTS,
    session::ENDPOINTS,
    sessions::ENDPOINTS,
    user::ENDPOINTS,
    delete_user::ENDPOINTS,
    password::ENDPOINTS,
    password_reset::ENDPOINTS,
    email_verification::ENDPOINTS,
    account::ENDPOINTS,
    account_tokens::ENDPOINTS,
    social::ENDPOINTS,
    callback::ENDPOINTS,
];

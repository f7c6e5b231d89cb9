//! The endpoints, a file per URL family: the rows first, then the handlers.

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

/// Every table of the core, with the name of its group.
pub const ALL: &[(&str, &[Endpoint])] = &[
    ("Status", status::ENDPOINTS),
    ("Sign-up", sign_up::ENDPOINTS),
    ("Sign-in", sign_in::ENDPOINTS),
    ("Sign-in", sign_out::ENDPOINTS),
    ("Sessions", session::ENDPOINTS),
    ("Sessions", sessions::ENDPOINTS),
    ("User", user::ENDPOINTS),
    ("User", delete_user::ENDPOINTS),
    ("Password", password::ENDPOINTS),
    ("Password", password_reset::ENDPOINTS),
    ("Email address", email_verification::ENDPOINTS),
    ("Accounts", account::ENDPOINTS),
    ("Accounts", account_tokens::ENDPOINTS),
    ("Social sign-in", social::ENDPOINTS),
    ("Social sign-in", callback::ENDPOINTS),
];

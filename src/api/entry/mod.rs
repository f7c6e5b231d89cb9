//! The ways of signing in, one file each.

pub mod password;
pub mod provider;
pub mod sign_up;
pub mod social;

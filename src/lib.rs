//! The native counterpart of Better Auth.

pub mod database;
pub mod error;

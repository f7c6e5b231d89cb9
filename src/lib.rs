//! The native counterpart of Better Auth.

pub mod error;

//! One file per file in `src/email` that speaks to another machine, and one for what waits.

mod outbox;
pub(crate) mod smtp;
mod webhook;

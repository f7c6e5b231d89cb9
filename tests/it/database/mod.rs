//! Mirrors `src/database`.

mod postgres;
mod two_processes;

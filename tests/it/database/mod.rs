//! Mirrors `src/database`.

mod postgres;
mod servers;
mod two_processes;

//! Mirrors `src/database`.

mod clock;
mod disk;
mod files;
mod killed;
mod one_winner;
mod people;
mod postgres;
mod round_trips;
mod servers;
mod sessions;
mod two_processes;

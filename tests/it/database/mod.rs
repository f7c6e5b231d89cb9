//! Mirrors `src/database`.

mod clock;
mod disk;
mod fault;
mod files;
mod hanging;
mod killed;
mod of_others;
mod one_winner;
mod people;
mod postgres;
mod read_only;
mod round_trips;
mod servers;
mod sessions;
mod small_disk;
mod starting;
mod two_processes;

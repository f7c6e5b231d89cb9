//! Mirrors `src/database`.

mod clock;
mod disk;
mod fault;
mod files;
mod hanging;
mod journal;
mod killed;
mod of_others;
mod one_winner;
mod people;
mod postgres;
mod postgres_urls;
mod read_only;
mod round_trips;
mod servers;
mod sessions;
mod small_disk;
mod sqlite_urls;
mod starting;
mod two_processes;

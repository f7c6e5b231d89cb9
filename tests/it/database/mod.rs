//! The database under real conditions.

mod clock;
mod disk;
mod files;
mod killed;
mod one_winner;
mod people;
mod two_processes;

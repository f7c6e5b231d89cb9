//! The database under real conditions.

mod files;
mod people;
mod two_processes;

//! The database under real conditions.

mod two_processes;

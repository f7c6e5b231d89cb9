//! One file per command or group in `src/cli`, run as a script would run them.

mod adopt;
mod completions;
mod db;
mod db_again;
mod db_check;
mod global;
mod init;
mod mail;
mod migrate;
mod providers;
mod required_fields;
mod serve;
mod sessions;
mod users;

//! One file per plugin, and one for the seam.

mod admin;
mod bearer;
mod challenge;
mod notes;
mod open_api;
mod seam;
mod username;

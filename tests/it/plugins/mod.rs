//! One file per plugin, and one for the seam.

mod admin;
mod bearer;
mod challenge;
mod forms;
mod notes;
mod open_api;
mod seam;
mod username;

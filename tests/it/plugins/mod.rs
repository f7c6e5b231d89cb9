//! One file per plugin, and one for the seam.

mod admin;
mod bearer;
mod challenge;
mod email_code;
mod forms;
mod have_i_been_pwned;
mod notes;
mod open_api;
mod seam;
mod username;

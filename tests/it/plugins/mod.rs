//! One file per plugin, and one for the seam.

mod admin;
mod bearer;
mod seam;
mod username;

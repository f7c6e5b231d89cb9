//! One file per file in `src/endpoints`, and one for what stands before them.

mod delete_user;
mod origin;
mod routing;
mod session;
mod sign_in;
mod sign_out;
mod sign_up;
mod status;
mod user;

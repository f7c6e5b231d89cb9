//! Questions on a terminal; scripts get an error with the alternatives.

use std::io;
use std::io::IsTerminal as _;
use std::io::Read as _;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use better_auth::Secret;
use better_auth::config::env;
use better_auth::operations::users::passwords::NewPassword;
use dialoguer::Input;
use dialoguer::Password;
use dialoguer::console::Term;
use signal_hook::consts::SIGINT;
use signal_hook::flag;
use zeroize::Zeroizing;

use crate::cli::app::App;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::terminal::harmless;

/// A longer password on stdin is a mistake.
const STDIN_BYTES_MAX: u64 = 64 * 1024;

/// Whether stdin and stderr are a terminal.
pub(crate) fn is_possible() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// The new password: from standard input, the option, the environment, or a prompt.
pub(crate) fn new_password(given: &NewPassword, app: &App) -> Result<Secret, Failure> {
    if given.password_stdin {
        return from_stdin();
    }
    if let Some(password) = &given.password {
        app.output.warn("--password is visible in the list of processes; --password-stdin is not");
        return Ok(password.clone());
    }
    if let Some(password) = env::password() {
        return Ok(password);
    }
    if !is_possible() {
        return Err(Failure::usage("cannot ask for a password: not a terminal").with_hint(
            "pass it with --password-stdin, in BETTER_AUTH_PASSWORD or with --password",
        ));
    }
    let password = Password::new()
        .with_prompt("Password")
        .with_confirmation("Confirm password", "Passwords do not match, try again")
        .interact()?;
    Ok(Secret::new(password))
}

fn from_stdin() -> Result<Secret, Failure> {
    let mut bytes = Vec::new();
    io::stdin().lock().take(STDIN_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    let bytes = Zeroizing::new(bytes);
    if STDIN_BYTES_MAX < bytes.len() as u64 {
        return Err(Failure::usage("standard input is too long for a password"));
    }
    let text = str::from_utf8(&bytes)
        .map_err(|_| Failure::usage("the password on standard input is not UTF-8 text"))?;
    // One line end comes from `echo`; the rest is the password.
    let password =
        text.strip_suffix('\n').map_or(text, |line| line.strip_suffix('\r').unwrap_or(line));
    if password.is_empty() {
        return Err(Failure::usage("standard input contains no password"));
    }
    Ok(Secret::new(password))
}

/// Asks for a line of text.
pub(crate) fn text(question: &str, is_optional: bool) -> Result<String, Failure> {
    with_ctrl_c(|| Input::new().with_prompt(question).allow_empty(is_optional).interact_text())
}

/// Asks for confirmation, unless `--yes` was given.
pub(crate) fn confirm(question: &str, is_yes: bool) -> Result<(), Failure> {
    if is_yes {
        return Ok(());
    }
    if !is_possible() {
        return Err(Failure::usage(format!(
            "cannot ask for confirmation, not a terminal: {question}"
        ))
        .with_hint("pass --yes"));
    }
    // A whole line counts: a single key may have been meant for something else.
    let answer = text(&format!("{} [y/N]", harmless(question)), true)?;
    if ["y", "yes"].contains(&answer.trim().to_ascii_lowercase().as_str()) {
        Ok(())
    } else {
        Err(Failure::new(Exit::Failed, "nothing was changed"))
    }
}

/// Whether Ctrl-C ends the process immediately, as it does outside a question.
static CTRL_C_IS_FATAL: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// Asks a question during which Ctrl-C is an answer: a process that dies at a question leaves its
/// terminal without a cursor. Not for passwords: there the shell must restore the echo, which it
/// does only after a process that died of the signal.
fn with_ctrl_c<T>(ask: impl FnOnce() -> Result<T, dialoguer::Error>) -> Result<T, Failure> {
    let is_fatal = CTRL_C_IS_FATAL.get_or_init(|| {
        let is_fatal = Arc::new(AtomicBool::new(true));
        // If the system refuses the handler, Ctrl-C keeps its default.
        drop(flag::register_conditional_default(SIGINT, Arc::clone(&is_fatal)));
        is_fatal
    });
    is_fatal.store(false, Ordering::SeqCst);
    let answer = ask();
    is_fatal.store(true, Ordering::SeqCst);
    Term::stderr().show_cursor()?;
    Ok(answer?)
}

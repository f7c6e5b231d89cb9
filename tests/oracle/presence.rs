//! Whether what a suite compares with is on this machine.

use std::env;
use std::io;
use std::io::Write as _;
use std::sync::OnceLock;

/// Why it is not, found out once.
pub(crate) type Reason = OnceLock<Option<String>>;

/// Whether it is here. When not, one line says so that no test harness swallows, and `BETTER_AUTH_ORACLE=required` makes
/// it a failure. `skipped` names the suite, what its tests do not do, and the command that installs it.
pub(crate) fn is_here(
    reason: &'static Reason,
    why_not: fn() -> Option<String>,
    [suite, without, install]: [&str; 3],
) -> bool {
    let required = env::var_os("BETTER_AUTH_ORACLE").is_some_and(|value| value == "required");
    let reason = reason.get_or_init(|| {
        let reason = why_not()?;
        if !required {
            // Not `eprintln!`: the harness keeps that back for tests that pass.
            let line = format!(
                "\nSKIPPED: the {suite} suite. Its tests end at once and {without}: {reason}. To run them: {install}\n\n"
            );
            io::stderr().write_all(line.as_bytes()).expect("stderr is open");
        }
        Some(reason)
    });
    if let Some(reason) = reason {
        assert!(!required, "BETTER_AUTH_ORACLE=required, but {reason}");
    }
    reason.is_none()
}

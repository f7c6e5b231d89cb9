//! SIGINT and SIGTERM: the first stops the server gracefully, the second ends the process
//! immediately.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;

use signal_hook::consts::SIGINT;
use signal_hook::consts::SIGTERM;
use signal_hook::flag;
use signal_hook::iterator::Signals;

use crate::server::Stop;

/// Exit code of a process that was interrupted.
const INTERRUPTED: i32 = 130;

/// Stops the server at the first signal.
pub fn stop_on_signals(stop: &Stop) -> io::Result<()> {
    let is_stopping = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        // The order matters: the first signal finds the flag unset and sets it, and the second one
        // exits.
        flag::register_conditional_shutdown(signal, INTERRUPTED, Arc::clone(&is_stopping))?;
        flag::register(signal, Arc::clone(&is_stopping))?;
    }
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    let stop = stop.clone();
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for _ in signals.forever() {
            stop.stop();
        }
    })?;
    Ok(())
}

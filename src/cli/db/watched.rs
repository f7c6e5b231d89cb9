//! Work with a progress bar that a signal stops after the current page.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use better_auth::api::copy::CopyError;
use better_auth::api::copy::Phase;
use better_auth::api::copy::Watch;
use signal_hook::consts::SIGINT;
use signal_hook::consts::SIGTERM;
use signal_hook::flag;

use crate::cli::app::App;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::progress::Progress;

/// The progress bar and the signal of an interruption.
pub(super) struct WatchedCopy<'a> {
    app: &'a App,
    is_stopped: Arc<AtomicBool>,
}

impl<'a> WatchedCopy<'a> {
    pub(super) fn new(app: &'a App) -> Result<Self, Failure> {
        let is_stopped = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            // The order matters: the first signal finds the flag unset and sets it, the second one
            // ends the process.
            let exit = Exit::Interrupted as i32;
            flag::register_conditional_shutdown(signal, exit, Arc::clone(&is_stopped))?;
            flag::register(signal, Arc::clone(&is_stopped))?;
        }
        Ok(Self { app, is_stopped })
    }

    /// Runs a copy until it is done or interrupted.
    pub(super) fn run<T>(
        &self,
        job: impl FnOnce(Watch<'_>) -> Result<T, CopyError>,
    ) -> Result<T, Failure> {
        let bar = Progress::new(self.app);
        let mut watch = |progress: better_auth::api::copy::Progress| {
            let what = match progress.phase {
                Phase::Checking => "checking",
                Phase::Deleting => "deleting from",
                Phase::Copying => "copying",
                Phase::Comparing => "comparing",
            };
            bar.show(&format!("{what} {}", progress.table), progress.done, progress.total);
            !self.is_stopped.load(Ordering::Relaxed)
        };
        Ok(job(&mut watch)?)
    }
}

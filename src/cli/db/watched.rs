//! Work with a progress bar that a signal stops after the current page.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use signal_hook::consts::SIGINT;
use signal_hook::consts::SIGTERM;
use signal_hook::flag;

use crate::cli::app::App;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::progress::Progress;

/// Hears what is being done, rows done and rows in all; answers whether to go on.
pub(super) type Show<'a> = &'a mut dyn FnMut(&str, u64, u64) -> bool;

/// The progress bar and the signal of an interruption.
pub(super) struct Watched<'a> {
    app: &'a App,
    is_stopped: Arc<AtomicBool>,
}

impl<'a> Watched<'a> {
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

    /// Runs a job until it is done or interrupted.
    pub(super) fn run<T, E>(&self, job: impl FnOnce(Show<'_>) -> Result<T, E>) -> Result<T, Failure>
    where
        Failure: From<E>,
    {
        let bar = Progress::new(self.app);
        let mut show = |what: &str, done, total| {
            bar.show(what, done, total);
            self.goes_on()
        };
        Ok(job(&mut show)?)
    }

    /// The same for a job that says itself what it does.
    pub(super) fn run_without_bar<T, E>(
        &self,
        job: impl FnOnce(Show<'_>) -> Result<T, E>,
    ) -> Result<T, Failure>
    where
        Failure: From<E>,
    {
        Ok(job(&mut |_, _, _| self.goes_on())?)
    }

    fn goes_on(&self) -> bool {
        !self.is_stopped.load(Ordering::Relaxed)
    }
}

//! A progress bar, on a terminal only.

use std::io;
use std::io::IsTerminal as _;

use indicatif::ProgressBar;
use indicatif::ProgressDrawTarget;
use indicatif::ProgressStyle;

use crate::cli::app::App;

const TEMPLATE: &str = "{msg:24} {bar:20} {percent:>3} %  {human_pos} of {human_len}";

/// A progress bar on stderr that disappears when dropped.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// A new bar, hidden if stderr is not a terminal.
    pub(crate) fn new(app: &App) -> Self {
        let is_seen = io::stderr().is_terminal() && !app.output.is_quiet();
        let target =
            if is_seen { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// Shows the progress of a step.
    pub(crate) fn show(&self, what: &str, done: u64, total: u64) {
        self.0.set_length(total.max(done));
        self.0.set_position(done);
        if self.0.message() != what {
            self.0.set_message(what.to_owned());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

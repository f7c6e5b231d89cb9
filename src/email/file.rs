//! The `file` transport: one JSON object per line, for tests and for programs that send emails
//! themselves.

use std::fs::OpenOptions;
use std::io;
use std::io::Write as _;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::PoisonError;

use crate::email::Failure;
use crate::email::Message;
use crate::email::message::Event;
use crate::email::template::Rendered;
use crate::files;

/// A file with a line per message; readable by its owner only, because lines contain secrets.
pub(super) struct File {
    path: PathBuf,
    one_at_a_time: Mutex<()>,
}

impl File {
    pub(super) fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), one_at_a_time: Mutex::default() }
    }

    /// Appends the whole line in one write, so that concurrent processes do not mix their lines.
    pub(super) fn append(&self, message: &Message, rendered: &Rendered) -> Result<(), Failure> {
        self.write(message, rendered).map_err(|error| {
            Failure::Later(format!("cannot write {}: {error}", self.path.display()))
        })
    }

    fn write(&self, message: &Message, rendered: &Rendered) -> io::Result<()> {
        let mut line = serde_json::to_vec(&Event::new(message, rendered))?;
        line.push(b'\n');
        let _turn = self.one_at_a_time.lock().unwrap_or_else(PoisonError::into_inner);
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        files::never_wait(&mut options);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&self.path)?.write_all(&line)
    }
}

//! Writes files that hold secrets: readable by their owner only, and complete on the disk.

use std::fs::OpenOptions;
use std::io;
use std::io::Write as _;
use std::path::Path;

/// Writes a file, and replaces one that is there only if `replaces` says so.
pub(crate) fn write(path: &Path, text: &str, replaces: bool) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).create_new(!replaces);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    // The mode at opening applies to new files only; an existing file may be readable by others.
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    file.set_len(0)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

//! Reads files with a size limit and a deadline. A path may lead to anything, such as a pipe without a writer or an
//! endless device.

use std::fs::File;
use std::fs::OpenOptions;
use std::io;
use std::io::Read as _;
use std::path::Path;
use std::time::Duration;
use std::time::Instant;

/// How long the writer of a pipe may take.
const WAIT: Duration = Duration::from_secs(10);
/// Bytes per read.
const CHUNK: usize = 16 * 1024;

/// The size limit of a text: a configuration, a template.
pub(crate) const TEXT_BYTES_MAX: u64 = 1024 * 1024;
/// The size limit of certificates: a system's whole list has a quarter of a megabyte.
pub(crate) const CERTIFICATES_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// Opens a regular file for reading, and nothing else.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    let file = open_anything(path)?;
    if file.metadata()?.is_file() {
        return Ok(file);
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"))
}

/// The content of a file of at most this size. Pipes are read as well, such as the one of `<(command)` in a shell.
pub(crate) fn read(path: &Path, bytes_max: u64) -> io::Result<Vec<u8>> {
    read_from(&open_anything(path)?, bytes_max)
}

/// As [`read`], of an open file.
pub(crate) fn read_from(mut file: &File, bytes_max: u64) -> io::Result<Vec<u8>> {
    let until = Instant::now() + WAIT;
    let is_file = file.metadata()?.is_file();
    let mut bytes = Vec::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        if !is_file {
            wait(file, until)?;
        }
        match file.read(&mut chunk) {
            Ok(0) => return Ok(bytes),
            Ok(count) => bytes.extend(chunk.iter().take(count)),
            // Another reader of the pipe may have been faster.
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if bytes_max < bytes.len() as u64 {
            let problem = format!("it has more than {bytes_max} bytes");
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, problem));
        }
    }
}

/// As [`read`], as text.
pub(crate) fn read_text(path: &Path, bytes_max: u64) -> io::Result<String> {
    read_text_from(&open_anything(path)?, bytes_max)
}

/// As [`read_text`], of an open file.
pub(crate) fn read_text_from(file: &File, bytes_max: u64) -> io::Result<String> {
    String::from_utf8(read_from(file, bytes_max)?)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8 text"))
}

/// Opens a file or pipe for reading.
pub(crate) fn open_anything(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    never_wait(&mut options);
    options.open(path)
}

/// Opens without blocking, whether or not a pipe has a writer.
#[cfg(unix)]
pub(crate) fn never_wait(options: &mut OpenOptions) {
    let flags = i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or_default();
    std::os::unix::fs::OpenOptionsExt::custom_flags(options, flags);
}

/// Has no effect on this system.
#[cfg(not(unix))]
pub(crate) fn never_wait(_: &mut OpenOptions) {}

/// Waits until there is something to read, or the writer has closed.
#[cfg(unix)]
fn wait(file: &File, until: Instant) -> io::Result<()> {
    use rustix::event::PollFd;
    use rustix::event::PollFlags;
    use rustix::event::Timespec;
    let left = until.saturating_duration_since(Instant::now());
    let left = Timespec::try_from(left).map_err(io::Error::other)?;
    let mut waiting = [PollFd::new(file, PollFlags::IN)];
    match rustix::event::poll(&mut waiting, Some(&left)) {
        Ok(0) => {
            let problem = format!("nobody wrote to it within {} seconds", WAIT.as_secs());
            Err(io::Error::new(io::ErrorKind::TimedOut, problem))
        }
        Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(unix))]
fn wait(_: &File, _: Instant) -> io::Result<()> {
    Ok(())
}

/// Whether a file can be trusted: its owner is this user, the system's administrator, or the owner of the file
/// `beside`.
#[cfg(unix)]
pub(crate) fn is_owned(file: &File, beside: Option<&Path>) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    let owner = file.metadata()?.uid();
    let of_neighbour = beside.and_then(|beside| Some(std::fs::metadata(beside).ok()?.uid()));
    let own = rustix::process::geteuid().as_raw();
    Ok(owner == 0 || owner == own || of_neighbour == Some(owner))
}

/// Whether a file can be trusted: this system does not report owners.
#[cfg(not(unix))]
pub(crate) fn is_owned(_: &File, _: Option<&Path>) -> io::Result<bool> {
    Ok(true)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::thread;

    use super::*;

    #[test]
    fn a_file_is_read_up_to_its_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, "x".repeat(100_000)).unwrap();
        assert_eq!(read(&path, 100_000).unwrap().len(), 100_000);
        assert_eq!(read(&path, 99_999).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        assert_eq!(read(&path, 0).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        assert!(open(&path).is_ok() && open(folder.path()).is_err());
        std::fs::write(&path, [0xff]).unwrap();
        assert_eq!(read_text(&path, 1).unwrap_err().kind(), io::ErrorKind::InvalidData);
    }

    #[cfg(unix)]
    #[test]
    fn a_device_that_never_ends_is_read_up_to_the_limit() {
        let error = read(Path::new("/dev/zero"), TEXT_BYTES_MAX).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
        assert_eq!(read(Path::new("/dev/null"), 1).unwrap(), b"");
        assert!(open(Path::new("/dev/null")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_read_while_somebody_writes_to_it_and_no_longer() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
        rustix::fs::mkfifoat(rustix::fs::CWD, &path, mode).unwrap();
        assert!(open(&path).is_err(), "it is no file");
        let mut options = OpenOptions::new();
        options.append(true);
        never_wait(&mut options);
        assert!(options.open(&path).is_err(), "nobody reads");
        let written = thread::scope(|scope| {
            scope.spawn(|| {
                let mut writer = OpenOptions::new().write(true).open(&path).unwrap();
                (0..3).for_each(|_| writer.write_all(&vec![b'x'; 50_000]).unwrap());
            });
            read(&path, 1_000_000)
        });
        assert_eq!(written.unwrap().len(), 150_000);
        assert_eq!(read(&path, 1).unwrap_err().kind(), io::ErrorKind::TimedOut);
    }
}

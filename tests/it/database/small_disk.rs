//! A file system of a test's own.

use std::fs;
use std::io;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;

/// A file system of its own, of this many bytes; it goes when it is dropped.
pub(super) struct SmallDisk(pub(super) PathBuf);

impl SmallDisk {
    /// `None` after saying that this user may not have one.
    pub(super) fn mount(at: PathBuf, bytes: u32) -> Option<Self> {
        fs::create_dir(&at).unwrap();
        let size = format!("size={bytes}");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(&at);
        if mount.output().is_ok_and(|output| output.status.success()) {
            return Some(Self(at));
        }
        // Not `eprintln!`: the harness keeps that back for tests that pass.
        let line = "\nSKIPPED: a disk of its own. Only root may mount the small one that this test needs\n\n";
        io::stderr().write_all(line.as_bytes()).unwrap();
        None
    }

    /// Mounts it anew, such as with "ro".
    pub(super) fn remount(&self, how: &str) {
        let options = format!("remount,{how}");
        let done = Command::new("mount").args(["-o", &options]).arg(&self.0).output().unwrap();
        assert!(done.status.success(), "{done:?}");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("-l").arg(&self.0).output());
    }
}

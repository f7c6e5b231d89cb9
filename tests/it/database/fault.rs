//! The binary behind a library that lets its disk fail or hang (`fault.c`).

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::harness::Folder;
use crate::harness::server::Server;

pub(super) struct FailingDisk {
    pub(super) folder: Folder,
    pub(super) server: Server,
}

impl FailingDisk {
    pub(super) fn start(config: &Value, words: &[&str]) -> Self {
        let folder = Folder::migrated_file();
        folder.configure(config);
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/database/fault.c");
        let library = folder.path("fault.so");
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-o"]).arg(&library).arg(source);
        assert!(compiler.status().unwrap().success());
        let mut command = Command::new("env");
        command.arg(format!("LD_PRELOAD={}", library.display()));
        command.arg(format!("FAULT={}", folder.path("fault").display()));
        command.arg(env!("CARGO_BIN_EXE_better-auth"));
        let server = Server::start_by(command, &folder, words);
        Self { folder, server }
    }

    pub(super) fn fails(&self, how: &str) {
        // Whole or not at all: the library reads it at any moment.
        fs::write(self.folder.path("next"), how).unwrap();
        fs::rename(self.folder.path("next"), self.folder.path("fault")).unwrap();
    }
}

//! The log on standard error.

use std::io;
use std::io::Write;

use clap::ValueEnum;
use tracing_subscriber::filter::LevelFilter;

use crate::cli::app::App;
use crate::cli::terminal::harmless_json;

/// What is written down.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum LogLevel {
    Error,
    Warn,
    Info,
    Debug,
}

/// How.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum LogFormat {
    Text,
    Json,
}

/// Starts it; once per process.
pub(crate) fn start(level: LogLevel, format: LogFormat, app: &App) {
    let level = match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
    };
    let log = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_ansi(app.output.is_coloured_below())
        .with_writer(io::stderr);
    match format {
        LogFormat::Text => log.init(),
        LogFormat::Json => {
            log.with_writer(|| Json).json().flatten_event(true).with_span_list(false).init();
        }
    }
}

/// Standard error for events as JSON, each of which comes whole. As text they are made harmless by the library.
struct Json;

impl Write for Json {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        io::stderr().write_all(harmless_json(&text).as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

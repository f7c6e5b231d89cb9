//! The log on standard error.

use std::io;
use std::io::Write;

use clap::ValueEnum;
use tracing_subscriber::filter::LevelFilter;

use crate::cli::app::App;
use crate::cli::terminal::harmless_json;

/// The log level.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum LogLevel {
    Error,
    Warn,
    Info,
    Debug,
}

/// The log format.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum LogFormat {
    Text,
    Json,
}

/// Starts logging; once per process.
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

/// Writes JSON events to standard error, each in one write. The library escapes text events itself.
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

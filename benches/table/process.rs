//! Processes of contenders: how much memory they take, how long they run.

use std::fs;
use std::process::Command;
use std::process::Stdio;
use std::time::Instant;

use crate::Result;

/// Bytes in a megabyte, as the goals count.
const MEGABYTE: f64 = 1e6;
/// Ticks in a second, as Linux tells times.
const TICKS: f64 = 100.0;
/// Where the times of a process stand in `/proc/PID/stat`, counted behind its name.
const OWN: usize = 11;
/// Where those of the ones stand that it has started and that have ended.
const OF_CHILDREN: usize = 13;

/// A row of `/proc/PID/status` in megabytes: `VmRSS` is what a process takes now, `VmHWM` the most it ever did.
pub(crate) fn memory(pid: u32, row: &str) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(row)?.strip_prefix(':'));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix("kB"));
    let kibibytes: f64 = kibibytes.ok_or_else(|| format!("no {row} of {pid}"))?.trim().parse()?;
    Ok(kibibytes * 1024.0 / MEGABYTE)
}

/// Milliseconds that a program takes from its start to its end; it must end well and say something.
pub(crate) fn time(command: &mut Command) -> Result<f64> {
    let begin = Instant::now();
    let output = command.stdin(Stdio::null()).output()?;
    let time = begin.elapsed();
    if !output.status.success() || output.stdout.is_empty() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{command:?}: {}: {said}", output.status).into());
    }
    Ok(time.as_secs_f64() * 1e3)
}

/// Seconds of processors that processes took which this one has started and which have ended, and theirs.
pub(crate) fn time_of_children() -> Result<f64> {
    seconds(std::process::id(), OF_CHILDREN)
}

/// Two neighbours among the fields of `/proc/PID/stat` behind the name: the time of the program, and that of the
/// system for it.
fn seconds(pid: u32, first: usize) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The second field is a name in parentheses, which may hold anything.
    let (_, fields) = stat.rsplit_once(") ").ok_or_else(|| format!("no fields of {pid}"))?;
    let ticks = fields.split(' ').skip(first).take(2).map(str::parse::<f64>);
    Ok(ticks.sum::<std::result::Result<f64, _>>()? / TICKS)
}

/// What a contender takes of the processors, round by round.
#[derive(Default)]
pub(crate) struct Cores {
    /// How many of them were at work for it.
    pub(crate) busy: Vec<f64>,
    /// Milliseconds of one for each thing that it did.
    pub(crate) each: Vec<f64>,
}

impl Cores {
    /// Does what answers with a rate, and looks what this process takes meanwhile, without those that it has started.
    pub(crate) fn watch(&mut self, pid: u32, work: impl FnOnce() -> Result<f64>) -> Result<f64> {
        let (begin, before) = (Instant::now(), seconds(pid, OWN)?);
        let rate = work()?;
        let busy = (seconds(pid, OWN)? - before) / begin.elapsed().as_secs_f64();
        self.busy.push(busy);
        self.each.push(busy / rate * 1e3);
        Ok(rate)
    }
}

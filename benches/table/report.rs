//! What a row came to, as text for a terminal, and all of them as docs/performance.md with a plot each.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use better_auth::database::Clock;

use crate::Result;
use crate::bench::Bench;
use crate::bench::repository;
use crate::server::UPSTREAM;
use crate::statistics::median;
use crate::statistics::range;

/// One row of the table.
pub(crate) struct Report {
    /// Its name for `scripts/bench ROW`.
    pub(crate) name: &'static str,
    /// What was measured, as a heading.
    pub(crate) title: &'static str,
    /// How, in a sentence or two.
    pub(crate) how: String,
    /// Of the samples.
    pub(crate) unit: &'static str,
    /// The contenders.
    pub(crate) series: Vec<Series>,
    /// What is to hold.
    pub(crate) goals: Vec<Goal>,
    /// Said where a goal is missed: why this machine does not allow it, and what could be tried next.
    pub(crate) why: String,
}

/// The samples of one contender, a round each.
#[derive(Clone)]
pub(crate) struct Series {
    pub(crate) name: String,
    pub(crate) samples: Vec<f64>,
}

/// A number that is to be large or small enough.
pub(crate) struct Goal {
    pub(crate) what: String,
    pub(crate) found: f64,
    pub(crate) bound: Bound,
    /// `×`, `ms`.
    pub(crate) unit: &'static str,
}

/// Where the line is.
#[derive(Clone, Copy)]
pub(crate) enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

impl Series {
    pub(crate) fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), samples: Vec::new() }
    }
}

impl Goal {
    fn holds(&self) -> bool {
        match self.bound {
            Bound::AtLeast(least) => least <= self.found,
            Bound::AtMost(most) => self.found <= most,
        }
    }

    fn line(&self) -> String {
        let (sign, bound) = match self.bound {
            Bound::AtLeast(least) => ('≥', least),
            Bound::AtMost(most) => ('≤', most),
        };
        let verdict = if self.holds() { "holds" } else { "**missed**" };
        let (what, found, unit) = (&self.what, number(self.found), self.unit);
        format!("{what} | {found}{unit} | {sign} {bound}{unit} | {verdict}")
    }
}

impl Report {
    /// For a terminal, and for whoever pastes it into a message.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("\n## {}\n\n{}\n\n", self.title, self.how);
        // Writing to a `String` cannot fail, here and below.
        let _infallible = writeln!(text, "| | {} | from | to |\n|---|---|---|---|", self.unit);
        for Series { name, samples } in &self.series {
            let (least, most) = range(samples);
            let (middle, least, most) = (number(median(samples)), number(least), number(most));
            let _infallible = writeln!(text, "| {name} | {middle} | {least} | {most} |");
        }
        text.push_str("\n| goal | found | bound | |\n|---|---|---|---|\n");
        for goal in &self.goals {
            let _infallible = writeln!(text, "| {} |", goal.line());
        }
        if self.goals.iter().any(|goal| !goal.holds()) {
            let _infallible = writeln!(text, "\n{}", self.why);
        }
        text
    }

    /// Bars of the medians, with the range of the rounds.
    fn plot(&self) -> String {
        let most = self.series.iter().map(|series| range(&series.samples).1).fold(0.0, f64::max);
        let scale = (WIDTH - LEFT - 110.0) / most;
        let height = BAR * self.series.len() as f64 + 34.0;
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
             font-family=\"sans-serif\" font-size=\"13\">\n\
             <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
             <text x=\"8\" y=\"18\" font-weight=\"bold\">{} ({})</text>\n",
            self.title.replace('&', "&amp;"),
            self.unit
        );
        for (at, Series { name, samples }) in self.series.iter().enumerate() {
            let top = 28.0 + BAR * at as f64;
            let (middle, (least, most)) = (median(samples) * scale, range(samples));
            let colour = if name.starts_with("better-auth (this)") { "#2563eb" } else { "#94a3b8" };
            let text = top + 15.0;
            let whisker = top + 10.0;
            let _infallible = writeln!(
                svg,
                "<text x=\"{}\" y=\"{text}\" text-anchor=\"end\">{name}</text>\n\
                 <rect x=\"{LEFT}\" y=\"{top}\" width=\"{middle:.1}\" height=\"20\" fill=\"{colour}\"/>\n\
                 <path d=\"M{:.1} {whisker}H{:.1}\" stroke=\"#0f172a\"/>\n\
                 <text x=\"{:.1}\" y=\"{text}\">{}</text>",
                LEFT - 8.0,
                LEFT + least * scale,
                LEFT + most * scale,
                LEFT + (most * scale).max(middle) + 8.0,
                number(median(samples)),
            );
        }
        svg.push_str("</svg>\n");
        svg
    }
}

/// Of a plot: its width, where its bars begin, and from one bar to the next.
const WIDTH: f64 = 760.0;
const LEFT: f64 = 230.0;
const BAR: f64 = 26.0;

/// Writes docs/performance.md and its plots.
pub(crate) fn write(bench: &Bench, reports: &[Report]) -> Result<()> {
    let docs = repository().join("docs");
    fs::create_dir_all(docs.join("performance"))?;
    let mut text = format!(
        "# Performance\n\nWritten by `scripts/bench`, which measures everything below on one machine in one run: \
         the real Better Auth ({UPSTREAM}, on Node and better-sqlite3), servers that do nothing, the parts that \
         the work is made of, and this program. Contenders take turns in {} rounds of {} s; a number is the \
         median of the rounds, a ratio the median of their ratios. Numbers of other machines differ, ratios less \
         so.\n\n",
        bench.rounds, bench.seconds
    );
    for (name, value) in machine()? {
        let _infallible = writeln!(text, "- {name}: {value}");
    }
    text.push_str("\n| work | found | goal | |\n|---|---|---|---|\n");
    for goal in reports.iter().flat_map(|report| &report.goals) {
        let _infallible = writeln!(text, "| {} |", goal.line());
    }
    for report in reports {
        text.push_str(&report.text());
        let _infallible =
            writeln!(text, "\n![{0}](performance/{1}.svg)", report.title, report.name);
        fs::write(docs.join(format!("performance/{}.svg", report.name)), report.plot())?;
    }
    fs::write(docs.join("performance.md"), text)?;
    Ok(())
}

/// What the numbers depend on.
fn machine() -> Result<Vec<(&'static str, String)>> {
    let information = fs::read_to_string("/proc/cpuinfo")?;
    let model = information.lines().find(|line| line.starts_with("model name"));
    let model = model.and_then(|line| line.split_once(": ")).map_or("?", |(_, model)| model);
    let cores = std::thread::available_parallelism()?;
    let memory = fs::read_to_string("/proc/meminfo")?;
    let memory = memory.lines().next().and_then(|line| line.split_whitespace().nth(1));
    let gigabytes = memory.unwrap_or_default().parse::<f64>()? * 1024.0 / 1e9;
    let changed = said("git", &["status", "--porcelain", "--", "src", "Cargo.toml", "Cargo.lock"])?;
    let changed = if changed.is_empty() { "" } else { ", with changes that are not committed" };
    let date = Clock::SYSTEM.now().to_string();
    Ok(vec![
        (
            "machine",
            format!("{model}, {cores} cores, {gigabytes:.0} GB, the load on the same cores"),
        ),
        ("system", said("uname", &["-sr"])?),
        ("compiler", said("rustc", &["--version"])?),
        ("Node", said("node", &["--version"])?),
        ("date", date.split('T').next().unwrap_or_default().to_owned()),
        ("commit", format!("{}{changed}", said("git", &["rev-parse", "--short", "HEAD"])?)),
    ])
}

fn said(program: &str, words: &[&str]) -> Result<String> {
    let output = Command::new(program).args(words).current_dir(repository()).output()?;
    if !output.status.success() {
        return Err(format!("{program} {}: {}", words.join(" "), output.status).into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// Three digits that mean something, in groups of three.
fn number(value: f64) -> String {
    let places = match value.abs() {
        100.0.. => 0,
        10.0.. => 1,
        1.0.. => 2,
        _ => 3,
    };
    let text = format!("{value:.places$}");
    let whole = text.split('.').next().unwrap_or_default().len();
    text.chars().enumerate().fold(String::new(), |mut grouped, (at, digit)| {
        if 0 < at && at < whole && (whole - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
        grouped
    })
}

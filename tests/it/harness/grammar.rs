//! Every command of the program, as its own help tells: the help is made from the grammar, so nothing is forgotten.

use super::Folder;

/// A command.
pub(crate) struct Described {
    /// The words that name it; none for the program itself.
    pub(crate) path: Vec<String>,
    /// What `-h` says.
    pub(crate) help: String,
    /// The commands below it, but for `help`.
    pub(crate) commands: Vec<String>,
    /// Its options, such as `--json`.
    pub(crate) options: Vec<String>,
}

/// All of them, each before those below it.
pub(crate) fn described() -> Vec<Described> {
    let mut all = Vec::new();
    describe(&Folder::on_file(), &[], &mut all);
    all
}

fn describe(folder: &Folder, path: &[String], all: &mut Vec<Described>) {
    let words: Vec<&str> = path.iter().map(String::as_str).chain(["-h"]).collect();
    let help = folder.run(&words).succeeded().stdout;
    let block = help.split("\n\n").find_map(|block| block.strip_prefix("Commands:\n"));
    let commands = block.unwrap_or_default().lines().filter_map(|line| first(line, 2));
    let commands: Vec<String> = commands.filter(|name| name != "help").collect();
    let options = help.lines().filter_map(option).collect();
    all.push(Described { path: path.to_vec(), help, commands: commands.clone(), options });
    for command in commands {
        describe(folder, &[path, &[command]].concat(), all);
    }
}

/// The word that stands this far in; lines that go on with something stand farther.
fn first(line: &str, blanks: usize) -> Option<String> {
    let rest = line.strip_prefix(&" ".repeat(blanks))?;
    rest.split(' ').next().filter(|word| !word.is_empty()).map(str::to_owned)
}

/// `      --json  …` or `  -h, --help  …`.
fn option(line: &str) -> Option<String> {
    let long =
        line.strip_prefix("      ").or_else(|| line.split_once(", ").map(|(_, long)| long))?;
    first(long, 0).filter(|word| word.starts_with("--") && line.trim_start().starts_with('-'))
}

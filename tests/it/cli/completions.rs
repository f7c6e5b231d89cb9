//! Completions, in real shells: each is typed a line and a tab, and answers what it offers. Where a shell is missing
//! its test says so and is skipped; `BETTER_AUTH_SHELLS=required` makes that a failure.

use std::fs;
use std::io::Write as _;
use std::process::Command;
use std::process::Stdio;

use crate::harness::Folder;
use crate::harness::grammar::Described;
use crate::harness::grammar::described;

/// How a shell is run: it finds the scripts in `$SCRIPTS`, lines on standard input, and writes to `$OUT`.
struct Shell {
    name: &'static str,
    script: &'static str,
    words: &'static [&'static str],
    /// What is typed after a line.
    key: &'static str,
    /// Whether what it writes repeats the line before the candidates.
    repeats: bool,
}

const BASH: Shell = Shell {
    name: "bash",
    script: "better-auth.bash",
    words: &["--noprofile", "--rcfile", "bashrc", "-i"],
    // Inserts every candidate.
    key: "\x1b*",
    repeats: true,
};
const ZSH: Shell = Shell {
    name: "zsh",
    script: "_better-auth",
    words: &["-f", "terminal.zsh"],
    key: "",
    repeats: false,
};
const FISH: Shell = Shell {
    name: "fish",
    script: "better-auth.fish",
    words: &[
        "--no-config",
        "-c",
        "source $SCRIPTS/better-auth.fish
        while read --local line
            complete -C $line | string replace -r '\\t.*' '' >>$OUT
            echo . >>$OUT
        end",
    ],
    key: "",
    repeats: false,
};

impl Shell {
    /// What it offers at the end of each line; `None` where it is missing.
    fn offers(&self, lines: &[String]) -> Option<Vec<Vec<String>>> {
        if !self.is_here() {
            return None;
        }
        let folder = Folder::new();
        let script = folder.run(&["completions", self.name]).succeeded().stdout;
        fs::write(folder.path(self.script), script).unwrap();
        let mut child = Command::new("timeout")
            .args(["--kill-after=5", "120", self.name])
            .args(self.words)
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/shells"))
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("TERM", "dumb")
            .env("HOME", folder.path("."))
            .env("SCRIPTS", folder.path("."))
            .env("OUT", folder.path("out"))
            .env("ZDOTDIR", ".")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let typed = format!("{}{}\n", lines.join(&format!("{}\n", self.key)), self.key);
        child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        let complaints = ["command not found", "parse error", "_arguments:"];
        let complaint =
            said.lines().find(|line| complaints.iter().any(|words| line.contains(words)));
        assert_eq!(complaint, None, "{}", self.name);
        let out = fs::read_to_string(folder.path("out")).unwrap_or_default();
        let answers: Vec<&str> = out.split_terminator(".\n").collect();
        assert_eq!(answers.len(), lines.len(), "{}: {out}", self.name);
        let answers = answers.iter().zip(lines).map(|(answer, line)| {
            // The word that is completed is among the candidates, and the name of the program is not written.
            let typed = if self.repeats { line.matches(' ').count() - 1 } else { 0 };
            answer.lines().skip(typed).map(str::to_owned).collect()
        });
        Some(answers.collect())
    }

    fn is_here(&self) -> bool {
        let is_here = Command::new(self.name).arg("--version").output().is_ok();
        let required =
            std::env::var_os("BETTER_AUTH_SHELLS").is_some_and(|value| value == "required");
        assert!(is_here || !required, "BETTER_AUTH_SHELLS=required, but there is no {}", self.name);
        if !is_here {
            // Past the harness, which would swallow it.
            let skipped = "\n\nSKIPPED: completions are not tested in a shell that this machine lacks. \
                           To have them: tests/shells/install\n\n";
            drop(std::io::stderr().write_all(skipped.as_bytes()));
        }
        is_here
    }
}

/// Lines with what must be offered after each: everything below every command, every option, and the values that are
/// known.
fn expected() -> Vec<(String, Vec<String>)> {
    let mut all = Vec::new();
    for Described { path, commands, options, .. } in described() {
        let line = format!("better-auth {}", [path, vec![String::new()]].concat().join(" "));
        if !commands.is_empty() {
            all.push((line.clone(), commands));
        }
        all.push((format!("{line}--"), options));
    }
    let values = [
        ("users list --sort ", &["name", "email", "createdAt", "updatedAt"][..]),
        ("sessions list --sort ", &["createdAt", "updatedAt", "expiresAt"]),
        ("users list --output ", &["table", "json", "csv"]),
        ("-o json users sh", &["show"]),
        ("--json us", &["users"]),
        ("mail list --status ", &["pending", "sent", "failed"]),
        ("serve --log-level ", &["error", "warn", "info", "debug"]),
        ("completions ", &["bash", "zsh", "fish"]),
        // Of these nothing is known, and no file is meant.
        ("serve --admin ", &[]),
        ("users list --limit ", &[]),
        ("users create --field ", &[]),
    ];
    all.extend(values.into_iter().map(|(line, offered)| {
        (format!("better-auth {line}"), offered.iter().map(ToString::to_string).collect())
    }));
    all
}

fn check(shell: &Shell) {
    let (lines, expected): (Vec<String>, Vec<Vec<String>>) = expected().into_iter().unzip();
    let Some(offers) = shell.offers(&lines) else { return };
    for ((line, offered), expected) in lines.iter().zip(&offers).zip(&expected) {
        for word in expected {
            assert!(offered.contains(word), "{}: {line}: no {word} in {offered:?}", shell.name);
        }
        let offers_nothing = offered.iter().all(String::is_empty);
        assert_eq!(offers_nothing, expected.is_empty(), "{}: {line}: {offered:?}", shell.name);
    }
}

#[test]
fn bash_completes_every_command_at_every_level() {
    check(&BASH);
}

#[test]
fn zsh_completes_every_command_at_every_level() {
    check(&ZSH);
}

#[test]
fn fish_completes_every_command_at_every_level() {
    check(&FISH);
}

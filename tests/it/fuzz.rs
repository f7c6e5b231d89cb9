//! What the fuzz targets have kept, given to their checks again; no fuzzer is needed for it.

use std::collections::BTreeSet;
use std::fs;
use std::panic::catch_unwind;
use std::path::Path;
use std::path::PathBuf;

#[expect(unreachable_pub, reason = "the fuzz targets use it as a crate")]
#[path = "../../fuzz/checks/mod.rs"]
mod checks;

/// Inputs of a target at least; fewer means that they were lost.
const INPUTS_MIN: usize = 10;

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

fn files(folder: PathBuf) -> Vec<PathBuf> {
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}

/// Every input of a target; those that fail are named, so that one run shows all of them.
fn replay(target: &str, check: fn(&[u8])) {
    let inputs = files(fuzz().join("corpus").join(target));
    assert!(INPUTS_MIN <= inputs.len(), "{target}: {} inputs", inputs.len());
    let fails = |input: &&PathBuf| {
        let bytes = fs::read(input).unwrap();
        catch_unwind(|| check(&bytes)).is_err()
    };
    let failing: Vec<_> = inputs.iter().filter(fails).collect();
    assert!(failing.is_empty(), "{failing:#?}");
}

#[test]
fn bodies_of_the_corpus_are_answered() {
    replay("body", checks::body::check);
}

#[test]
fn configurations_of_the_corpus_are_read_or_refused() {
    replay("config", checks::config::check);
}

#[test]
fn cookies_of_the_corpus_are_nobodys() {
    replay("cookies", checks::cookies::check);
}

#[test]
fn heads_of_the_corpus_are_answered() {
    replay("head", checks::head::check);
}

#[test]
fn places_of_the_corpus_lead_where_the_configuration_says() {
    replay("redirects", checks::redirects::check);
}

#[test]
fn tokens_of_the_corpus_open_nothing() {
    replay("tokens", checks::tokens::check);
}

#[test]
fn connections_of_the_corpus_are_answered() {
    replay("wire", checks::wire::check);
}

#[test]
fn every_target_has_a_check_a_corpus_and_a_replay() {
    let stems = |folder: &str| -> BTreeSet<String> {
        let files = files(fuzz().join(folder)).into_iter();
        files.map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
    };
    let targets = stems("fuzz_targets");
    assert_eq!(targets, stems("corpus"));
    let this = include_str!("fuzz.rs");
    for target in &targets {
        assert!(stems("checks").contains(target), "{target} has no check");
        let replayed = format!("replay(\"{target}\", checks::{target}::check)");
        assert!(this.contains(&replayed), "{target} is not replayed");
    }
}

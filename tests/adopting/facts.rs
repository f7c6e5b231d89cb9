//! What the tools make and the TypeScript server writes, as a document for whoever adds a layout:
//!
//!     cargo test --test adopting -- --ignored what_the_tools_write
//!
//! writes `target/layouts.md`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::layout;
use crate::layout::Layout;
use crate::rows::Raw;
use crate::rows::Rows;
use crate::rows::Table;
use crate::seeded::Seeded;

#[test]
#[ignore = "writes a document"]
fn what_the_tools_write() {
    let mut text = String::from("# What the tools make, and the TypeScript server writes\n");
    for layout in layout::all() {
        let Some(seeded) = Seeded::make(layout) else { return };
        describe(&mut text, &seeded.layout, &seeded.rows);
        let answer = seeded.theirs.get_session(&seeded.ann.cookie);
        writeln!(text, "\n`/get-session` answers\n\n```\n{answer:#}\n```").unwrap();
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/layouts.md");
    fs::write(file, text).expect("the document is written");
}

fn describe(text: &mut String, layout: &Layout, rows: &Rows) {
    let Layout { name, what, tool, .. } = layout;
    writeln!(text, "\n## {name}\n\n{tool}: {what}").unwrap();
    for (name, table) in &rows.tables {
        writeln!(text, "\n`{name}`, {} rows\n", table.rows.len()).unwrap();
        writeln!(text, "| column | declared | forms | example |\n|---|---|---|---|").unwrap();
        for (column, declared) in &table.columns {
            let forms = forms(table, column);
            let names: Vec<&str> = forms.keys().map(String::as_str).collect();
            let example = forms.values().next().map(|raw| raw.text.as_str()).unwrap_or_default();
            let example: String = example.replace('|', "\\|").chars().take(60).collect();
            writeln!(text, "| {column} | {declared} | {} | `{example}` |", names.join("; "))
                .unwrap();
        }
    }
    writeln!(text, "\n```\n{}\n```", rows.schema.join("\n")).unwrap();
}

fn forms<'a>(table: &'a Table, column: &str) -> BTreeMap<String, &'a Raw> {
    let values = table.rows.iter().filter_map(|row| row[column].as_ref());
    values.map(|raw| (raw.form(), raw)).collect()
}

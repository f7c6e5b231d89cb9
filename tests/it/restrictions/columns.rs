//! Which columns restrict, which of their values do, and until when.

use std::time::Duration;

use better_auth::BetterAuth;
use better_auth::database::Dialect;
use serde_json::json;

use super::ADA;
use super::add;
use super::as_made_by_the_plugins;
use super::flag;
use super::set;
use crate::harness::Request;
use crate::harness::Site;
use crate::harness::site::PASSWORD;

fn sign_in(site: &Site) -> String {
    let answer = site.post("/sign-in/email", &json!({"email": ADA, "password": PASSWORD}));
    if answer.status == 200 { String::new() } else { answer.code() }
}

/// Whether Ada is refused, and counted as restricted.
#[track_caller]
fn refuses(site: &Site, code: &str, expected: bool, what: &str) {
    assert_eq!(sign_in(site), if expected { code } else { "" }, "{what}");
    assert_eq!(counted(&site.auth), u64::from(expected), "{what}");
}

fn counted(auth: &BetterAuth) -> u64 {
    auth.restrictions().unwrap().into_iter().map(|(_, users)| users).sum()
}

fn signed_up(columns: &[(&str, &str)]) -> Site {
    let site = Site::new();
    for (name, kind) in columns {
        add(site.auth.database(), name, kind);
    }
    site.sign_up(ADA);
    site
}

#[test]
fn whatever_is_not_plainly_false_restricts() {
    let dialect = Site::new().auth.database().dialect();
    let forms: &[(&str, &[&str], &[&str])] = match dialect {
        Dialect::Sqlite => &[
            ("integer", &["1", "true", "2", "-1"], &["NULL", "0", "false"]),
            (
                "",
                &["1", "'1'", "'true'", "'TRUE'", "'t'", "'yes'", "x'ff'", "1.0"],
                &["NULL", "0", "'0'", "'false'", "'False'", "'f'", "''", "' '"],
            ),
            ("text", &["'1'", "'true'", "'active'"], &["NULL", "'0'", "'false'", "''"]),
        ],
        Dialect::Postgres => &[
            ("boolean", &["true"], &["NULL", "false"]),
            ("smallint", &["1", "2"], &["NULL", "0"]),
            ("bigint", &["1"], &["NULL", "0"]),
            (
                "text",
                &["'1'", "'true'", "'t'", "'active'"],
                &["NULL", "'0'", "'FALSE'", "'f'", "''"],
            ),
            ("jsonb", &["'true'", "'{}'", "'null'"], &["NULL", "'false'", "'0'"]),
            ("bit", &["B'1'"], &["NULL", "B'0'"]),
            ("bytea", &["'x'", "''"], &["NULL"]),
        ],
    };
    for (kind, restricting, others) in forms {
        let site = signed_up(&[("banned", kind)]);
        for (values, expected) in [(restricting, true), (others, false)] {
            for value in *values {
                set(site.auth.database(), &format!(r#""banned" = {value}"#));
                refuses(&site, "BANNED_USER", expected, &format!("{kind} {value}"));
            }
        }
    }
}

#[test]
fn a_column_is_known_in_every_spelling() {
    for (name, code) in [
        ("twoFactorEnabled", "TWO_FACTOR_REQUIRED"),
        ("two_factor_enabled", "TWO_FACTOR_REQUIRED"),
        ("twofactorenabled", "TWO_FACTOR_REQUIRED"),
        ("TwoFactorEnabled", "TWO_FACTOR_REQUIRED"),
        ("Banned", "BANNED_USER"),
    ] {
        let kind = flag(Site::new().auth.database());
        let site = signed_up(&[(name, kind)]);
        refuses(&site, code, false, name);
        set(site.auth.database(), &format!(r#""{name}" = true"#));
        refuses(&site, code, true, name);
    }
}

#[test]
fn a_ban_ends_when_it_says_so_in_any_form_and_one_that_cannot_be_read_does_not_end() {
    // The clock of every site stands at 2026-11-23T12:00:00Z.
    let (over, not_over) = (["2026-11-23T11:59:59.999Z"], ["2026-11-23T12:00:00.000Z"]);
    let dialect = Site::new().auth.database().dialect();
    let forms: &[(&str, &[&str], &[&str])] = match dialect {
        Dialect::Sqlite => &[
            ("date", &over, &not_over),
            ("text", &over, &["2027-01-01T00:00:00+01:00", "tomorrow", ""]),
            (
                "integer",
                &["1795435199", "1795435199999", "1"],
                &["1795435200", "1795435200000", "0"],
            ),
        ],
        Dialect::Postgres => &[
            ("timestamptz", &over, &not_over),
            ("timestamp", &over, &not_over),
            ("bigint", &["1795435199", "1795435199999"], &["1795435200", "1795435200000", "0"]),
            ("text", &over, &["2027-01-01T00:00:00+01:00", "tomorrow"]),
            ("interval", &[], &["1 day"]),
        ],
    };
    for (kind, over, not_over) in forms {
        for name in ["banExpires", "ban_expires"] {
            let flag = flag(Site::new().auth.database());
            let site = signed_up(&[("banned", flag), (name, kind)]);
            set(site.auth.database(), r#""banned" = true"#);
            refuses(&site, "BANNED_USER", true, "without an end");
            for (times, expected) in [(over, false), (not_over, true)] {
                for time in *times {
                    set(site.auth.database(), &format!(r#""{name}" = '{time}'"#));
                    refuses(&site, "BANNED_USER", expected, &format!("{kind} {name} {time}"));
                }
            }
        }
    }
}

#[test]
fn a_column_that_another_program_adds_while_the_server_runs_counts_within_a_minute() {
    let site = Site::new();
    let cookies = site.sign_up(ADA).cookies();
    assert_eq!(sign_in(&site), "");
    assert_eq!(site.session(&cookies)["user"]["email"], ADA);
    as_made_by_the_plugins(site.auth.database());
    set(site.auth.database(), r#""banned" = true"#);
    site.wait(Duration::from_secs(60));
    // Nobody signs in meanwhile: the session itself is asked about.
    assert_eq!(site.send(Request::get("/get-session").signed_in(&cookies)).body, "null");
    assert_eq!(sign_in(&site), "BANNED_USER");
}

//! Rows of sessions as Better Auth writes them.

use std::time::Duration;

use better_auth::database::Param;
use better_auth::database::Timestamp;

use crate::harness::Site;

const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Better Auth reads its clock once per column, and changing the fields of a session moves `updatedAt` alone.
#[test]
fn session_rows_of_better_auth_are_extended_by_the_lifetime_they_were_given() {
    let begun = Timestamp::parse("2026-11-23T12:00:00.000Z").unwrap();
    let week = begun.after(7 * DAY);
    for (what, is_extended, created, updated, expires) in [
        ("remembered", true, begun, begun.after(Duration::from_millis(3)), week),
        ("by a slow clock", true, begun.after(Duration::from_millis(5)), begun, week),
        ("changed since", true, begun, begun.after(20 * HOUR), week),
        ("extended and changed", true, begun.before(9 * DAY), begun.after(20 * HOUR), week),
        ("not remembered", false, begun, begun, begun.after(2 * DAY)),
        ("not remembered and changed", false, begun, begun.after(HOUR), begun.after(2 * DAY)),
        ("of a month", false, begun.before(23 * DAY), begun.before(23 * DAY), week),
    ] {
        let site = Site::new();
        let cookies = site.sign_up("ada@example.com").cookies();
        let sql = r#"UPDATE "session" SET "createdAt" = $1, "updatedAt" = $2, "expiresAt" = $3"#;
        let times: [Param<'_>; 3] = [created.into(), updated.into(), expires.into()];
        assert_eq!(site.auth.database().write(|tx| tx.execute(sql, &times)), Ok(1), "{what}");
        site.wait(DAY + HOUR);
        let extended = begun.after(8 * DAY + HOUR).to_string();
        let expected = if is_extended { extended } else { expires.to_string() };
        assert_eq!(site.session(&cookies)["session"]["expiresAt"], expected, "{what}");
    }
}

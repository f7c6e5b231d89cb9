//! Which addresses are the same: lower case makes one spelling of several, and of no two mailboxes one [contract 10.4].

use better_auth::NewUser;
use better_auth::Secret;
use serde_json::json;

use super::social::accounts;
use super::social::ask;
use super::social::come_back;
use super::social::says;
use super::social::sign_in;
use super::social::site;
use super::social::to;
use crate::harness::Provider;
use crate::harness::Site;
use crate::harness::site::PASSWORD;

const MIKE: &str = "mike@kelvin.com";
/// Mailboxes of others. In lower case, as Unicode has it, the first three are Mike's.
const OTHERS: [&str; 4] = [
    "mi\u{212A}e@kelvin.com",
    "mike@\u{212A}elvin.com",
    "MI\u{212A}E@\u{212A}ELVIN.com",
    "m\u{130}ke@kelvin.com",
];

fn overriding(provider: &Provider) -> Site {
    site(provider, |config| {
        let gitlab = config.social_providers.get_mut("gitlab").unwrap();
        gitlab.override_user_info_on_sign_in = true;
    })
}

#[test]
fn a_letter_beyond_ascii_proves_no_address_without_one() {
    for named in OTHERS {
        let provider = Provider::start();
        let site = overriding(&provider);
        let mike = NewUser {
            email: MIKE.to_owned(),
            email_verified: true,
            password: Some(Secret::new(PASSWORD)),
            ..NewUser::default()
        };
        let mike = site.auth.api().create_user(&mike).unwrap();
        says(&provider, named, true);
        let stranger = come_back(&site, &sign_in(&site));
        assert_eq!(to(&stranger), "/sorry?a=b&error=email_not_found", "{named}");
        assert_eq!(accounts(&site), [("credential".to_owned(), String::new())], "{named}");

        let body = json!({"email": MIKE, "password": PASSWORD});
        let cookies = site.post("/sign-in/email", &body).cookies();
        let body =
            json!({"provider": "gitlab", "callbackURL": "/settings", "errorCallbackURL": "/sorry"});
        let linked = come_back(&site, &ask(&site, "/link-social", &body, &cookies));
        assert_eq!(to(&linked), "/sorry?error=email_does_not_match", "{named}");

        // A user who is stored like this is another one, for administrators too.
        let spell = r#"UPDATE "user" SET "email" = $1"#;
        site.auth.database().write(|tx| tx.execute(spell, &[named.into()])).unwrap();
        assert!(site.auth.api().get_user("Mike@Kelvin.com").is_err(), "{named}");
        assert_eq!(site.auth.api().get_user(named).unwrap().id, mike.id);
    }
}

#[test]
fn a_letter_beyond_ascii_verifies_and_moves_nobody() {
    for named in OTHERS {
        for (before, verified) in [(MIKE, false), ("eve@example.com", true)] {
            let provider = Provider::start();
            let site = overriding(&provider);
            says(&provider, before, verified);
            assert_eq!(to(&come_back(&site, &sign_in(&site))), "/welcome");
            says(&provider, named, true);
            assert_eq!(to(&come_back(&site, &sign_in(&site))), "/home", "{named}");
            let user = site.auth.api().get_user(before).unwrap();
            assert_eq!(user.email_verified, verified, "{named}");
        }
    }
}

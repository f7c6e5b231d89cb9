//! How often one client may ask [contract 7].

use std::time::Duration;

use better_auth::Config;
use better_auth::config::CustomRule;
use better_auth::config::RateLimitStorage;
use better_auth::config::Rule;
use serde_json::json;

use crate::harness::Request;
use crate::harness::Site;

/// Both stores must count alike.
fn on_both(change: impl Fn(&mut Config), check: impl Fn(&Site)) {
    for storage in [RateLimitStorage::Memory, RateLimitStorage::Database] {
        check(&Site::with(|config| {
            config.rate_limit.enabled = Some(true);
            config.rate_limit.storage = Some(storage);
            change(config);
        }));
    }
}

fn sign_in(site: &Site) -> u16 {
    let body = json!({"email": "nobody@example.com", "password": "x"});
    site.post("/sign-in/email", &body).status
}

#[test]
fn three_sign_ins_in_ten_seconds_and_the_fourth_is_told_when() {
    on_both(
        |_| {},
        |site| {
            assert_eq!([(); 3].map(|()| sign_in(site)), [401; 3]);
            site.wait(Duration::from_millis(3500));
            let answer = site.post("/sign-in/email", &json!({}));
            assert_eq!(answer.status, 429);
            assert_eq!(
                answer.body,
                r#"{"message":"Too many requests. Please try again later.","code":"RATE_LIMIT_EXCEEDED","status":429}"#
            );
            assert_eq!(answer.header("x-retry-after"), Some("7"));
            assert_eq!(answer.header("retry-after"), Some("7"));
            assert_eq!(site.send(Request::get("/ok")).status, 200);
            site.wait(Duration::from_millis(6500));
            assert_eq!(sign_in(site), 401);
        },
    );
}

#[test]
fn the_window_moves_with_every_request_that_was_let_in() {
    let rule = Rule { window: Duration::from_secs(3), max: 3 };
    let change = |config: &mut Config| {
        config.rate_limit.custom_rules = [("/sign-in/*".to_owned(), CustomRule::Rule(rule))].into();
    };
    on_both(change, |site| {
        let after = |millis| {
            site.wait(Duration::from_millis(millis));
            sign_in(site)
        };
        assert_eq!([after(0), after(2000), after(2000)], [401; 3]);
        assert_eq!(after(2000), 429);
        assert_eq!(after(1200), 401);
    });
}

#[test]
fn paths_that_do_not_exist_share_one_count() {
    on_both(
        |config| config.rate_limit.max = 5,
        |site| {
            for n in 0..5 {
                assert_eq!(site.send(Request::get(&format!("/nope-{n}"))).status, 404);
            }
            assert_eq!(site.send(Request::get("/nope-5")).status, 429);
            assert_eq!(site.send(Request::get("/ok")).status, 200);
        },
    );
}

#[test]
fn a_rule_can_be_switched_off_and_the_whole_too() {
    let off = |config: &mut Config| {
        config.rate_limit.max = 1;
        config.rate_limit.custom_rules = [("/ok".to_owned(), CustomRule::Switch(false))].into();
    };
    on_both(off, |site| {
        assert_eq!([(); 5].map(|()| site.send(Request::get("/ok")).status), [200; 5]);
    });
    let site = Site::with(|config| config.rate_limit.max = 1);
    assert_eq!([(); 5].map(|()| site.send(Request::get("/ok")).status), [200; 5]);
}

#[test]
fn it_is_on_by_default_where_the_base_url_is_https() {
    let site = Site::with(|config| {
        config.base_url = Some("https://localhost:3000".into());
    });
    assert_eq!([(); 4].map(|()| sign_in(&site)), [401, 401, 401, 429]);
}

/// <https://github.com/better-auth/better-auth/security/advisories/GHSA-44jh-23m7-hpcf>
#[test]
fn a16_ghsa_44jh_23m7_hpcf_of_many_requests_at_once_exactly_the_maximum_is_let_in() {
    on_both(
        |config| config.rate_limit.max = 20,
        |site| {
            let statuses: Vec<u16> = std::thread::scope(|scope| {
                let calls: Vec<_> = (0..50)
                    .map(|_| scope.spawn(|| site.send(Request::get("/ok")).status))
                    .collect();
                calls.into_iter().map(|call| call.join().unwrap()).collect()
            });
            assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 20);
            assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 30);
        },
    );
}

//! Places that nobody would write down by hand, judged by both: which of them are trusted as origins, and which as
//! redirect targets. They are put together from parts at random, from one seed, so that every run has the same ones.
//! Those that both judge alike are then sent to both servers, in the headers and fields where they matter.

use std::collections::BTreeMap;

use better_auth::http::trusted::{Pattern, is_trusted, is_trusted_target};
use serde_json::{Value, json};
use url::Url;

use crate::compare;
use crate::original::Original;
use crate::server::Server;

const CASES: usize = 40_000;
const REQUESTS: usize = 1_000;
const SEED: u64 = 0x000d_d5ee_d0fc_a5e5;
/// What the servers trust that get requests.
pub(crate) const TRUSTED: [&str; 6] = [
    "https://app.example.com",
    "https://*.example.com",
    "*.host.example",
    "myapp://",
    "exp://192.168.*.*:*/*",
    "http://192.168.*.*",
];
/// Where requests go: what changes something, and the links that go on to a place.
const CALLS: [&str; 6] = [
    "POST /sign-out",
    "POST /update-user",
    "POST /request-password-reset",
    "GET /reset-password/x",
    "GET /verify-email?token=x",
    "GET /delete-user/callback?token=x",
];
const FIELDS: [&str; 4] = ["callbackURL", "redirectTo", "errorCallbackURL", "newUserCallbackURL"];
const OWN: &str = "http://127.0.0.1:3110";
/// What is shown of each kind of difference that has no reason.
const SHOWN_MAX: usize = 40;

/// Whether a reason is about a place.
type IsAbout = fn(&str) -> bool;

/// Reasons for which we refuse what the original trusts.
const REASONS: &[(&str, IsAbout)] = &[
    ("what runs instead of being opened is no place to send people to", |place| {
        let scheme = place.trim().split(':').next().unwrap_or_default().to_lowercase();
        ["javascript", "data", "vbscript", "blob", "file"].contains(&scheme.as_str())
    }),
    ("browsers leave control characters out, others do not", |place| {
        place.contains(char::is_control)
    }),
    ("a path that is another site's once it is resolved and written down again", |place| {
        let url = Url::parse(OWN).unwrap().join(place);
        place.starts_with('/') && url.is_ok_and(|url| url.path().starts_with("//"))
    }),
    ("a user name in front of a host only hides it", |place| place.contains('@')),
    ("a backslash is a slash to some", |place| place.contains('\\')),
    ("escapes that are none are read by each in another way", |place| {
        let is_escape =
            |after: &str| after.get(..2).is_some_and(|hex| u8::from_str_radix(hex, 16).is_ok());
        let path = place.split(['?', '#']).next().unwrap_or_default();
        !path.split('%').skip(1).all(is_escape)
            || percent_encoding::percent_decode_str(path).decode_utf8().is_err()
    }),
    ("segments that go before something is decoded and after it lead to two places", |place| {
        let decoded = percent_encoding::percent_decode_str(place).decode_utf8_lossy();
        decoded.contains("..")
    }),
    ("a host of another scheme is written as browsers write it", |place| {
        let url = Url::parse(place).unwrap();
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let host = format!("{}{port}", url.host_str().unwrap_or_default());
        let is_web = matches!(url.scheme(), "http" | "https");
        let rest = place.split_once("://").map_or("", |(_, rest)| rest);
        let written = rest.split(['/', '?', '#']).next().unwrap_or_default();
        !is_web && !host.eq_ignore_ascii_case(written)
    }),
];

struct Case {
    trusted: Vec<String>,
    place: String,
}

/// Compares the verdicts; what no reason explains is a problem, and so is a reason that explains nothing.
pub(crate) fn problems() -> Vec<String> {
    let mut random = Random(SEED);
    let cases: Vec<Case> = (0..CASES).map(|_| Case::new(&mut random)).collect();
    let places = cases.iter().map(|case| json!({"trusted": case.all(), "place": case.place}));
    let Some(theirs) = Original::judge(&Value::Array(places.collect())) else {
        return Vec::new();
    };
    assert_eq!(theirs.len(), cases.len());
    let mut problems = Vec::new();
    let mut explained: BTreeMap<&str, usize> = BTreeMap::new();
    let mut agreed = [0, 0];
    for (case, theirs) in cases.iter().zip(theirs) {
        let ours = case.verdict();
        if ours == theirs {
            agreed[usize::from(ours[1])] += 1;
        } else if let Some((reason, _)) = REASONS.iter().find(|(_, is_about)| is_about(&case.place))
            && [0, 1].iter().all(|at| theirs[*at] || !ours[*at])
        {
            *explained.entry(reason).or_default() += 1;
        } else {
            problems.push(format!(
                "{:?} {:?}: theirs {theirs:?}, ours {ours:?}",
                case.trusted, case.place
            ));
        }
    }
    problems.truncate(SHOWN_MAX);
    let idle = REASONS.iter().filter(|(reason, _)| !explained.contains_key(reason));
    problems.extend(idle.map(|(reason, _)| format!("no place any more: {reason}")));
    // Both verdicts must be common, or the comparison says little.
    if agreed.iter().any(|count| *count < CASES / 10) {
        problems.push(format!("of {CASES} both refuse {} and trust {}", agreed[0], agreed[1]));
    }
    problems
}

/// Sends requests that name places to both, and lists the answers that differ.
pub(crate) fn problems_of_requests(theirs: &Server, ours: &Server) -> Vec<String> {
    let mut random = Random(SEED);
    let trusted: Vec<String> = TRUSTED.map(str::to_owned).into();
    let cases = (0..2 * REQUESTS).map(|_| Case::with(&mut random, trusted.clone()));
    // The servers stand at different origins, and ours says of a NUL that it is one.
    let cases: Vec<Case> =
        cases.filter(|case| !case.place.contains("127.") && !case.place.contains('\0')).collect();
    let places = cases.iter().map(|case| json!({"trusted": case.all(), "place": case.place}));
    let judged = Original::judge(&Value::Array(places.collect())).unwrap_or_default();
    let alike = cases.iter().zip(judged).filter(|(case, theirs)| case.verdict() == *theirs);
    let places: Vec<&str> = alike.map(|(case, _)| case.place.as_str()).take(REQUESTS).collect();
    assert_eq!(places.len(), REQUESTS);
    let mut outcomes: BTreeMap<u64, usize> = BTreeMap::new();
    let mut problems = Vec::new();
    for place in places {
        let ask = Ask::new(&mut random, place);
        let (theirs, ours) = (compare::expected(ask.answer(theirs)), ask.answer(ours));
        *outcomes.entry(ours["status"].as_u64().unwrap_or_default()).or_default() += 1;
        if theirs != ours {
            problems.push(format!("{ask:?}\n  theirs {theirs}\n  ours   {ours}"));
        }
    }
    problems.truncate(SHOWN_MAX);
    if [200, 302, 403]
        .iter()
        .any(|status| outcomes.get(status).is_none_or(|count| *count < REQUESTS / 20))
    {
        problems.push(format!("the answers are too much alike: {outcomes:?}"));
    }
    problems
}

/// A request that names one place, in a header or in a field.
#[derive(Debug)]
struct Ask<'a> {
    call: &'a str,
    headers: Vec<(&'a str, &'a str)>,
    field: &'a str,
    place: &'a str,
}

impl<'a> Ask<'a> {
    fn new(random: &mut Random, place: &'a str) -> Self {
        let call = random.one(&CALLS);
        let is_sendable = !place.is_empty() && place.bytes().all(|byte| byte.is_ascii_graphic());
        let origin = match random.below(3) {
            0 if is_sendable => place,
            1 => "null",
            _ => "{origin}",
        };
        let mut headers = vec![(random.one(&["origin", "origin", "referer"]), origin)];
        if random.below(4) != 0 {
            headers.push(("cookie", "a=b"));
        }
        if random.below(3) == 0 {
            headers.push(("sec-fetch-site", random.one(&["same-origin", "cross-site", "none"])));
        }
        Self { call, headers, field: random.one(&FIELDS), place }
    }

    fn answer(&self, server: &Server) -> Value {
        let (method, path) = self.call.split_once(' ').unwrap_or_default();
        let pair = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("callbackURL", self.place)
            .finish();
        let separator = if path.contains('?') { '&' } else { '?' };
        let is_link = method == "GET";
        let path = if is_link { format!("{path}{separator}{pair}") } else { path.to_owned() };
        let mut request = server.request(method, &path);
        for (name, value) in &self.headers {
            request = request.header(*name, value.replace("{origin}", server.origin()));
        }
        let mut answer = if is_link {
            compare::masked(&server.send(request.body(()).unwrap()))
        } else {
            let body = json!({"email": "nobody@example.com", self.field: self.place}).to_string();
            let request = request.header("content-type", "application/json");
            compare::masked(&server.send(request.body(body).unwrap()))
        };
        if let Some(Value::String(location)) = answer["headers"].get_mut("location") {
            *location = location.replace(server.origin(), "{origin}");
        }
        answer
    }
}

impl Case {
    fn new(random: &mut Random) -> Self {
        let trusted = (0..=random.below(2)).map(|_| pattern(random)).collect();
        Self::with(random, trusted)
    }

    fn with(random: &mut Random, trusted: Vec<String>) -> Self {
        let mut place = place(random, &trusted);
        for _ in 0..random.below(3) {
            place = disturbed(random, &place);
        }
        Self { trusted, place }
    }

    /// What the original trusts besides: its own origin is one of the list.
    fn all(&self) -> Vec<&str> {
        [OWN].into_iter().chain(self.trusted.iter().map(String::as_str)).collect()
    }

    fn verdict(&self) -> [bool; 2] {
        let patterns: Vec<Pattern> = self.trusted.iter().map(|text| Pattern::new(text)).collect();
        [
            is_trusted(&patterns, Some(OWN), &self.place),
            is_trusted_target(&patterns, Some(OWN), &self.place),
        ]
    }
}

const SCHEMES: [&str; 9] =
    ["https", "https", "http", "http", "myapp", "MyApp", "exp", "javascript", "ftp"];
const HOSTS: [&str; 12] = [
    "app.example.com",
    "a.b.example.com",
    "APP.Example.com",
    "example.com",
    "evil.com",
    "localhost",
    "127.0.0.1",
    "192.168.1.20",
    "192.168.evil.com",
    "[::1]",
    "bücher.example",
    "10.1",
];
const HOST_PATTERNS: [&str; 9] = [
    "*.example.com",
    "app.example.com",
    "a?p.example.com",
    "192.168.*.*",
    "10.*",
    "*",
    "*example.com",
    "host",
    "localhost",
];
const PORTS: [&str; 7] = ["", "", "", ":443", ":80", ":3000", ":*"];
const PATHS: [&str; 15] = [
    "/.//evil.com",
    "",
    "",
    "/",
    "/cb",
    "/cb/x",
    "/cbx",
    "/cb/../evil",
    "/cb/./x",
    "//cb",
    "/cb//x",
    "/CB",
    "/%63b",
    "/cb%2fx",
    "/é",
];
const ENDS: [&str; 7] = ["", "", "", "?x=1", "#x", "?next=//evil.com", "?x=%2f"];
const DISTURBANCES: [&str; 28] = [
    "/",
    "//",
    "\\",
    "@",
    "user:pw@",
    ":",
    "?",
    "#",
    "%2f",
    "%5c",
    "%00",
    "%2e%2e",
    "..",
    ".",
    " ",
    "\t",
    "\n",
    "\0",
    "\u{85}",
    "\u{202e}",
    "é",
    "*",
    "%",
    "[",
    "evil.com",
    ".evil.com",
    "javascript:",
    "https://",
];

/// An entry of `trustedOrigins`: whole origins, globs over them or over hosts, schemes of applications.
fn pattern(random: &mut Random) -> String {
    let scheme = random.one(&SCHEMES);
    let (host, port) = match random.below(3) {
        0 => (random.one(&HOSTS), random.one(&PORTS)),
        _ => (random.one(&HOST_PATTERNS), random.one(&PORTS)),
    };
    match random.below(8) {
        0 => format!("{scheme}://"),
        1 => format!("{scheme}:"),
        2 | 3 => format!("{host}{port}"),
        4 => format!("{scheme}://{host}{port}{}", random.one(&PATHS)),
        5 => format!("{scheme}://{host}{port}/*"),
        _ => format!("{scheme}://{host}{port}"),
    }
}

/// A place that has to do with the patterns as often as not.
fn place(random: &mut Random, trusted: &[String]) -> String {
    let (path, end) = (random.one(&PATHS), random.one(&ENDS));
    match random.below(4) {
        0 => format!("{path}{end}"),
        1 => {
            let scheme = random.one(&SCHEMES);
            format!("{scheme}://{}{}{path}{end}", random.one(&HOSTS), random.one(&PORTS))
        }
        _ => {
            let pattern = &trusted[random.below(trusted.len())];
            let filled = pattern.replace('*', random.one(&["x", "a.b", "1", ""])).replace('?', "p");
            let scheme = if filled.contains(':') {
                ""
            } else {
                random.one(&["https://", "http://", "ftp://"])
            };
            format!("{scheme}{filled}{path}{end}")
        }
    }
}

/// The place with one thing put in, taken out, or spelled in another way.
fn disturbed(random: &mut Random, place: &str) -> String {
    let mut characters: Vec<char> = place.chars().collect();
    let at = random.below(characters.len() + 1);
    match random.below(5) {
        0 if at < characters.len() => drop(characters.remove(at)),
        1 if at < characters.len() => {
            let other = if characters[at].is_lowercase() {
                characters[at].to_ascii_uppercase()
            } else {
                characters[at].to_ascii_lowercase()
            };
            characters[at] = other;
        }
        2 if at < characters.len() && characters[at].is_ascii() => {
            let escape = format!("%{:02x}", u32::from(characters[at]));
            characters.splice(at..=at, escape.chars());
        }
        _ => drop(characters.splice(at..at, random.one(&DISTURBANCES).chars())),
    }
    characters.into_iter().collect()
}

/// Xorshift: the same numbers in every run and on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

//! A plugin with rows of its own, and endpoints of every form.

use better_auth::AuthError;
use better_auth::BetterAuth;
use better_auth::Config;
use better_auth::ErrorCode;
use better_auth::Peer;
use better_auth::Plugin;
use better_auth::database::Statement;
use better_auth::database::Timestamp;
use better_auth::http::Body;
use better_auth::http::Context;
use better_auth::http::Endpoint;
use better_auth::http::Form;
use better_auth::http::Member;
use better_auth::http::Reply;
use better_auth::http::hooks::After;
use better_auth::http::hooks::Paths;
use better_auth::instance::Hooks;
use better_auth::record;
use better_auth::rows;
use better_auth::rows::Bind;
use better_auth::rows::Binder;
use better_auth::rows::Catalog;
use better_auth::rows::Delete;
use better_auth::rows::Direction;
use better_auth::rows::Insert;
use better_auth::rows::Page;
use better_auth::rows::Query;
use better_auth::rows::Select;
use better_auth::rows::Shape;
use better_auth::rows::Stored;
use better_auth::rows::Swap;
use better_auth::rows::Update;
use better_auth::schema::Column;
use better_auth::schema::Fill;
use better_auth::schema::Kind;
use better_auth::schema::Table;
use bytes::Bytes;
use http::Request;
use http::Response;
use serde_json::Value;
use serde_json::json;

use crate::harness::Postgres;

const FULL: &ErrorCode = &ErrorCode::new("NOTES_FULL", 500, "There is no room for notes");

#[derive(Debug, PartialEq)]
struct Note {
    id: String,
    shelf: String,
    text: Option<String>,
    written_at: Timestamp,
}

record!(Note in "note" { id: "id", shelf: "shelf", text: "text", written_at: "writtenAt" });

struct Sql {
    find: Query<Note>,
    insert: Insert<Note>,
    update: Update<Note>,
    take: Query<Note>,
    swap: Swap<Note>,
    of_shelf: Delete,
    table: Table,
    shape: Shape<Note>,
    count: Statement,
    delete_old: Statement,
}

impl Bind for Sql {
    const MODEL: &'static str = "note";

    fn bind(binder: &mut Binder<'_>) -> Self {
        Self {
            find: binder.find(&["shelf", "id"]),
            insert: binder.insert(),
            update: binder.update(&["text", "writtenAt"], "id"),
            take: binder.take(&["id"]),
            swap: binder.swap(&["text"], "id", &["text", "shelf"]),
            of_shelf: binder.delete(&["shelf"]),
            table: binder.table().clone(),
            shape: binder.shape(),
            count: binder.statement("SELECT COUNT(*) FROM {@}"),
            delete_old: binder.statement("DELETE FROM {@} WHERE {writtenAt} < $1"),
        }
    }
}

/// `is_full` says that it cannot work.
struct Notes {
    is_full: bool,
}

impl Plugin for Notes {
    fn id(&self) -> &'static str {
        "notes"
    }

    fn tables(&self) -> Vec<Table> {
        // The database has other names than the program.
        let columns = vec![
            Column::new("id", Kind::Text, Fill::Nothing),
            Column::new("shelf", Kind::Text, Fill::Nothing).named("shelf_name"),
            Column::nullable("text", Kind::Text),
            Column::new("writtenAt", Kind::Time, Fill::Now).named("written_at"),
        ];
        vec![Table::new("note", columns).named("notes_of_people")]
    }

    fn bind(&self, catalog: &mut Catalog) {
        catalog.add::<Sql>();
    }

    fn endpoints(&self) -> Vec<Endpoint> {
        const TEXT: Body = Body::object(&[Member::required("text", Form::Text)]);
        vec![
            Endpoint::put("/shelf/:shelf/note/:id", put).summary("Write a note").body(TEXT),
            Endpoint::post("/shelf/raw", raw)
                .summary("Count bytes")
                .body(Body::Bytes(&["application/octet-stream"])),
            Endpoint::get("/.well-known/notes", count).summary("Count notes").at_root().public(),
        ]
    }

    fn after(&self) -> Vec<After> {
        vec![After {
            paths: Paths::Below(&["/shelf/"]),
            run: |_, reply| {
                reply.map_json(|mut answer| {
                    answer["seen"] = json!(true);
                    answer
                })
            },
        }]
    }

    fn hooks(&self) -> Hooks {
        Hooks {
            check: Some(|instance| match instance.plugin::<Self>() {
                Some(Self { is_full: true }) => Err(FULL.into()),
                _ => Ok(()),
            }),
            clean_up: Some(|tx, _| {
                let day = std::time::Duration::from_secs(24 * 60 * 60);
                let before = tx.now().before(day);
                Ok(tx.execute(&tx.statements::<Sql>()?.delete_old, &[before.into()])?)
            }),
            ..Hooks::default()
        }
    }
}

fn put(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let (shelf, id) = (cx.parameter("shelf").to_owned(), cx.parameter("id").to_owned());
    let text = cx.input.text("text").map(str::to_owned);
    let is_new = cx.instance().database().write(|tx| {
        let sql = tx.statements::<Sql>()?;
        let note =
            Note { id: id.clone(), shelf: shelf.clone(), text: text.clone(), written_at: tx.now() };
        let known = sql.find.one(tx, &[(&shelf).into(), (&id).into()])?;
        match known {
            Some(_) => assert!(sql.update.run(tx, &note)?),
            None => drop(sql.insert.run(tx, &note)?),
        }
        Ok::<_, AuthError>(known.is_none())
    })?;
    Reply::json(&json!({ "new": is_new }))
}

fn raw(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    Reply::json(&json!({ "bytes": cx.bytes().len() }))
}

fn count(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let count = cx.instance().database().read(|tx| {
        let sql = tx.statements::<Sql>()?;
        rows::count(tx, &sql.count, &[])
    })?;
    Reply::json(&json!({ "notes": count }))
}

fn auth(folder: &tempfile::TempDir, is_full: bool) -> BetterAuth {
    on(format!("sqlite:{}", folder.path().join("a.db").display()), is_full)
}

fn on(url: String, is_full: bool) -> BetterAuth {
    let mut config = Config::default();
    config.base_url = Some("http://localhost:3000".into());
    config.database.url = url.into();
    BetterAuth::builder(config).plugin(Notes { is_full }).build().unwrap()
}

fn send(
    auth: &BetterAuth,
    (method, path): (&str, &str),
    media_type: &str,
    body: &str,
) -> Response<Bytes> {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "localhost:3000")
        .header("origin", "https://elsewhere.example")
        .header("content-type", media_type)
        .header("access-control-request-method", "GET")
        .body(Bytes::from(body.to_owned()))
        .unwrap();
    auth.handle(request, Peer::unknown())
}

fn json(response: &Response<Bytes>) -> (u16, Value) {
    (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap_or_default())
}

#[test]
fn a_plugin_has_rows_of_its_own_and_endpoints_of_every_form() {
    let folder = tempfile::tempdir().unwrap();
    let auth = auth(&folder, false);
    auth.migrate().unwrap();
    let note = ("PUT", "/api/auth/shelf/one/note/a");
    for (text, is_new) in [("hello", true), ("again", false)] {
        let answer = send(&auth, note, "application/json", &json!({ "text": text }).to_string());
        assert_eq!(json(&answer), (200, json!({"new": is_new, "seen": true})));
    }
    assert_eq!(send(&auth, note, "application/json", "{}").status(), 400);
    assert_eq!(send(&auth, ("POST", note.1), "application/json", "{}").status(), 404);

    let raw = ("POST", "/api/auth/shelf/raw");
    let answer = send(&auth, raw, "application/octet-stream", "\u{0}\u{1}x");
    assert_eq!(json(&answer), (200, json!({"bytes": 3, "seen": true})));
    assert_eq!(send(&auth, raw, "text/plain", "x").status(), 415);

    let taken = auth.database().write(|tx| {
        let sql = tx.statements::<Sql>()?;
        Ok::<_, AuthError>((sql.take.one(tx, &["a".into()])?, sql.take.one(tx, &["a".into()])?))
    });
    let (first, second) = taken.unwrap();
    assert_eq!(first.and_then(|note| note.text).as_deref(), Some("again"));
    assert_eq!(second, None);
}

#[test]
fn what_is_at_the_root_and_public_is_read_by_pages_of_every_origin() {
    let folder = tempfile::tempdir().unwrap();
    let auth = auth(&folder, false);
    auth.migrate().unwrap();
    let allowed = |response: &Response<Bytes>, name: &str| {
        response.headers().get(name).map(|value| value.to_str().unwrap().to_owned())
    };
    for path in ["/.well-known/notes", "/.well-known/../.well-known/notes"] {
        let answer = send(&auth, ("GET", path), "", "");
        assert_eq!(json(&answer), (200, json!({"notes": 0})), "{path}");
        assert_eq!(allowed(&answer, "access-control-allow-origin").as_deref(), Some("*"));
        assert_eq!(allowed(&answer, "access-control-allow-credentials"), None);
    }
    assert_eq!(send(&auth, ("OPTIONS", "/.well-known/notes"), "", "").status(), 204);
    for path in ["/api/auth/.well-known/notes", "/.well-known/others", "/ok"] {
        assert_eq!(send(&auth, ("GET", path), "", "").status(), 404, "{path}");
    }
    let own = send(&auth, ("GET", "/api/auth/ok"), "", "");
    assert_eq!((own.status().as_u16(), allowed(&own, "access-control-allow-origin")), (200, None));
    assert_eq!(send(&auth, ("OPTIONS", "/api/auth/ok"), "", "").status(), 404);
}

#[test]
fn what_a_plugin_checks_keeps_a_server_from_starting_and_what_is_over_is_cleaned_up() {
    let folder = tempfile::tempdir().unwrap();
    let full = auth(&folder, true);
    full.migrate().unwrap();
    assert!(full.prepare().unwrap_err().is(FULL));
    let auth = auth(&folder, false);
    auth.prepare().unwrap();
    let write = |id: &str, written_at: Timestamp| {
        let note = Note { id: id.to_owned(), shelf: String::new(), text: None, written_at };
        auth.database().write(|tx| tx.statements::<Sql>()?.insert.run(tx, &note)).unwrap();
    };
    write("old", Timestamp::from_millis(0));
    write("new", auth.database().clock().now());
    auth.clean_up().unwrap();
    let left = send(&auth, ("GET", "/.well-known/notes"), "", "");
    assert_eq!(json(&left).1, json!({"notes": 1}));
}

/// Two notes at a time, in the order of their texts, each page after the last note of the one before.
fn walk(auth: &BetterAuth, direction: Direction) -> Vec<String> {
    let mut last: Option<Note> = None;
    let mut ids = Vec::new();
    loop {
        let page = auth.database().read(|tx| {
            let sql = tx.statements::<Sql>()?;
            let mut select = Select::of(&sql.table).sorted("text", direction);
            if let Some(Note { id, text: Some(text), .. }) = &last {
                select = select.after(("text", Stored::Text(text.clone())), id, direction);
            }
            let page = Some(Page { limit: 2, offset: 0 });
            let text = select.list(sql.shape.columns());
            tx.list(&text, &select.params(page), |row| sql.shape.read(row, 0))
        });
        let page: Vec<Note> = page.unwrap();
        ids.extend(page.iter().map(|note| note.id.clone()));
        last = page.into_iter().last();
        if last.is_none() {
            return ids;
        }
    }
}

fn rows_of_every_form(auth: &BetterAuth) {
    auth.migrate().unwrap();
    let now = auth.database().clock().now();
    let note = |id: usize, text: &str| Note {
        id: format!("{id:05}"),
        shelf: if id.is_multiple_of(2) { "even" } else { "odd" }.to_owned(),
        text: Some(text.to_owned()),
        written_at: now,
    };
    // More than one statement may have parameters for.
    let many: Vec<Note> = (0..9_000).map(|id| note(id, "x")).collect();
    let written = auth.database().write(|tx| tx.statements::<Sql>()?.insert.many(tx, &many));
    written.unwrap();
    let counts = auth.database().write(|tx| {
        let sql = tx.statements::<Sql>()?;
        sql.insert.many(tx, &[])?;
        let before = rows::count(tx, &sql.count, &[])?;
        let deleted = sql.of_shelf.run(tx, &["odd".into()])?;
        Ok::<_, AuthError>((before, deleted, sql.find.one(tx, &["even".into(), "00002".into()])?))
    });
    let (before, deleted, found) = counts.unwrap();
    assert_eq!((before, deleted), (9_000, 4_500));
    let was = found.unwrap();

    let swapped = auth.database().write(|tx| {
        let swap = &tx.statements::<Sql>()?.swap;
        let none = Note { text: None, ..note(2, "") };
        let again = (swap.run(tx, &was, &none)?, swap.run(tx, &was, &note(2, "late"))?);
        Ok::<_, AuthError>((again, swap.run(tx, &none, &note(2, "y"))?))
    });
    assert_eq!(swapped.unwrap(), ((true, false), true));

    auth.database().write(|tx| tx.statements::<Sql>()?.of_shelf.run(tx, &["even".into()])).unwrap();
    let few = [note(1, "b"), note(2, "a"), note(3, "b"), note(4, "c"), note(5, "b")];
    auth.database().write(|tx| tx.statements::<Sql>()?.insert.many(tx, &few)).unwrap();
    let mut order = ["00002", "00001", "00003", "00005", "00004"];
    assert_eq!(walk(auth, Direction::Ascending), order);
    order.reverse();
    assert_eq!(walk(auth, Direction::Descending), order);
}

#[test]
fn rows_are_written_many_at_once_swapped_and_walked_on_every_database() {
    let folder = tempfile::tempdir().unwrap();
    rows_of_every_form(&auth(&folder, false));
    if let Some(postgres) = Postgres::database() {
        rows_of_every_form(&on(postgres.url(), false));
    }
}

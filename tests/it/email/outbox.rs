//! What waits in the outbox outlives the server.

use std::net::SocketAddr;
use std::net::TcpListener;
use std::thread;

use serde_json::json;

use crate::harness::Folder;
use crate::harness::SmtpServer;
use crate::harness::server::Server;
use crate::harness::smtp;
use crate::harness::until;

const SIGN_UPS: usize = 1000;
const THREADS: usize = 8;

fn configure(folder: &Folder, port: u16) {
    let config = json!({
        "baseURL": "http://localhost:3000",
        "secret": "a secret of at least thirty-two characters",
        "emailAndPassword": { "requireEmailVerification": true },
        "email": {
            "transport": "smtp",
            "from": "Example <no-reply@example.com>",
            "smtp": {
                "host": "localhost",
                "port": port,
                "username": smtp::USERNAME,
                "password": smtp::PASSWORD,
                "caFile": smtp::authority(),
                // Longer than a busy machine takes to answer: a message whose answer is not waited for comes again.
                "timeout": 60,
            },
        },
    });
    folder.configure(&config);
}

fn sign_up(server: &Server, number: usize) {
    let email = format!("user{number}@example.com");
    let body = json!({"name": "Ada", "email": email, "password": "correct horse battery"});
    assert_eq!(server.post("/sign-up/email", &body).status(), 200, "{email}");
}

/// How many messages stand like this, as the command line says it.
fn messages(folder: &Folder, status: &str) -> usize {
    let words = ["mail", "list", "--status", status, "--limit", "10000", "--json"];
    folder.run(&words).succeeded().json()["messages"].as_array().unwrap().len()
}

/// An address that is free and stays so: systems give ports above 32767 to those who ask for any.
fn reserved_address() -> SocketAddr {
    let mut ports = 20_000..32_000;
    let free = ports.find_map(|port| TcpListener::bind(("127.0.0.1", port)).ok());
    free.unwrap().local_addr().unwrap()
}

/// A thousand people sign up while the mail server is down; the server is killed and started again;
/// when the mail server is back, every one of them gets their message, and gets it once.
#[test]
fn every_message_arrives_exactly_once_whatever_dies() {
    let address = reserved_address();
    let folder = Folder::new();
    configure(&folder, address.port());
    let mut server = Server::start(&folder, &[]);
    thread::scope(|scope| {
        for first in 0..THREADS {
            let server = &server;
            scope.spawn(move || {
                (first..SIGN_UPS).step_by(THREADS).for_each(|number| sign_up(server, number));
            });
        }
    });
    server.signal("KILL");
    server.wait();
    assert_eq!(messages(&folder, "pending"), SIGN_UPS);

    let mail = SmtpServer::start_at(TcpListener::bind(address).unwrap());
    let mut server = Server::start(&folder, &[]);
    // Killed once more while messages are on their way.
    until("messages are on their way", || SIGN_UPS / 4 < mail.received().len());
    server.signal("TERM");
    assert!(server.wait().success());
    let _server = Server::start(&folder, &[]);
    until("everything is sent", || {
        mail.counts().len() == SIGN_UPS && messages(&folder, "pending") == 0
    });
    let counts = mail.counts();
    assert!(counts.values().all(|count| *count == 1), "{counts:?}");
    assert_eq!(messages(&folder, "sent"), SIGN_UPS);
}

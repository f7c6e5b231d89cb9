//! A way to a Redis on which one command can be held, so that another server comes in between.

use std::io::Read as _;
use std::io::Write as _;
use std::net::TcpListener;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::mpsc;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::Sender;
use std::thread;

use super::Redis;
use super::patience::PATIENCE;

/// What is asked before it is let through; the first command that is meant waits, once.
type Meant = Box<dyn Fn(&str) -> bool + Send>;

struct Trap {
    is_meant: Meant,
    held: Sender<()>,
    released: Receiver<()>,
}

/// Where a server finds the Redis.
pub(crate) struct Gate {
    port: u16,
    trap: Arc<Mutex<Option<Trap>>>,
}

/// A command that waits; it goes on when this is dropped.
pub(crate) struct Held {
    held: Receiver<()>,
    _release: Sender<()>,
}

impl Gate {
    pub(crate) fn before(redis: &Redis) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (port, redis) = (listener.local_addr().unwrap().port(), redis.port());
        let trap = Arc::new(Mutex::new(None));
        let shared = Arc::clone(&trap);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let server = TcpStream::connect(("127.0.0.1", redis)).unwrap();
                let (mut answers, mut back) =
                    (server.try_clone().unwrap(), client.try_clone().unwrap());
                thread::spawn(move || std::io::copy(&mut answers, &mut back));
                let trap = Arc::clone(&shared);
                thread::spawn(move || pass(client, server, &trap));
            }
        });
        Self { port, trap }
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Holds the next command that is meant.
    pub(crate) fn hold(&self, is_meant: impl Fn(&str) -> bool + Send + 'static) -> Held {
        let ((held, is_held), (release, released)) = (mpsc::channel(), mpsc::channel());
        *self.trap.lock().unwrap() = Some(Trap { is_meant: Box::new(is_meant), held, released });
        Held { held: is_held, _release: release }
    }
}

impl Held {
    /// Waits until the command is there.
    pub(crate) fn is_there(&self) {
        self.held.recv_timeout(PATIENCE).unwrap();
    }
}

fn pass(mut client: TcpStream, mut server: TcpStream, trap: &Mutex<Option<Trap>>) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(length) = client.read(&mut buffer)
        && length != 0
    {
        let command = String::from_utf8_lossy(&buffer[..length]);
        let sprung = trap.lock().unwrap().take_if(|trap| (trap.is_meant)(&command));
        if let Some(Trap { held, released, .. }) = sprung {
            held.send(()).unwrap();
            // Ends when the other end is dropped.
            released.recv().unwrap_err();
        }
        if server.write_all(&buffer[..length]).is_err() {
            return;
        }
    }
}

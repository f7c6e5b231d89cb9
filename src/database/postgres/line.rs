//! The way to the server. The driver is asynchronous, and nobody runs it but the thread that waits for an answer: it
//! writes the question and reads the answer itself, so that no other thread has to be woken for either.

use std::io;
use std::io::Read as _;
use std::io::Write as _;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::task::Context;
use std::task::Poll;
use std::task::Wake;
use std::task::Waker;
use std::time::Duration;
use std::time::Instant;

use socket2::Socket;
use tokio::io::AsyncRead;
use tokio::io::AsyncWrite;
use tokio::io::ReadBuf;

/// By how much a read may miss its deadline, so that the socket need not be told of each one.
const SLACK: Duration = Duration::from_secs(1);

/// What carries questions and answers once a connection is made; it ends when the connection does.
pub(super) type Driver = Pin<Box<dyn Future<Output = Result<(), tokio_postgres::Error>> + Send>>;

/// A socket, and the driver that speaks through it.
pub(super) struct Line {
    wire: Arc<Wire>,
    driver: Option<Driver>,
    news: Arc<Pending>,
    /// How long the socket lets a read wait at present; nothing is as long as it takes.
    patience: Option<Duration>,
}

struct Wire {
    socket: Socket,
    /// Whether the next read may wait for something to come. It is for one read.
    may_wait: AtomicBool,
}

/// Whether question or answer has something for the other.
#[derive(Default)]
struct Pending(AtomicBool);

impl Pending {
    fn take(&self) -> bool {
        self.0.swap(false, Ordering::Relaxed)
    }
}

impl Wake for Pending {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Line {
    /// Over a socket that blocks; writing to it takes so long at most.
    pub(super) fn new(socket: Socket, limit: Duration) -> io::Result<Self> {
        socket.set_write_timeout(Some(limit))?;
        socket.set_read_timeout(Some(limit))?;
        let wire = Arc::new(Wire { socket, may_wait: AtomicBool::new(false) });
        Ok(Self { wire, driver: None, news: Arc::default(), patience: Some(limit) })
    }

    /// The end that the driver holds.
    pub(super) fn end(&self) -> DriverIo {
        DriverIo(Arc::clone(&self.wire))
    }

    /// From now on this driver speaks.
    pub(super) fn carry(&mut self, driver: Driver) {
        self.driver = Some(driver);
    }

    /// Blocks until the future is ready, on whatever thread this is, one of somebody else's runtime included; `None`
    /// when it is not in time. Without a limit it waits as long as it takes.
    pub(super) fn wait<F: Future>(
        &mut self,
        future: F,
        limit: Option<Duration>,
    ) -> Option<F::Output> {
        let mut future = pin!(future);
        let waker = Waker::from(Arc::clone(&self.news));
        let mut context = Context::from_waker(&waker);
        let until = limit.and_then(|limit| Instant::now().checked_add(limit));
        loop {
            if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
                return Some(output);
            }
            // What it asks for is sent before anybody waits, and what is here already is taken.
            self.wire.may_wait.store(false, Ordering::Relaxed);
            self.news.take();
            self.drive(&mut context);
            if self.news.take() {
                continue;
            }
            let left = until.map(|until| until.saturating_duration_since(Instant::now()));
            if left == Some(Duration::ZERO) {
                return None;
            }
            self.allow(left);
            self.drive(&mut context);
        }
    }

    fn drive(&mut self, context: &mut Context<'_>) {
        if let Some(driver) = &mut self.driver
            && let Poll::Ready(end) = driver.as_mut().poll(context)
        {
            if let Err(error) = end {
                tracing::debug!(%error, "connection to the database ended");
            }
            // Whoever waits for an answer hears of it when this goes.
            self.driver = None;
        }
    }

    /// The next read may wait so long.
    fn allow(&mut self, left: Option<Duration>) {
        let is_set = match (self.patience, left) {
            (Some(patience), Some(left)) => patience.abs_diff(left) < SLACK.min(left / 2),
            (patience, left) => patience == left,
        };
        // A socket that cannot be told is one that cannot be read.
        if !is_set && self.wire.socket.set_read_timeout(left).is_ok() {
            self.patience = left;
        }
        self.wire.may_wait.store(true, Ordering::Relaxed);
    }

    /// Whether nothing has come that nobody asked for, such as the end of the connection.
    pub(super) fn is_silent(&self) -> bool {
        let socket = &self.wire.socket;
        let looked =
            socket.set_nonblocking(true).and_then(|()| socket.peek(&mut [MaybeUninit::uninit()]));
        let is_silent = looked.is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock);
        socket.set_nonblocking(false).is_ok() && is_silent
    }
}

/// What the driver reads from and writes to.
pub(super) struct DriverIo(Arc<Wire>);

impl AsyncRead for DriverIo {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.0.may_wait.swap(false, Ordering::Relaxed) {
            return Poll::Pending;
        }
        match again(|| (&self.0.socket).read(buffer.initialize_unfilled())) {
            Ok(read) => {
                buffer.advance(read);
                Poll::Ready(Ok(()))
            }
            // Nothing came in time; whoever waits knows how late it is.
            Err(error) if is_late(&error) => Poll::Pending,
            Err(error) => Poll::Ready(Err(error)),
        }
    }
}

impl AsyncWrite for DriverIo {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = again(|| (&self.0.socket).write(bytes));
        // As "not now" it would be tried again without end.
        let timed_out = || io::ErrorKind::TimedOut.into();
        Poll::Ready(written.map_err(|error| if is_late(&error) { timed_out() } else { error }))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.0.socket.shutdown(std::net::Shutdown::Write))
    }
}

/// Once more where a signal came in between.
fn again(mut call: impl FnMut() -> io::Result<usize>) -> io::Result<usize> {
    loop {
        match call() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

fn is_late(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::future::ready;

    use socket2::Domain;
    use socket2::Type;
    use tokio::io::AsyncReadExt as _;
    use tokio::io::AsyncWriteExt as _;
    use tokio::sync::mpsc;

    use super::*;

    fn line() -> (Line, Socket) {
        let (ours, theirs) = Socket::pair(Domain::UNIX, Type::STREAM, None).unwrap();
        (Line::new(ours, Duration::from_secs(30)).unwrap(), theirs)
    }

    #[test]
    fn what_is_ready_is_answered_and_what_never_comes_is_given_up() {
        let (mut line, _theirs) = line();
        assert_eq!(line.wait(ready(1), Some(Duration::ZERO)), Some(1));
        assert_eq!(line.wait(pending::<()>(), Some(Duration::from_millis(1))), None);
        let mut end = line.end();
        assert!(line.wait(end.read_u8(), Some(Duration::from_millis(1))).is_none());
    }

    #[test]
    fn a_question_is_sent_before_anybody_waits_for_its_answer() {
        let (mut line, theirs) = line();
        let mut end = line.end();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let mut question = [0];
                (&theirs).read_exact(&mut question).unwrap();
                (&theirs).write_all(&[question[0] + 1]).unwrap();
            });
            let ask = async {
                end.write_u8(1).await?;
                end.read_u8().await
            };
            assert_eq!(line.wait(ask, None).unwrap().unwrap(), 2);
        });
    }

    #[test]
    fn what_came_together_is_taken_before_the_next_read_waits() {
        let (mut line, theirs) = line();
        (&theirs).write_all(&[1, 2, 3, 4]).unwrap();
        let (send, mut receive) = mpsc::channel(1);
        let mut end = line.end();
        line.carry(Box::pin(async move {
            let mut all = [0; 4];
            let read = end.read(&mut all).await.unwrap_or_default();
            for one in all.into_iter().take(read) {
                send.send(one).await.unwrap();
            }
            pending().await
        }));
        for expected in 1..=4 {
            assert_eq!(line.wait(receive.recv(), None), Some(Some(expected)));
        }
    }

    #[test]
    fn whoever_waits_hears_that_the_driver_has_ended() {
        let (mut line, theirs) = line();
        let (send, mut receive) = mpsc::channel::<()>(1);
        let mut end = line.end();
        line.carry(Box::pin(async move {
            let _held = send;
            drop(end.read_u8().await);
            Ok(())
        }));
        drop(theirs);
        assert_eq!(line.wait(receive.recv(), None), Some(None));
    }

    #[test]
    fn what_came_unasked_is_noticed() {
        let (line, theirs) = line();
        assert!(line.is_silent());
        (&theirs).write_all(b"!").unwrap();
        assert!(!line.is_silent());
        let (line, theirs) = self::line();
        drop(theirs);
        assert!(!line.is_silent());
    }
}

//! The connection to the server. The driver is asynchronous, and the thread that waits for a response runs it: it
//! writes the request and reads the response itself, so that no other thread has to be woken.

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

/// How much a read may exceed its deadline, so that the socket timeout is not set for each read.
const SLACK: Duration = Duration::from_secs(1);

/// The driver of a connection; completes when the connection ends.
pub(super) type Driver = Pin<Box<dyn Future<Output = Result<(), tokio_postgres::Error>> + Send>>;

/// A socket and the driver that uses it.
pub(super) struct Line {
    wire: Arc<Wire>,
    driver: Option<Driver>,
    news: Arc<Pending>,
    /// The current read timeout of the socket; `None` waits without limit.
    patience: Option<Duration>,
}

struct Wire {
    socket: Socket,
    /// Whether the next read may block. Valid for one read.
    may_wait: AtomicBool,
}

/// Whether the request or the driver has been woken.
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
    /// Over a blocking socket, with this write timeout.
    pub(super) fn new(socket: Socket, limit: Duration) -> io::Result<Self> {
        socket.set_write_timeout(Some(limit))?;
        socket.set_read_timeout(Some(limit))?;
        let wire = Arc::new(Wire { socket, may_wait: AtomicBool::new(false) });
        Ok(Self { wire, driver: None, news: Arc::default(), patience: Some(limit) })
    }

    /// The driver's end.
    pub(super) fn end(&self) -> DriverIo {
        DriverIo(Arc::clone(&self.wire))
    }

    /// Sets the driver of the connection.
    pub(super) fn carry(&mut self, driver: Driver) {
        self.driver = Some(driver);
    }

    /// Blocks until the future is ready, on any thread, even one of another runtime; `None` after a timeout. Waits
    /// indefinitely without a limit.
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
            // First everything is sent and what has arrived is read, without blocking.
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
            // Dropping the driver wakes the waiting request.
            self.driver = None;
        }
    }

    /// Sets how long the next read may block.
    fn allow(&mut self, left: Option<Duration>) {
        let is_set = match (self.patience, left) {
            (Some(patience), Some(left)) => patience.abs_diff(left) < SLACK.min(left / 2),
            (patience, left) => patience == left,
        };
        // If the timeout cannot be set, reading fails as well.
        if !is_set && self.wire.socket.set_read_timeout(left).is_ok() {
            self.patience = left;
        }
        self.wire.may_wait.store(true, Ordering::Relaxed);
    }

    /// Whether nothing has arrived unexpectedly, such as the end of the connection.
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
            // Nothing arrived in time; the waiting thread checks its deadline.
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
        // `WouldBlock` would be retried endlessly.
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

/// Retries after a signal.
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
    fn a_waiting_request_fails_when_the_driver_ends() {
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

//! A socket with deadlines that replaces hyper's own error responses.
//!
//! hyper answers an unreadable head with a status and no body, and does not answer a head that
//! arrives too slowly. Both are handled here, where bytes pass.

use std::io;
use std::io::IoSlice;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;
use std::task::ready;
use std::time::Duration;
use std::time::Instant;

use bytes::Buf as _;
use bytes::Bytes;
use tokio::io::AsyncRead;
use tokio::io::AsyncWrite;
use tokio::io::ReadBuf;
use tokio::net::TcpStream;
use tokio::time::Sleep;
use tokio::time::sleep_until;

use crate::error::ErrorCode;
use crate::error::codes;
use crate::server::connections::Connection;
use crate::server::connections::Phase;
use crate::server::front::Service;

/// hyper's own responses are shorter; ours, with their headers, are longer.
const OWN_ANSWER_BYTES_MAX: usize = 256;
/// Lets a rejected client read the response: closing a socket while bytes arrive resets it, and the
/// response is lost.
const LINGER: Duration = Duration::from_secs(1);
/// Maximum bytes that are discarded meanwhile.
const LINGER_BYTES_MAX: usize = 256 * 1024;

/// The socket of a connection.
pub(super) struct Wire {
    stream: TcpStream,
    connection: Arc<Connection>,
    front: Arc<Service>,
    timer: Pin<Box<Sleep>>,
    /// The response in place of hyper's own.
    instead: Bytes,
    lingering: Option<Lingering>,
}

struct Lingering {
    until: Instant,
    bytes: usize,
}

impl Wire {
    pub(super) fn new(stream: TcpStream, connection: Arc<Connection>, front: Arc<Service>) -> Self {
        let timer = Box::pin(sleep_until((Instant::now() + front.limits.header_time).into()));
        Self { stream, connection, front, timer, instead: Bytes::new(), lingering: None }
    }

    /// Rejects the connection.
    pub(super) async fn turn_away(mut self, code: &'static ErrorCode) -> io::Result<()> {
        self.instead = self.front.whole_refusal(code);
        self.connection.refuse();
        std::future::poll_fn(|cx| Pin::new(&mut self).poll_shutdown(cx)).await
    }

    /// The deadline of the current phase.
    fn deadline(&self) -> Option<Instant> {
        let (phase, since) = self.connection.phase();
        match phase {
            Phase::Fresh | Phase::Head => Some(since + self.front.limits.header_time),
            Phase::Idle => Some(since + self.front.limits.idle_time),
            // A request in progress has its own deadlines.
            Phase::Busy | Phase::Closing => None,
        }
    }

    /// Whether the deadline has passed; if not, the task is woken at the deadline.
    fn is_overdue(&mut self, cx: &mut Context<'_>) -> bool {
        while let Some(deadline) = self.deadline() {
            if deadline <= Instant::now() {
                return true;
            }
            // A timer that fires early is cheaper than moving it at every request.
            if deadline < self.timer.deadline().into_std() || self.timer.is_elapsed() {
                self.timer.as_mut().reset(deadline.into());
            }
            if self.timer.as_mut().poll(cx).is_pending() {
                return false;
            }
        }
        false
    }

    /// Responds to a client that has started a request; closes an idle connection.
    fn time_out(&mut self, cx: &mut Context<'_>) {
        if self.connection.phase().0 == Phase::Head {
            let answer = self.front.whole_refusal(codes::REQUEST_TIMEOUT);
            // If even this does not fit into the socket, the client is not reading.
            drop(Pin::new(&mut self.stream).poll_write(cx, &answer));
        } else {
            self.front.metrics.connections_idle.add();
        }
    }

    /// Whether hyper is about to send its own response; returns the replacement.
    fn instead_of(&self, answer: &[u8]) -> Option<Bytes> {
        if OWN_ANSWER_BYTES_MAX <= answer.len() || !answer.starts_with(b"HTTP/1.1 4") {
            return None;
        }
        let marker = b"x-request-id";
        if answer.windows(marker.len()).any(|part| part == marker) {
            return None;
        }
        self.connection.refuse();
        Some(self.front.whole_refusal(match answer.get(9..12) {
            Some(b"414") => codes::URI_TOO_LONG,
            Some(b"431") => codes::REQUEST_HEADER_FIELDS_TOO_LARGE,
            _ => codes::BAD_REQUEST,
        }))
    }

    fn poll_instead(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.instead.has_remaining() {
            let sent = ready!(Pin::new(&mut self.stream).poll_write(cx, &self.instead))?;
            if sent == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.instead.advance(sent);
        }
        Poll::Ready(Ok(()))
    }

    /// A client that does not read its responses has the same time limit as an idle one.
    fn unless_overdue<T>(
        &mut self,
        cx: &mut Context<'_>,
        sent: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if sent.is_pending() && self.is_overdue(cx) {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        sent
    }

    /// Discards input until the client has read the response and closes.
    fn poll_linger(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let lingering = self.lingering.get_or_insert_with(|| {
            let until = Instant::now() + LINGER;
            self.timer.as_mut().reset(until.into());
            Lingering { until, bytes: 0 }
        });
        let mut space = [0; 4096];
        while lingering.bytes < LINGER_BYTES_MAX && Instant::now() < lingering.until {
            let mut part = ReadBuf::new(&mut space);
            match Pin::new(&mut self.stream).poll_read(cx, &mut part) {
                Poll::Ready(Ok(())) if !part.filled().is_empty() => {
                    lingering.bytes += part.filled().len();
                }
                Poll::Ready(_) => break,
                Poll::Pending => return self.timer.as_mut().poll(cx),
            }
        }
        Poll::Ready(())
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let wire = self.get_mut();
        let before = buf.filled().len();
        match Pin::new(&mut wire.stream).poll_read(cx, buf) {
            Poll::Pending if wire.is_overdue(cx) => {
                wire.time_out(cx);
                Poll::Ready(Ok(()))
            }
            Poll::Ready(Ok(())) if before < buf.filled().len() && !wire.connection.receives() => {
                // Bytes that arrived after closing are ignored.
                buf.set_filled(before);
                Poll::Ready(Ok(()))
            }
            other => other,
        }
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let wire = self.get_mut();
        ready!(wire.poll_instead(cx))?;
        if let [answer] = parts
            && let Some(instead) = wire.instead_of(answer)
        {
            wire.instead = instead;
            return Poll::Ready(Ok(answer.len()));
        }
        let sent = Pin::new(&mut wire.stream).poll_write_vectored(cx, parts);
        wire.unless_overdue(cx, sent)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let wire = self.get_mut();
        ready!(wire.poll_instead(cx))?;
        Pin::new(&mut wire.stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let wire = self.get_mut();
        if wire.lingering.is_none() {
            ready!(wire.poll_instead(cx))?;
            ready!(Pin::new(&mut wire.stream).poll_shutdown(cx))?;
        }
        if wire.connection.is_refused() {
            ready!(wire.poll_linger(cx));
        }
        Poll::Ready(Ok(()))
    }
}

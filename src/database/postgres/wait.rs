//! Waiting for the driver, which is asynchronous, on a thread that is not.

use std::pin::pin;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;
use std::task::Wake;
use std::task::Waker;
use std::thread;
use std::thread::Thread;
use std::time::Duration;
use std::time::Instant;

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Blocks until the future is ready, on whatever thread this is, one of somebody else's runtime included; `None`
/// when it is not in time. Without a limit it waits as long as it takes.
pub(super) fn wait<F: Future>(future: F, limit: Option<Duration>) -> Option<F::Output> {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let until = limit.and_then(|limit| Instant::now().checked_add(limit));
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return Some(output);
        }
        match until.map(|until| until.saturating_duration_since(Instant::now())) {
            Some(Duration::ZERO) => return None,
            Some(left) => thread::park_timeout(left),
            None => thread::park(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::future::ready;

    use super::*;

    #[test]
    fn what_is_ready_is_answered_and_what_never_is_is_given_up() {
        assert_eq!(wait(ready(1), Some(Duration::ZERO)), Some(1));
        assert_eq!(wait(pending::<()>(), Some(Duration::from_millis(1))), None);
    }

    #[test]
    fn another_thread_wakes_it() {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        thread::scope(|scope| {
            scope.spawn(move || sender.send(7));
            assert_eq!(wait(receiver, None), Some(Ok(7)));
        });
    }
}

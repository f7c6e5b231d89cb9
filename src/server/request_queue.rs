//! Limits how many requests run at the same time; the others wait in a [`FairQueue`].

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use tokio::sync::oneshot;
use tokio::sync::oneshot::Sender;

use crate::fair_queue::Client;
use crate::fair_queue::FairQueue;

/// A bounded queue for one kind of request: at most `running_max` run, and clients take turns.
pub(super) struct RequestQueue {
    running_max: usize,
    queue: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    running: usize,
    waiting: FairQueue<Sender<RunPermit>>,
}

/// The permit to run, passed on when dropped.
#[derive(Debug)]
pub(super) struct RunPermit(Option<Arc<RequestQueue>>);

impl RequestQueue {
    pub(super) fn new(running_max: usize) -> Self {
        Self { running_max, queue: Mutex::default() }
    }

    /// Waits for a turn. The gate limits how many may wait.
    pub(super) async fn enter(self: &Arc<Self>, client: Client) -> RunPermit {
        let waiter = {
            let mut queue = self.lock();
            if queue.running < self.running_max {
                queue.running += 1;
                return RunPermit(Some(Arc::clone(self)));
            }
            let (sender, waiter) = oneshot::channel();
            queue.waiting.push(client, sender);
            waiter
        };
        // An unused turn is passed on, so each waiter gets one eventually.
        waiter.await.unwrap_or(RunPermit(None))
    }

    /// The current number of waiting requests.
    pub(super) fn waiting(&self) -> usize {
        self.lock().waiting.len()
    }

    /// Passes the turn to the next waiter, if there is one.
    fn pass_on(self: &Arc<Self>) {
        loop {
            let mut queue = self.lock();
            let Some(next) = queue.waiting.pop() else {
                queue.running -= 1;
                return;
            };
            drop(queue);
            // A waiter that was cancelled does not take it.
            match next.send(RunPermit(Some(Arc::clone(self)))) {
                Ok(()) => return,
                Err(mut permit) => permit.0 = None,
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for RunPermit {
    fn drop(&mut self) {
        if let Some(queue) = self.0.take() {
            queue.pass_on();
        }
    }
}

impl std::fmt::Debug for RequestQueue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RequestQueue").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;
    use std::pin::pin;
    use std::task::Context;
    use std::task::Poll;
    use std::task::Waker;

    use super::*;

    fn client(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn clients_take_turns_and_their_oldest_goes_first() {
        let queue = Arc::new(RequestQueue::new(1));
        let mut context = Context::from_waker(Waker::noop());
        let Poll::Ready(mut turn) = pin!(queue.enter(Some(client(1)))).poll(&mut context) else {
            panic!("the first one waits for nobody");
        };
        let order = [1, 1, 1, 2, 3, 2];
        let mut waiting: Vec<_> = order
            .iter()
            .map(|last| {
                let mut waiter = Box::pin(queue.enter(Some(client(*last))));
                assert!(waiter.as_mut().poll(&mut context).is_pending());
                Some(waiter)
            })
            .collect();
        // The second request of client 2 is cancelled.
        waiting[5] = None;
        let mut served = Vec::new();
        while served.len() < 5 {
            drop(turn);
            let (at, next) = waiting
                .iter_mut()
                .enumerate()
                .find_map(|(at, waiter)| match waiter.as_mut()?.as_mut().poll(&mut context) {
                    Poll::Ready(turn) => Some((at, turn)),
                    Poll::Pending => None,
                })
                .unwrap();
            waiting[at] = None;
            served.push(at);
            turn = next;
        }
        assert_eq!(served, [0, 3, 4, 1, 2]);
        drop(turn);
        assert_eq!((queue.waiting(), queue.lock().running), (0, 0));
    }

    #[test]
    fn a_turn_that_nobody_took_is_passed_on() {
        let queue = Arc::new(RequestQueue::new(1));
        let mut context = Context::from_waker(Waker::noop());
        let Poll::Ready(turn) = pin!(queue.enter(None)).poll(&mut context) else {
            panic!("the first one waits for nobody");
        };
        let mut gone = Box::pin(queue.enter(Some(client(1))));
        let mut patient = Box::pin(queue.enter(Some(client(2))));
        assert!(gone.as_mut().poll(&mut context).is_pending());
        assert!(patient.as_mut().poll(&mut context).is_pending());
        drop(turn);
        // It got the turn and is dropped without having seen it.
        drop(gone);
        assert!(patient.as_mut().poll(&mut context).is_ready());
    }
}

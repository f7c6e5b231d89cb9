//! The timeout of answers, with one timer per connection: letting an old timer fire early is
//! cheaper than creating a timer for every request.

use std::future::poll_fn;
use std::pin::Pin;
use std::pin::pin;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::task::Poll;
use std::time::Duration;

use tokio::time::Instant;
use tokio::time::Sleep;
use tokio::time::sleep_until;

/// The timer of a connection, which waits for one answer at a time; `None` before the first.
#[derive(Default)]
pub(super) struct Patience(Mutex<Option<Pin<Box<Sleep>>>>);

impl Patience {
    /// Waits for the answer; `None` after the time limit.
    pub(super) async fn wait<T>(
        &self,
        limit: Duration,
        answer: impl Future<Output = T>,
    ) -> Option<T> {
        let deadline = Instant::now() + limit;
        let mut answer = pin!(answer);
        poll_fn(|cx| {
            if let Poll::Ready(answer) = answer.as_mut().poll(cx) {
                return Poll::Ready(Some(answer));
            }
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let timer = kept.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
            while Instant::now() < deadline {
                if timer.is_elapsed() || deadline < timer.deadline() {
                    timer.as_mut().reset(deadline);
                }
                if timer.as_mut().poll(cx).is_pending() {
                    return Poll::Pending;
                }
            }
            Poll::Ready(None)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::future::ready;

    use tokio::runtime::Builder;
    use tokio::task::yield_now;

    use super::*;

    #[test]
    fn every_answer_has_its_own_time_although_the_timer_is_kept() {
        let (short, long) = (Duration::from_millis(1), Duration::from_secs(3600));
        let runtime = Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let patience = Patience::default();
            assert_eq!(patience.wait(short, ready(1)).await, Some(1));
            // An early timer, then one that is too late for the next answer.
            for limit in [short, long, short, short] {
                let never = patience.wait(limit, pending::<()>());
                let soon = patience.wait(limit, yield_now());
                let came = if limit == short { never.await } else { soon.await };
                assert_eq!(came.is_none(), limit == short);
            }
        });
    }
}

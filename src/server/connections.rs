//! Open connections: limits in total and per address, and which connection is closed when they are
//! reached.
//!
//! Connections above the limit do not stay in the backlog of the system, where one client could
//! block others. For a new connection, the oldest idle connection of the address with the most
//! connections is closed; an address with more than its share also loses connections that are slow
//! to send a head. Only if none can be closed is the new connection rejected, immediately.
//! Connections with a running request are never closed.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::time::Instant;

use tokio::sync::Notify;

use crate::server::patience::Patience;

/// Maximum number of addresses that are examined for a connection to close.
const ADDRESSES_LOOKED_AT_MAX: usize = 8;

/// The phase of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// No bytes received yet.
    Fresh,
    /// A request was answered; the next may follow.
    Idle,
    /// A head is arriving.
    Head,
    /// A request is being read, is queued, or is being answered.
    Busy,
    /// The connection is being closed in favour of another.
    Closing,
}

/// A connection.
pub(super) struct Connection {
    epoch: Instant,
    /// The phase in the lowest bits, and above them its start in milliseconds after `epoch`.
    state: AtomicU64,
    /// Whether a request was refused while the client may still be sending.
    is_refused: AtomicBool,
    /// Notified when the connection must close.
    pub(super) closing: Notify,
    /// The timer for its answers.
    pub(super) patience: Patience,
}

impl Connection {
    pub(super) fn new() -> Self {
        Self {
            epoch: Instant::now(),
            state: AtomicU64::new(Phase::Fresh as u64),
            is_refused: AtomicBool::new(false),
            closing: Notify::new(),
            patience: Patience::default(),
        }
    }

    /// The phase, and when it started.
    pub(super) fn phase(&self) -> (Phase, Instant) {
        unpack(self.epoch, self.state.load(Ordering::Acquire))
    }

    /// Records received bytes; `false` if the connection is already closing.
    pub(super) fn receives(&self) -> bool {
        match self.phase().0 {
            Phase::Fresh => self.change(Phase::Fresh, Phase::Head) || self.receives(),
            Phase::Idle => self.change(Phase::Idle, Phase::Head) || self.receives(),
            Phase::Head | Phase::Busy => true,
            Phase::Closing => false,
        }
    }

    /// Records a complete head.
    pub(super) fn begins(&self) {
        self.state.store(self.pack(Phase::Busy), Ordering::Release);
    }

    /// Records that the answer is ready.
    pub(super) fn ends(&self) {
        self.state.store(self.pack(Phase::Idle), Ordering::Release);
    }

    /// Records a refusal: further input is discarded until the client has read the answer.
    pub(super) fn refuse(&self) {
        self.is_refused.store(true, Ordering::Release);
    }

    pub(super) fn is_refused(&self) -> bool {
        self.is_refused.load(Ordering::Acquire)
    }

    fn change(&self, from: Phase, to: Phase) -> bool {
        let state = self.state.load(Ordering::Acquire);
        let changed =
            |to| self.state.compare_exchange(state, to, Ordering::AcqRel, Ordering::Acquire);
        unpack(self.epoch, state).0 == from && changed(self.pack(to)).is_ok()
    }

    /// Closes the connection if it is in this phase.
    fn close(&self, phase: Phase) -> bool {
        let closes = self.change(phase, Phase::Closing);
        if closes {
            self.closing.notify_one();
        }
        closes
    }

    fn pack(&self, phase: Phase) -> u64 {
        let millis = u64::try_from(self.epoch.elapsed().as_millis()).unwrap_or(u64::MAX);
        (millis << 3) | phase as u64
    }
}

fn unpack(epoch: Instant, state: u64) -> (Phase, Instant) {
    let phase = match state & 7 {
        0 => Phase::Fresh,
        1 => Phase::Idle,
        2 => Phase::Head,
        3 => Phase::Busy,
        _ => Phase::Closing,
    };
    (phase, epoch + Duration::from_millis(state >> 3))
}

/// Why a new connection is rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Too many connections in total.
    Full,
    /// Too many connections of its address.
    Address,
}

/// All connections.
pub(super) struct Connections {
    max: usize,
    per_address_max: usize,
    all: Mutex<All>,
    emptied: Notify,
}

#[derive(Default)]
struct All {
    total: usize,
    next: u64,
    /// By address, the oldest first.
    of: HashMap<IpAddr, BTreeMap<u64, Arc<Connection>>>,
    /// The addresses, ordered by their number of connections.
    by_count: BTreeSet<(usize, IpAddr)>,
}

/// The permit of a connection, released when dropped.
pub(super) struct ConnectionPermit {
    connections: Arc<Connections>,
    address: IpAddr,
    number: u64,
    pub(super) connection: Arc<Connection>,
}

impl Connections {
    pub(super) fn new(max: usize, per_address_max: usize) -> Self {
        Self { max, per_address_max, all: Mutex::default(), emptied: Notify::new() }
    }

    /// Admits a new connection; an exempt address may use all of them.
    pub(super) fn admit(
        self: &Arc<Self>,
        address: IpAddr,
        is_exempt: bool,
    ) -> Result<ConnectionPermit, Refusal> {
        let mut all = self.lock();
        let count = all.of.get(&address).map_or(0, BTreeMap::len);
        if !is_exempt && self.per_address_max <= count {
            if !all.close(address, &[Phase::Idle]) {
                return Err(Refusal::Address);
            }
        } else if self.max <= all.total && !all.make_room(count) {
            return Err(Refusal::Full);
        }
        let connection = Arc::new(Connection::new());
        let number = all.insert(address, Arc::clone(&connection));
        drop(all);
        Ok(ConnectionPermit { connections: Arc::clone(self), address, number, connection })
    }

    /// Closes an idle connection, because the system has no file descriptor for another.
    pub(super) fn shed(&self) -> bool {
        self.lock().make_room(usize::MAX - 1)
    }

    /// The current number of connections.
    pub(super) fn count(&self) -> usize {
        self.lock().total
    }

    pub(super) fn max(&self) -> usize {
        self.max
    }

    /// Waits until there are no connections.
    pub(super) async fn empty(&self) {
        while 0 < self.count() {
            self.emptied.notified().await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, All> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl All {
    fn insert(&mut self, address: IpAddr, connection: Arc<Connection>) -> u64 {
        let number = self.next;
        self.next += 1;
        let those = self.of.entry(address).or_default();
        self.by_count.remove(&(those.len(), address));
        those.insert(number, connection);
        self.by_count.insert((those.len(), address));
        self.total += 1;
        number
    }

    fn remove(&mut self, address: IpAddr, number: u64) {
        let Some(those) = self.of.get_mut(&address) else {
            return;
        };
        let count = those.len();
        if those.remove(&number).is_none() {
            return;
        }
        self.total -= 1;
        self.by_count.remove(&(count, address));
        if those.is_empty() {
            self.of.remove(&address);
        } else {
            self.by_count.insert((count - 1, address));
        }
    }

    /// Closes the oldest connection of an address in one of these phases.
    fn close(&mut self, address: IpAddr, phases: &[Phase]) -> bool {
        let those = self.of.get(&address).into_iter().flatten();
        let closes = |connection: &Connection| phases.iter().any(|phase| connection.close(*phase));
        let closed = those.filter(|(_, one)| closes(one)).map(|(number, _)| *number).next();
        if let Some(number) = closed {
            self.remove(address, number);
        }
        closed.is_some()
    }

    /// Closes a connection in favour of an address with this many.
    fn make_room(&mut self, count: usize) -> bool {
        let most: Vec<_> =
            self.by_count.iter().rev().take(ADDRESSES_LOOKED_AT_MAX).copied().collect();
        most.into_iter().any(|(size, address)| {
            self.close(address, &[Phase::Idle])
                || (count + 1 < size && self.close(address, &[Phase::Head, Phase::Fresh]))
        })
    }
}

impl Drop for ConnectionPermit {
    fn drop(&mut self) {
        let mut all = self.connections.lock();
        all.remove(self.address, self.number);
        let is_empty = all.total == 0;
        drop(all);
        if is_empty {
            self.connections.emptied.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    fn admit(all: &Arc<Connections>, last: u8) -> Result<ConnectionPermit, Refusal> {
        all.admit(address(last), false)
    }

    fn idle(all: &Arc<Connections>, last: u8) -> ConnectionPermit {
        let place = admit(all, last).unwrap();
        place.connection.begins();
        place.connection.ends();
        place
    }

    fn phase(place: &ConnectionPermit) -> Phase {
        place.connection.phase().0
    }

    #[test]
    fn the_oldest_idle_connection_of_the_address_that_has_most_makes_room() {
        let all = Arc::new(Connections::new(4, 4));
        let other = idle(&all, 1);
        let (busy, first, second) = (idle(&all, 2), idle(&all, 2), idle(&all, 2));
        busy.connection.begins();
        let newcomer = admit(&all, 3).unwrap();
        assert_eq!((phase(&first), phase(&second)), (Phase::Closing, Phase::Idle));
        assert_eq!((phase(&busy), phase(&other)), (Phase::Busy, Phase::Idle));
        // Bytes after closing are not a request: the client sees that it was not answered.
        assert!(!first.connection.receives() && second.connection.receives());
        drop(first);
        assert_eq!(all.count(), 4);
        drop((other, busy, second, newcomer));
        assert_eq!(all.count(), 0);
    }

    #[test]
    fn slow_heads_of_one_address_make_room_for_others_and_not_for_their_own() {
        let all = Arc::new(Connections::new(3, 3));
        let slow: Vec<_> = (0..3).map(|_| admit(&all, 1).unwrap()).collect();
        assert!(slow.iter().all(|place| place.connection.receives()));
        assert_eq!(admit(&all, 1).err(), Some(Refusal::Address));
        let newcomer = admit(&all, 2).unwrap();
        assert_eq!(phase(&slow[0]), Phase::Closing);
        // Two against one is a fair share: no connection is closed.
        assert!(newcomer.connection.receives());
        assert_eq!(admit(&all, 2).err(), Some(Refusal::Full));
        // A third address has no connection yet.
        assert!(admit(&all, 3).is_ok());
        assert_eq!(phase(&slow[1]), Phase::Closing);
    }

    #[test]
    fn what_is_answered_is_never_closed() {
        let all = Arc::new(Connections::new(2, 2));
        let busy = [admit(&all, 1).unwrap(), admit(&all, 1).unwrap()];
        for place in &busy {
            place.connection.begins();
        }
        assert_eq!(admit(&all, 2).err(), Some(Refusal::Full));
        assert!(!all.shed());
        busy[1].connection.ends();
        assert!(all.shed());
        assert_eq!(busy.each_ref().map(phase), [Phase::Busy, Phase::Closing]);
    }

    #[test]
    fn an_address_has_its_share_unless_it_is_a_proxy() {
        let all = Arc::new(Connections::new(4, 2));
        let two = [admit(&all, 1).unwrap(), admit(&all, 1).unwrap()];
        assert_eq!(admit(&all, 1).err(), Some(Refusal::Address));
        assert!(all.admit(address(1), true).is_ok());
        two[0].connection.begins();
        two[0].connection.ends();
        let third = admit(&all, 1).unwrap();
        assert_eq!((phase(&two[0]), phase(&third)), (Phase::Closing, Phase::Fresh));
    }

    #[test]
    fn thousands_come_and_go_and_nothing_is_left() {
        let all = Arc::new(Connections::new(500, 100));
        let mut places = Vec::new();
        for at in 0..5000_u32 {
            let [.., low] = (at % 97).to_be_bytes();
            places.extend(admit(&all, low));
            if at % 3 == 0 && !places.is_empty() {
                places.swap_remove(at as usize % places.len());
            }
            assert!(all.count() <= 500);
        }
        drop(places);
        let left = all.lock();
        assert!(left.of.is_empty() && left.by_count.is_empty());
        assert_eq!(left.total, 0);
    }
}

//! A queue in which clients take turns, first in, first out within a client.
//!
//! A client with a thousand entries delays only itself: the first entry of another client waits for one entry of each
//! client before it.

use std::collections::HashMap;
use std::collections::VecDeque;
use std::net::IpAddr;

/// The client of an entry; `None` stands for everything without an address.
pub(crate) type Client = Option<IpAddr>;

/// Waiting entries, by client.
pub(crate) struct FairQueue<T> {
    len: usize,
    of: HashMap<Client, VecDeque<T>>,
    /// Clients with entries, each once, in the order of their turns.
    next: VecDeque<Client>,
}

impl<T> Default for FairQueue<T> {
    fn default() -> Self {
        Self { len: 0, of: HashMap::new(), next: VecDeque::new() }
    }
}

impl<T> FairQueue<T> {
    /// The number of entries of all clients.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn push(&mut self, client: Client, entry: T) {
        let own = self.of.entry(client).or_default();
        if own.is_empty() {
            self.next.push_back(client);
        }
        own.push_back(entry);
        self.len += 1;
    }

    /// The oldest entry of the client whose turn it is.
    pub(crate) fn pop(&mut self) -> Option<T> {
        let client = self.next.pop_front()?;
        let own = self.of.get_mut(&client)?;
        let entry = own.pop_front();
        if own.is_empty() {
            self.of.remove(&client);
        } else {
            self.next.push_back(client);
        }
        self.len -= 1;
        entry
    }

    /// Removes an entry from a queue that is too long: the newest one of the client with the most, or of the newcomer
    /// if several have as many.
    pub(crate) fn shed(&mut self, newcomer: Client) -> Option<T> {
        let rank = |(client, own): &(&Client, &VecDeque<T>)| (own.len(), **client == newcomer);
        let client = *self.of.iter().max_by_key(rank)?.0;
        let own = self.of.get_mut(&client)?;
        let entry = own.pop_back();
        if own.is_empty() {
            self.of.remove(&client);
            self.next.retain(|next| *next != client);
        }
        self.len -= 1;
        entry
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const ONE: Client = Some(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)));
    const TWO: Client = Some(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 2)));
    const THREE: Client = Some(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 3)));

    fn all(queue: &mut FairQueue<u8>) -> Vec<u8> {
        std::iter::from_fn(|| queue.pop()).collect()
    }

    #[test]
    fn clients_take_turns_and_their_oldest_entry_goes_first() {
        let mut queue = FairQueue::default();
        for (client, entry) in [(ONE, 10), (ONE, 11), (ONE, 12), (TWO, 20), (THREE, 30), (TWO, 21)]
        {
            queue.push(client, entry);
        }
        queue.push(None, 0);
        assert_eq!(queue.len(), 7);
        assert_eq!(all(&mut queue), [10, 20, 30, 0, 11, 21, 12]);
        assert_eq!((queue.len(), queue.of.len(), queue.next.len()), (0, 0, 0));
    }

    #[test]
    fn the_client_that_has_most_loses_its_newest_entry() {
        let mut queue = FairQueue::default();
        for (client, entry) in [(ONE, 10), (ONE, 11), (ONE, 12), (TWO, 20)] {
            queue.push(client, entry);
        }
        assert_eq!(queue.shed(TWO), Some(12));
        queue.push(TWO, 21);
        assert_eq!(queue.shed(TWO), Some(21), "the newcomer has as many as the other");
        queue.push(THREE, 30);
        assert_eq!(queue.shed(THREE), Some(11));
        assert_eq!(queue.shed(THREE), Some(30));
        assert_eq!(all(&mut queue), [10, 20]);
        assert_eq!(queue.shed(ONE), None);
        assert_eq!((queue.len(), queue.of.len(), queue.next.len()), (0, 0, 0));
    }
}

//! The number of connections that file descriptors allow.

use crate::config::Limits;

/// File descriptors reserved for the database, providers, mail, and rejected connections.
const RESERVED: usize = 512;
/// Default maximum of connections: each takes about sixteen kilobytes.
const CONNECTIONS_MAX: usize = 16 * 1024;

/// Raises the limit of open files as far as necessary and allowed; returns the maximum number of
/// connections.
pub(super) fn connections_max(limits: &Limits) -> usize {
    let wanted = limits.connections.unwrap_or(CONNECTIONS_MAX);
    let allowed = raise(wanted.saturating_add(RESERVED));
    let found = wanted.min(room(allowed));
    if let Some(configured) = limits.connections.filter(|configured| found < *configured) {
        tracing::warn!(
            configured,
            found,
            allowed,
            "the limit of open files allows fewer connections"
        );
    }
    found
}

/// The number of connections for this many file descriptors: half of them if there are few.
fn room(descriptors: usize) -> usize {
    descriptors.saturating_sub(RESERVED).max(descriptors / 2).max(1)
}

#[cfg(unix)]
fn raise(wanted: usize) -> usize {
    let now = || rlimit::Resource::NOFILE.get_soft();
    // A higher existing limit is kept.
    let raised = match now() {
        Ok(now) if wanted as u64 <= now => Ok(now),
        _ => rlimit::increase_nofile_limit(wanted as u64).or_else(|_| now()),
    };
    raised.map_or(wanted, |raised| usize::try_from(raised).unwrap_or(usize::MAX))
}

#[cfg(not(unix))]
fn raise(wanted: usize) -> usize {
    wanted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_descriptors_for_the_rest() {
        for (descriptors, connections) in
            [(65_536, 65_024), (2048, 1536), (1024, 512), (256, 128), (1, 1)]
        {
            assert_eq!(room(descriptors), connections, "{descriptors}");
        }
        let few = Limits { connections: Some(7), ..Limits::default() };
        assert_eq!(connections_max(&few), 7);
    }
}

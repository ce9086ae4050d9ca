//! From a domain to an open TCP connection: SRV records with priorities and weights (RFC 2782, RFC 6120 §3.2,
//! XEP-0368), then the domain itself.

use std::io;
use std::net::IpAddr;
use std::time::Duration;

use futures::future::join;
use futures::stream::{FuturesUnordered, StreamExt};
use hickory_resolver::TokioResolver;
use hickory_resolver::proto::rr::RData;
use tokio::net::TcpStream;

use super::endpoint::{Endpoint, Security};
use super::progress::Progress;
use super::proxy::Via;
use crate::error::Error;

/// Opens a connection to `endpoint`, or to the servers that DNS names for `domain`, the best first. Where it goes through a
/// proxy, DNS is not asked: the question would tell where it goes, and who needs a proxy often has no name server either.
pub(crate) async fn connect(
    domain: &str,
    endpoint: Option<&Endpoint>,
    via: Option<&Via>,
    progress: &Progress,
) -> Result<(TcpStream, Security), Error> {
    let targets = match (endpoint, via) {
        (Some(endpoint), _) => vec![endpoint.clone()],
        (None, Some(_)) => itself(domain),
        (None, None) => targets(domain, progress).await?,
    };
    let attempt = async |target: Endpoint| match via {
        None => {
            progress.step(format!("connecting to {target}"));
            open(&target).await.map_err(|error| explain(domain, &target, &error)).map(|tcp| (tcp, target.security))
        }
        Some(via) => {
            progress.step(format!("connecting to {target} through the proxy {}", via.proxy));
            through(via, &target).await.map(|tcp| (tcp, target.security))
        }
    };
    let none = Error::NoSuchHost { domain: domain.to_owned(), reason: "no server is named for it".into() };
    race(targets.into_iter().map(attempt), NEXT_SERVER).await.unwrap_or(Err(none))
}

async fn through(via: &Via, target: &Endpoint) -> Result<TcpStream, Error> {
    let failed = |error: io::Error| Error::CannotConnect {
        target: format!("the proxy {}", via.proxy),
        reason: error.to_string(),
    };
    let mut tcp = open(&via.endpoint()).await.map_err(failed)?;
    via.pass(&mut tcp, target).await?;
    Ok(tcp)
}

/// The next server is tried too when one has not answered for so long.
const NEXT_SERVER: Duration = Duration::from_secs(2);
/// And the next address of the same server (RFC 8305 §5).
const NEXT_ADDRESS: Duration = Duration::from_millis(250);

async fn open(target: &Endpoint) -> io::Result<TcpStream> {
    let addresses = tokio::net::lookup_host((target.host.as_str(), target.port)).await?;
    let connected = race(addresses.map(TcpStream::connect), NEXT_ADDRESS).await;
    let tcp = connected.unwrap_or_else(|| Err(io::Error::other("it has no address")))?;
    // Small writes must not wait for the answer to the one before (Nagle's algorithm costs a round trip).
    tcp.set_nodelay(true)?;
    Ok(tcp)
}

/// The first success of `attempts`, each started when the one before failed or has been silent for `patience`; else the
/// last failure; nothing of nothing.
async fn race<T, E, A: Future<Output = Result<T, E>>>(
    attempts: impl IntoIterator<Item = A>,
    patience: Duration,
) -> Option<Result<T, E>> {
    let mut waiting = attempts.into_iter();
    let mut running: FuturesUnordered<A> = waiting.next().into_iter().collect();
    let mut failure = None;
    loop {
        match tokio::time::timeout(patience, running.next()).await {
            Ok(Some(Ok(success))) => return Some(Ok(success)),
            Ok(Some(Err(error))) => failure = Some(Err(error)),
            Ok(None) => return failure,
            Err(_silent) => {}
        }
        running.extend(waiting.next());
    }
}

fn explain(domain: &str, target: &Endpoint, error: &io::Error) -> Error {
    let reason = error.to_string();
    match reason.strip_prefix("failed to lookup address information: ") {
        // EAI_AGAIN: the name server did not answer, so nothing is known about the name.
        Some(cause) if !cause.starts_with("Temporary") => {
            let domain = if target.host == domain { domain.to_owned() } else { target.host.clone() };
            Error::NoSuchHost { domain, reason: cause.to_lowercase() }
        }
        _ => Error::CannotConnect { target: target.to_string(), reason },
    }
}

fn at(host: &str, port: u16, security: Security) -> Endpoint {
    Endpoint { host: host.to_owned(), port, security }
}

/// The usual ports of the domain.
fn itself(domain: &str) -> Vec<Endpoint> {
    vec![at(domain, 5222, Security::StartTls), at(domain, 5223, Security::DirectTls)]
}

async fn targets(domain: &str, progress: &Progress) -> Result<Vec<Endpoint>, Error> {
    if domain.parse::<IpAddr>().is_ok() || !domain.contains('.') {
        return Ok(itself(domain));
    }
    progress.step(format!("asking DNS for the servers of {domain}"));
    match service_records(domain).await {
        records if records.is_empty() => Ok(itself(domain)),
        records => {
            let wanted = records.into_iter().filter(|record| record.target != ".").collect();
            let ordered = in_order(wanted, |below| random() % below);
            if ordered.is_empty() {
                return Err(Error::NoSuchHost {
                    domain: domain.to_owned(),
                    reason: "it says it offers no XMPP".into(),
                });
            }
            Ok(ordered
                .iter()
                .map(|record| at(record.target.trim_end_matches('.'), record.port, record.security))
                .collect())
        }
    }
}

/// An SRV record (RFC 2782).
#[derive(Clone, Debug, PartialEq, Eq)]
struct ServiceRecord {
    target: String,
    port: u16,
    priority: u16,
    weight: u16,
    security: Security,
}

/// Both kinds of records; none where DNS knows none or cannot be asked: then the domain itself is tried.
async fn service_records(domain: &str) -> Vec<ServiceRecord> {
    let Some(resolver) = TokioResolver::builder_tokio().and_then(hickory_resolver::ResolverBuilder::build).ok() else {
        return Vec::new();
    };
    let (mut direct, starttls) = join(
        look_up(&resolver, format!("_xmpps-client._tcp.{domain}."), Security::DirectTls),
        look_up(&resolver, format!("_xmpp-client._tcp.{domain}."), Security::StartTls),
    )
    .await;
    direct.extend(starttls);
    direct
}

async fn look_up(resolver: &TokioResolver, name: String, security: Security) -> Vec<ServiceRecord> {
    let Ok(found) = resolver.srv_lookup(name).await else { return Vec::new() };
    let record = |data: &RData| match data {
        RData::SRV(srv) => Some(ServiceRecord {
            target: srv.target.to_ascii(),
            port: srv.port,
            priority: srv.priority,
            weight: srv.weight,
            security,
        }),
        _ => None,
    };
    found.answers().iter().filter_map(|answer| record(&answer.data)).collect()
}

/// Lowest priority first; within one priority by chance, in proportion to the weights (RFC 2782, “Weight”).
///
/// `pick(n)` gives a number below `n`.
fn in_order(mut records: Vec<ServiceRecord>, mut pick: impl FnMut(u32) -> u32) -> Vec<ServiceRecord> {
    // Direct TLS costs fewer round trips, so it comes first where the records leave the choice.
    records.sort_by_key(|record| (record.priority, record.security == Security::StartTls, record.weight));
    let mut ordered = Vec::with_capacity(records.len());
    while let Some(first) = records.first() {
        let same = |record: &&ServiceRecord| record.priority == first.priority && record.security == first.security;
        let group: Vec<u32> = records.iter().take_while(same).map(|record| u32::from(record.weight)).collect();
        let mut left = pick(group.iter().sum::<u32>() + 1);
        let chosen = group.iter().position(|weight| match left.checked_sub(*weight) {
            Some(rest) if rest > 0 => {
                left = rest;
                false
            }
            _ => true,
        });
        ordered.push(records.remove(chosen.unwrap_or(0)));
    }
    ordered
}

fn random() -> u32 {
    uuid::Uuid::new_v4().as_fields().0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of attempts that end after so many milliseconds, and succeed or not; the next one begins after `pause` of them.
    fn winner(pause: u64, attempts: &[(u64, bool)]) -> Option<Result<u64, u64>> {
        let attempt = |&(after, succeeds): &(u64, bool)| async move {
            tokio::time::sleep(Duration::from_millis(after)).await;
            if succeeds { Ok(after) } else { Err(after) }
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        runtime.block_on(race(attempts.iter().map(attempt), Duration::from_millis(pause)))
    }

    #[test]
    fn a_silent_server_does_not_keep_the_next_one_waiting() {
        assert_eq!(winner(100, &[(60_000, true), (1, true)]), Some(Ok(1)));
        assert_eq!(winner(100, &[(60_000, true), (1, false), (2, true)]), Some(Ok(2)));
    }

    #[test]
    fn the_first_server_is_preferred_and_the_last_failure_is_told() {
        assert_eq!(winner(60_000, &[(20, true), (1, true)]), Some(Ok(20)));
        assert_eq!(winner(60_000, &[(1, false), (2, false)]), Some(Err(2)));
        assert_eq!(winner(100, &[]), None);
    }

    fn record(target: &str, priority: u16, weight: u16, security: Security) -> ServiceRecord {
        ServiceRecord { target: target.into(), port: 5222, priority, weight, security }
    }

    fn names(records: Vec<ServiceRecord>, pick: impl FnMut(u32) -> u32) -> String {
        in_order(records, pick).iter().map(|record| record.target.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_lower_priority_number_comes_first() {
        let records = vec![record("b", 20, 0, Security::DirectTls), record("a", 10, 0, Security::StartTls)];
        assert_eq!(names(records, |_| 0), "a b");
    }

    #[test]
    fn with_equal_priority_direct_tls_comes_first() {
        let records = vec![record("b", 5, 9, Security::StartTls), record("a", 5, 1, Security::DirectTls)];
        assert_eq!(names(records, |_| 0), "a b");
    }

    #[test]
    fn a_record_is_chosen_in_proportion_to_its_weight() {
        let records = || vec![record("light", 5, 10, Security::StartTls), record("heavy", 5, 90, Security::StartTls)];
        let first = |number| names(records(), |below| number % below).starts_with("light");
        let light = (0..=100).filter(|number| first(*number)).count();
        assert_eq!(light, 11);
    }
}

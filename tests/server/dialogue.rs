//! A wire between `chat` and the server that knows the dialogue on it: it ends the TLS of both, with the server's own
//! certificate towards `chat`, and fails at one element of what the server or `chat` says.

use std::net::{SocketAddr, TcpListener as StdListener, TcpStream as StdStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, split};
use tokio::net::TcpStream;
use tokio_rustls::{TlsAcceptor, TlsConnector};

use crate::account::{address, ca_file};

/// What happens at the step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing more comes through in this direction, and the connection stays.
    Stall,
    /// Both connections are closed.
    Cut,
    /// The same in the middle of the element.
    CutInside,
    /// They are reset.
    Reset,
    /// This direction is closed, and the other goes on.
    HalfClose,
    /// It comes a second late.
    Delay,
    /// Something else comes in its place, and nothing more.
    Garbage,
    /// What begins the step is something else, and the rest comes as it was.
    Instead(&'static str),
}

/// Who says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Says {
    Server,
    Chat,
}

/// Where in the dialogue.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    /// Before anything is said.
    Connection,
    /// Before the server's first bytes of TLS.
    Handshake,
    /// The element that begins so, the first, second, … of these in clear.
    InClear(Says, &'static str, usize),
    /// The same in TLS.
    InTls(Says, &'static str, usize),
}

/// On which connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Often {
    Always,
    Once,
}

pub(crate) struct Dialogue {
    address: SocketAddr,
    faults: Arc<AtomicUsize>,
}

impl Dialogue {
    pub(crate) fn start(fault: Fault, place: Place, often: Often) -> Self {
        Self::start_at("127.0.0.1", fault, place, often)
    }

    /// At one of the addresses of this machine.
    pub(crate) fn start_at(host: &str, fault: Fault, place: Place, often: Often) -> Self {
        let listener = StdListener::bind((host, 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let faults = Arc::new(AtomicUsize::new(0));
        let failed = Arc::clone(&faults);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let plan = Plan { fault, place, often, faults: Arc::clone(&failed) };
                thread::spawn(move || serve(client, &plan));
            }
        });
        Self { address, faults }
    }

    pub(crate) fn host(&self) -> String {
        format!("xmpp:{}", self.address)
    }

    /// How often it failed; at least once, or the step was never reached.
    pub(crate) fn faults(&self) -> usize {
        self.faults.load(Ordering::SeqCst)
    }
}

struct Plan {
    fault: Fault,
    place: Place,
    often: Often,
    faults: Arc<AtomicUsize>,
}

/// Why a connection goes on no further.
struct Over;

impl Plan {
    /// Whether it is time to fail.
    fn fails(&self) -> bool {
        let before = self.faults.fetch_add(1, Ordering::SeqCst);
        self.often == Often::Always || before == 0
    }

    /// By what the step is known.
    fn text(&self) -> &'static str {
        match self.place {
            Place::InClear(_, text, _) | Place::InTls(_, text, _) => text,
            Place::Connection | Place::Handshake => "",
        }
    }

    /// The step in this part of the dialogue and direction.
    fn step(&self, in_tls: bool, says: Says) -> Option<(&'static [u8], usize)> {
        match self.place {
            Place::InClear(who, text, number) if !in_tls && who == says => Some((text.as_bytes(), number)),
            Place::InTls(who, text, number) if in_tls && who == says => Some((text.as_bytes(), number)),
            _ => None,
        }
    }
}

fn serve(client: StdStream, plan: &Plan) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    // However it ends: the connections do, too.
    let _over: Result<(), Over> = runtime.block_on(relay(client, plan));
}

async fn relay(client: StdStream, plan: &Plan) -> Result<(), Over> {
    client.set_nonblocking(true).map_err(|_| Over)?;
    let mut client = TcpStream::from_std(client).map_err(|_| Over)?;
    let mut server = TcpStream::connect((address(), 5222)).await.map_err(|_| Over)?;
    if matches!(plan.place, Place::Connection) && plan.fails() {
        fail(plan.fault, &mut client, b"").await?;
    }
    in_clear(&mut client, &mut server, plan).await?;
    if matches!(plan.place, Place::Handshake) && plan.fails() {
        fail(plan.fault, &mut client, b"").await?;
    }
    let client = acceptor().accept(client).await.map_err(|_| Over)?;
    let name = ServerName::try_from("chat.example").expect("a name");
    let server = connector().connect(name, server).await.map_err(|_| Over)?;
    Box::pin(in_tls(client, server, plan)).await
}

/// Until the server says that TLS may begin.
async fn in_clear(client: &mut TcpStream, server: &mut TcpStream, plan: &Plan) -> Result<(), Over> {
    let (mut up, mut down) = (Direction::new(plan, false, Says::Chat), Direction::new(plan, false, Says::Server));
    let (mut from_client, mut from_server) = ([0; 4096], [0; 4096]);
    loop {
        tokio::select! {
            read = client.read(&mut from_client) => {
                let said = &from_client[..some(read)?];
                match up.cleared(said) {
                    Some((before, at)) => {
                        server.write_all(before).await.map_err(|_| Over)?;
                        // What it says is kept from the server: then it hears the end from both sides.
                        fail(plan.fault, client, at).await?;
                        server.write_all(at).await.map_err(|_| Over)?;
                    }
                    None => server.write_all(said).await.map_err(|_| Over)?,
                }
            }
            read = server.read(&mut from_server) => {
                let said = &from_server[..some(read)?];
                match down.cleared(said) {
                    Some((before, at)) => {
                        client.write_all(before).await.map_err(|_| Over)?;
                        fail(plan.fault, client, at).await?;
                        client.write_all(at).await.map_err(|_| Over)?;
                    }
                    None => client.write_all(said).await.map_err(|_| Over)?,
                }
                if down.heard.windows(8).any(|part| part == b"<proceed") {
                    return Ok(());
                }
            }
        }
    }
}

fn some(read: std::io::Result<usize>) -> Result<usize, Over> {
    read.ok().filter(|length| *length > 0).ok_or(Over)
}

type ClientTls = tokio_rustls::server::TlsStream<TcpStream>;
type ServerTls = tokio_rustls::client::TlsStream<TcpStream>;

async fn in_tls(client: ClientTls, server: ServerTls, plan: &Plan) -> Result<(), Over> {
    let (mut client_reads, mut client_writes) = split(client);
    let (mut server_reads, mut server_writes) = split(server);
    let up = pass(&mut client_reads, &mut server_writes, Direction::new(plan, true, Says::Chat));
    let down = pass(&mut server_reads, &mut client_writes, Direction::new(plan, true, Says::Server));
    let failed = {
        tokio::pin!(up, down);
        // The end of one direction is not the end of the other, until a fault ends both.
        let first = tokio::select! { end = &mut up => (end, true), end = &mut down => (end, false) };
        match first {
            (Some(fault), _) => Some(fault),
            (None, true) => down.await,
            (None, false) => up.await,
        }
    };
    if failed == Some(Fault::Reset) {
        let client = client_reads.unsplit(client_writes);
        client.get_ref().0.set_zero_linger().map_err(|_| Over)?;
    }
    Err(Over)
}

/// One direction until its end; the fault, where it is one that ends both.
async fn pass(
    from: &mut (impl AsyncRead + Unpin),
    to: &mut (impl AsyncWrite + Unpin),
    mut direction: Direction<'_>,
) -> Option<Fault> {
    let mut buffer = [0; 16_384];
    loop {
        let read = from.read(&mut buffer).await.ok().filter(|length| *length > 0);
        let Some(length) = read else {
            drop(to.shutdown().await);
            return None;
        };
        let said = &buffer[..length];
        let Some((before, at)) = direction.cleared(said) else {
            to.write_all(said).await.ok()?;
            to.flush().await.ok()?;
            continue;
        };
        to.write_all(before).await.ok()?;
        to.flush().await.ok()?;
        match direction.plan.fault {
            Fault::Delay => tokio::time::sleep(Duration::from_secs(1)).await,
            Fault::Instead(text) => {
                to.write_all(text.as_bytes()).await.ok()?;
                to.write_all(&at[direction.plan.text().len()..]).await.ok()?;
                to.flush().await.ok()?;
                continue;
            }
            Fault::Stall => return std::future::pending().await,
            Fault::Garbage => {
                to.write_all(GARBAGE).await.ok()?;
                to.flush().await.ok()?;
                return std::future::pending().await;
            }
            Fault::HalfClose => {
                drop(to.shutdown().await);
                // What still comes is read, and heard by nobody.
                while from.read(&mut buffer).await.is_ok_and(|length| length > 0) {}
                return std::future::pending().await;
            }
            Fault::CutInside => {
                to.write_all(&at[..at.len() / 2]).await.ok()?;
                to.flush().await.ok()?;
                return Some(Fault::Cut);
            }
            end @ (Fault::Cut | Fault::Reset) => return Some(end),
        }
        to.write_all(at).await.ok()?;
        to.flush().await.ok()?;
    }
}

const GARBAGE: &[u8] = b"\x00\xff<<this is no></XML>&nothing;\r\n\r\n";

/// Fails on a connection that is not encrypted; goes on after a mere delay.
async fn fail(fault: Fault, client: &mut TcpStream, said: &[u8]) -> Result<(), Over> {
    match fault {
        Fault::Delay => {
            tokio::time::sleep(Duration::from_secs(1)).await;
            return Ok(());
        }
        Fault::Cut | Fault::Stall => {}
        Fault::CutInside => client.write_all(&said[..said.len() / 2]).await.map_err(|_| Over)?,
        Fault::Reset => client.set_zero_linger().map_err(|_| Over)?,
        Fault::Garbage => client.write_all(GARBAGE).await.map_err(|_| Over)?,
        Fault::HalfClose => client.shutdown().await.map_err(|_| Over)?,
        Fault::Instead(_) => unreachable!("in clear nothing is put in the place of anything"),
    }
    if matches!(fault, Fault::Stall | Fault::HalfClose | Fault::Garbage) {
        let mut buffer = [0; 4096];
        while client.read(&mut buffer).await.is_ok_and(|length| length > 0) {}
    }
    Err(Over)
}

/// What was said in one direction so far.
struct Direction<'a> {
    plan: &'a Plan,
    step: Option<(&'static [u8], usize)>,
    heard: Vec<u8>,
}

impl<'a> Direction<'a> {
    fn new(plan: &'a Plan, in_tls: bool, says: Says) -> Self {
        Self { plan, step: plan.step(in_tls, says), heard: Vec::new() }
    }

    /// Where `said` reaches the step and it is time to fail: what comes before it, and the rest.
    fn cleared<'s>(&mut self, said: &'s [u8]) -> Option<(&'s [u8], &'s [u8])> {
        let before = self.heard.len();
        self.heard.extend_from_slice(said);
        let (text, number) = self.step?;
        let found = self.heard.windows(text.len()).enumerate().filter(|(_, part)| *part == text);
        let at = found.map(|(at, _)| at).nth(number - 1)?;
        self.step = None;
        // An element may begin in what is through already; then the rest of it is what fails.
        self.plan.fails().then(|| said.split_at(at.saturating_sub(before)))
    }
}

fn acceptor() -> TlsAcceptor {
    let folder = Path::new(&ca_file()).with_file_name("server");
    let chain = CertificateDer::pem_file_iter(folder.join("server.pem")).expect("a certificate");
    let chain = chain.collect::<Result<_, _>>().expect("a certificate");
    let key = PrivateKeyDer::from_pem_file(folder.join("server.key")).expect("its key");
    let builder = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().expect("versions of TLS").with_no_client_auth();
    TlsAcceptor::from(Arc::new(builder.with_single_cert(chain, key).expect("a pair")))
}

fn connector() -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(ca_file()).expect("a certificate")).expect("an authority");
    let builder = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().expect("versions of TLS");
    TlsConnector::from(Arc::new(builder.with_root_certificates(roots).with_no_client_auth()))
}

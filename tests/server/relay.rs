//! A wire between `chat` and the server that breaks where a test wants it to.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crate::account::address;

/// What happens once the server has said so many bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// Nothing: the wire is whole.
    None,
    /// The connection ends.
    CutAfter(usize),
    /// The first connection ends, and the next ones are whole.
    CutOnceAfter(usize),
    /// Nothing more comes through from the server, and the connection stays.
    StallAfter(usize),
    /// The server's direction ends, and the other stays.
    HalfCloseAfter(usize),
    /// What comes through from the server is something else from there on.
    GarbageAfter(usize),
    /// From there on the server is slow: every byte comes alone, and late.
    SlowAfter(usize),
}

/// A relay to the server's STARTTLS port, for one connection after another.
pub(crate) struct Relay {
    port: u16,
    said: Arc<AtomicUsize>,
}

impl Relay {
    pub(crate) fn start(fault: Fault) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let said = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&said);
        thread::spawn(move || listener.incoming().flatten().for_each(|client| serve(client, fault, &count)));
        Self { port, said }
    }

    /// For the option `-H`.
    pub(crate) fn host(&self) -> String {
        format!("xmpp:127.0.0.1:{}", self.port)
    }

    /// How many bytes the server has said.
    pub(crate) fn said(&self) -> usize {
        self.said.load(Ordering::SeqCst)
    }
}

fn serve(client: TcpStream, fault: Fault, said: &Arc<AtomicUsize>) {
    let server = TcpStream::connect((address(), 5222)).expect("the server is there");
    let (mut up_from, mut up_to) = (client.try_clone().expect("a handle"), server.try_clone().expect("a handle"));
    thread::spawn(move || {
        // The end of one direction is passed on; the other goes on until it ends too.
        drop(std::io::copy(&mut up_from, &mut up_to));
        drop(up_to.shutdown(Shutdown::Write));
    });
    let said = Arc::clone(said);
    thread::spawn(move || down(server, client, fault, &said));
}

fn down(mut server: TcpStream, mut client: TcpStream, fault: Fault, said: &AtomicUsize) {
    let mut buffer = [0; 1];
    while let Ok(1) = server.read(&mut buffer) {
        let so_far = said.fetch_add(1, Ordering::SeqCst);
        match fault {
            Fault::StallAfter(limit) if so_far >= limit => {}
            Fault::CutAfter(limit) if so_far >= limit => {
                drop(client.shutdown(Shutdown::Both));
                drop(server.shutdown(Shutdown::Both));
                return;
            }
            Fault::CutOnceAfter(limit) if so_far == limit => {
                drop(client.shutdown(Shutdown::Both));
                drop(server.shutdown(Shutdown::Both));
                return;
            }
            Fault::HalfCloseAfter(limit) if so_far == limit => drop(client.shutdown(Shutdown::Write)),
            Fault::HalfCloseAfter(limit) if so_far > limit => {}
            Fault::GarbageAfter(limit) if so_far >= limit => drop(client.write_all(&[!buffer[0]])),
            Fault::SlowAfter(limit) if so_far >= limit => {
                thread::sleep(Duration::from_micros(200));
                drop(client.write_all(&buffer));
            }
            _ if client.write_all(&buffer).is_err() => return,
            _ => {}
        }
    }
    drop(client.shutdown(Shutdown::Write));
}

//! A wire between `chat` and the server that breaks where a test wants it to.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
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
    /// The connection ends when the server has begun to answer what the client said so many times.
    CutAfterQuestion(usize),
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
    /// What the client says from there on comes to the server only when the test lets it.
    HeldAfter(usize),
}

/// A relay to the server's STARTTLS port, for one connection after another.
pub(crate) struct Relay {
    port: u16,
    talk: Arc<Talk>,
}

/// What went through the relay.
#[derive(Default)]
struct Talk {
    /// Bytes of the server.
    said: AtomicUsize,
    /// How often the client spoke.
    asked: AtomicUsize,
    cut: AtomicBool,
    let_go: Gate,
    client_left: Gate,
}

/// Shut until somebody opens it.
#[derive(Default)]
struct Gate(Mutex<bool>, Condvar);

impl Gate {
    fn open(&self) {
        *self.0.lock().expect("a lock") = true;
        self.1.notify_all();
    }

    fn wait(&self) {
        let shut = self.0.lock().expect("a lock");
        drop(self.1.wait_while(shut, |is_open| !*is_open).expect("a lock"));
    }
}

impl Relay {
    pub(crate) fn start(fault: Fault) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let talk = Arc::<Talk>::default();
        let heard = Arc::clone(&talk);
        thread::spawn(move || listener.incoming().flatten().for_each(|client| serve(client, fault, &heard)));
        Self { port, talk }
    }

    /// For the option `-H`.
    pub(crate) fn host(&self) -> String {
        format!("xmpp:127.0.0.1:{}", self.port)
    }

    /// How many bytes the server has said.
    pub(crate) fn said(&self) -> usize {
        self.talk.said.load(Ordering::SeqCst)
    }

    /// The same, once the client has left.
    pub(crate) fn said_in_all(&self) -> usize {
        self.talk.client_left.wait();
        self.said()
    }

    /// What was held comes to the server.
    pub(crate) fn let_go(&self) {
        self.talk.let_go.open();
    }

    /// Whether it ended a connection.
    pub(crate) fn has_cut(&self) -> bool {
        self.talk.cut.load(Ordering::SeqCst)
    }
}

fn serve(client: TcpStream, fault: Fault, talk: &Arc<Talk>) {
    let server = TcpStream::connect((address(), 5222)).expect("the server is there");
    let (mut up_from, mut up_to) = (client.try_clone().expect("a handle"), server.try_clone().expect("a handle"));
    let heard = Arc::clone(talk);
    thread::spawn(move || {
        let mut buffer = [0; 16_384];
        while let Ok(length @ 1..) = up_from.read(&mut buffer) {
            heard.asked.fetch_add(1, Ordering::SeqCst);
            if matches!(fault, Fault::HeldAfter(limit) if heard.said.load(Ordering::SeqCst) >= limit) {
                heard.let_go.wait();
            }
            if up_to.write_all(&buffer[..length]).is_err() {
                break;
            }
        }
        heard.client_left.open();
        // The end of one direction is passed on; the other goes on until it ends too.
        drop(up_to.shutdown(Shutdown::Write));
    });
    let talk = Arc::clone(talk);
    thread::spawn(move || down(server, client, fault, &talk));
}

fn is_cut(fault: Fault, said: usize, asked: usize) -> bool {
    match fault {
        Fault::CutAfter(limit) => said >= limit,
        Fault::CutOnceAfter(limit) => said == limit,
        Fault::CutAfterQuestion(limit) => asked >= limit,
        _ => false,
    }
}

fn down(mut server: TcpStream, mut client: TcpStream, fault: Fault, talk: &Talk) {
    let mut buffer = [0; 1];
    while let Ok(1) = server.read(&mut buffer) {
        let so_far = talk.said.fetch_add(1, Ordering::SeqCst);
        if is_cut(fault, so_far, talk.asked.load(Ordering::SeqCst)) {
            talk.cut.store(true, Ordering::SeqCst);
            drop(client.shutdown(Shutdown::Both));
            drop(server.shutdown(Shutdown::Both));
            return;
        }
        match fault {
            Fault::StallAfter(limit) if so_far >= limit => {}
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

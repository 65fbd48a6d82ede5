//! A real SMTP server on loopback that can be told to misbehave.

use mailin::{Action, Handler, Response, SessionBuilder, response};
use std::io::{self, BufRead, BufReader, Write};
use std::net::{IpAddr, Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How long [`SmtpServer::wait_for`] waits before it gives up.
const PATIENCE: Duration = Duration::from_secs(20);

/// A message the server took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedMail {
    /// Envelope sender.
    pub from: String,
    /// Envelope recipients.
    pub to: Vec<String>,
    /// The message as it came over the wire, lines ending in CRLF.
    pub raw: Vec<u8>,
}

/// What the server does with mail.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum SmtpBehaviour {
    /// Takes everything.
    #[default]
    Accept,
    /// Answers every `RCPT` with this code: 4xx means later, 5xx means never.
    RefuseRecipients(u16),
    /// Answers the `RCPT` of this one address with this code and takes everything else.
    RefuseRecipient(String, u16),
    /// Answers every `DATA` with this code.
    RefuseData(u16),
    /// Closes each connection before saying a word.
    HangUp,
    /// Takes the message and closes the connection without confirming it: the sender can't know.
    HangUpAfterData,
}

/// An SMTP server on a free port of 127.0.0.1, without TLS or sign-in, stopped when dropped.
///
/// # Examples
///
/// ```
/// use vestibule_test_support::{SmtpBehaviour, SmtpServer};
///
/// let server = SmtpServer::start();
/// assert!(server.url().starts_with("smtp://127.0.0.1:"));
/// server.behave(SmtpBehaviour::RefuseData(451));
/// assert!(server.messages().is_empty());
/// ```
#[derive(Debug)]
pub struct SmtpServer {
    address: SocketAddr,
    state: Arc<State>,
    accepting: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct State {
    inner: Mutex<Inner>,
    arrived: Condvar,
}

#[derive(Debug, Default)]
struct Inner {
    behaviour: SmtpBehaviour,
    messages: Vec<ReceivedMail>,
    sessions: Vec<TcpStream>,
    connections: usize,
    stopped: bool,
}

impl State {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SmtpServer {
    /// Starts a server that takes mail for ASCII addresses.
    ///
    /// # Panics
    ///
    /// When no port of 127.0.0.1 can be opened.
    #[must_use]
    pub fn start() -> Self {
        Self::start_server(false)
    }

    /// Starts a server that takes mail for any address (`SMTPUTF8`, RFC 6531).
    ///
    /// # Panics
    ///
    /// When no port of 127.0.0.1 can be opened.
    #[must_use]
    pub fn start_with_smtputf8() -> Self {
        Self::start_server(true)
    }

    fn start_server(smtputf8: bool) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port on 127.0.0.1");
        let address = listener.local_addr().expect("the port just opened");
        let state = Arc::new(State::default());
        let accepting = thread::spawn({
            let state = Arc::clone(&state);
            move || accept(&listener, &state, smtputf8)
        });
        Self {
            address,
            state,
            accepting: Some(accepting),
        }
    }

    /// Where to deliver: `smtp://127.0.0.1:port`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// Changes what happens from the next command of any connection on.
    pub fn behave(&self, behaviour: SmtpBehaviour) {
        self.state.lock().behaviour = behaviour;
    }

    /// Everything taken so far, in order of arrival.
    #[must_use]
    pub fn messages(&self) -> Vec<ReceivedMail> {
        self.state.lock().messages.clone()
    }

    /// How many connections were opened so far.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.state.lock().connections
    }

    /// Waits until at least `count` messages have arrived, and returns all of them.
    ///
    /// # Panics
    ///
    /// When they haven't after 20 seconds.
    #[must_use]
    pub fn wait_for(&self, count: usize) -> Vec<ReceivedMail> {
        let (inner, waited) = self
            .state
            .arrived
            .wait_timeout_while(self.state.lock(), PATIENCE, |inner| inner.messages.len() < count)
            .unwrap_or_else(PoisonError::into_inner);
        let arrived = inner.messages.len();
        assert!(
            !waited.timed_out(),
            "{arrived} of {count} mails arrived within {PATIENCE:?}"
        );
        inner.messages.clone()
    }

    /// Closes every open connection, as a restart of the server would; new ones are still taken.
    pub fn cut_connections(&self) {
        for session in self.state.lock().sessions.drain(..) {
            let _ = session.shutdown(Shutdown::Both);
        }
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.state.lock().stopped = true;
        self.cut_connections();
        // Wakes the thread that waits for connections; it then sees that it should stop.
        drop(TcpStream::connect(self.address));
        if let Some(accepting) = self.accepting.take() {
            let _ = accepting.join();
        }
    }
}

fn accept(listener: &TcpListener, state: &Arc<State>, smtputf8: bool) {
    for connection in listener.incoming() {
        let mut inner = state.lock();
        if inner.stopped {
            return;
        }
        let Ok(stream) = connection else { continue };
        inner.connections += 1;
        if inner.behaviour == SmtpBehaviour::HangUp {
            continue;
        }
        let Ok(handle) = stream.try_clone() else { continue };
        inner.sessions.push(handle);
        let state = Arc::clone(state);
        thread::spawn(move || {
            // A session that breaks off is the client's business.
            let _ = talk(&stream, &state, smtputf8);
            let _ = stream.shutdown(Shutdown::Both);
        });
    }
}

fn talk(stream: &TcpStream, state: &Arc<State>, smtputf8: bool) -> io::Result<()> {
    let _ = stream.set_nodelay(true);
    let mut lines = BufReader::new(stream);
    let silenced = Arc::new(AtomicBool::new(false));
    let taker = Taker {
        state: Arc::clone(state),
        silenced: Arc::clone(&silenced),
        mail: ReceivedMail::empty(),
    };
    let mut session = SessionBuilder::new("localhost").build(IpAddr::V4(Ipv4Addr::LOCALHOST), taker);
    send(stream, &session.greeting(), false)?;
    let mut line = Vec::new();
    loop {
        line.clear();
        if lines.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let greets = line
            .get(..4)
            .is_some_and(|verb| verb.eq_ignore_ascii_case(b"EHLO"));
        if smtputf8 {
            strip_smtputf8(&mut line);
        }
        let answer = session.process(&line);
        if silenced.load(Ordering::Relaxed) {
            return Ok(());
        }
        match answer.action {
            Action::NoReply => {}
            Action::Close => return send(stream, &answer, false),
            Action::Reply | Action::UpgradeTls => send(stream, &answer, smtputf8 && greets)?,
        }
    }
}

fn send(mut stream: &TcpStream, answer: &Response, announce_smtputf8: bool) -> io::Result<()> {
    let mut text = Vec::new();
    if announce_smtputf8 && answer.code == 250 {
        text.extend_from_slice(b"250-localhost\r\n250-SMTPUTF8\r\n");
    }
    answer.write_to(&mut text)?;
    stream.write_all(&text)
}

/// The session knows one parameter of `MAIL`, and this isn't it.
fn strip_smtputf8(line: &mut Vec<u8>) {
    const PARAMETER: &[u8] = b" SMTPUTF8";
    let sender = line
        .get(..5)
        .is_some_and(|verb| verb.eq_ignore_ascii_case(b"MAIL "));
    if sender && let Some(at) = line.windows(PARAMETER.len()).position(|part| part == PARAMETER) {
        line.drain(at..at + PARAMETER.len());
    }
}

impl ReceivedMail {
    fn empty() -> Self {
        Self {
            from: String::new(),
            to: Vec::new(),
            raw: Vec::new(),
        }
    }
}

struct Taker {
    state: Arc<State>,
    // Set when the session is to end without another word.
    silenced: Arc<AtomicBool>,
    mail: ReceivedMail,
}

impl Handler for Taker {
    fn rcpt(&mut self, to: &str) -> Response {
        match &self.state.lock().behaviour {
            SmtpBehaviour::RefuseRecipients(code) => refusal(*code),
            SmtpBehaviour::RefuseRecipient(address, code) if address == to => refusal(*code),
            _ => response::OK,
        }
    }

    fn data_start(&mut self, _domain: &str, from: &str, _is8bit: bool, to: &[String]) -> Response {
        if let SmtpBehaviour::RefuseData(code) = self.state.lock().behaviour {
            return refusal(code);
        }
        self.mail = ReceivedMail {
            from: from.to_owned(),
            to: to.to_vec(),
            raw: Vec::new(),
        };
        response::START_DATA
    }

    fn data(&mut self, line: &[u8]) -> io::Result<()> {
        self.mail.raw.extend_from_slice(line);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let mail = std::mem::replace(&mut self.mail, ReceivedMail::empty());
        let mut inner = self.state.lock();
        inner.messages.push(mail);
        self.state.arrived.notify_all();
        self.silenced.store(
            inner.behaviour == SmtpBehaviour::HangUpAfterData,
            Ordering::Relaxed,
        );
        response::OK
    }
}

fn refusal(code: u16) -> Response {
    Response::custom(code, "refused by the test".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Client(BufReader<TcpStream>);

    impl Client {
        fn connect(server: &SmtpServer) -> Self {
            Self(BufReader::new(TcpStream::connect(server.address).unwrap()))
        }

        /// The code of the next answer, zero when the server hung up.
        fn answer(&mut self) -> u16 {
            loop {
                let mut line = String::new();
                if self.0.read_line(&mut line).unwrap_or(0) == 0 {
                    return 0;
                }
                if line.as_bytes()[3] == b' ' {
                    return line[..3].parse().unwrap();
                }
            }
        }

        fn say(&mut self, line: &str) -> u16 {
            write!(self.0.get_mut(), "{line}\r\n").unwrap();
            self.answer()
        }

        /// The codes of every answer until the first refusal.
        fn send(&mut self, body: &str) -> Vec<u16> {
            let mut codes = vec![self.answer()];
            for line in [
                "EHLO test",
                "MAIL FROM:<a@example.com>",
                "RCPT TO:<b@example.com>",
                "DATA",
                body,
            ] {
                codes.push(self.say(line));
                if codes.last().is_none_or(|&code| code == 0 || code >= 400) {
                    break;
                }
            }
            codes
        }
    }

    #[test]
    fn a_message_is_kept_with_its_envelope_and_without_dot_stuffing() {
        let server = SmtpServer::start();
        let mut client = Client::connect(&server);
        assert_eq!(
            client.send("Subject: hi\r\n\r\n..\r\n."),
            [220, 250, 250, 250, 354, 250]
        );
        let expected = ReceivedMail {
            from: "a@example.com".to_owned(),
            to: vec!["b@example.com".to_owned()],
            raw: b"Subject: hi\r\n\r\n.\r\n".to_vec(),
        };
        assert_eq!(server.wait_for(1), [expected]);
        assert_eq!(client.say("QUIT"), 221);
        assert_eq!(client.answer(), 0);
    }

    #[test]
    fn it_refuses_where_it_was_told_to_and_takes_mail_again() {
        let server = SmtpServer::start();
        for (behaviour, codes) in [
            (SmtpBehaviour::RefuseRecipients(450), vec![220, 250, 250, 450]),
            (
                SmtpBehaviour::RefuseRecipient("b@example.com".to_owned(), 550),
                vec![220, 250, 250, 550],
            ),
            (SmtpBehaviour::RefuseData(452), vec![220, 250, 250, 250, 452]),
            (SmtpBehaviour::HangUp, vec![0, 0]),
        ] {
            server.behave(behaviour);
            let mut client = Client::connect(&server);
            if codes[0] == 0 {
                assert_eq!(client.answer(), 0);
            } else {
                assert_eq!(client.send("."), codes);
            }
        }
        assert!(server.messages().is_empty());
        server.behave(SmtpBehaviour::RefuseRecipient(
            "other@example.com".to_owned(),
            550,
        ));
        assert_eq!(Client::connect(&server).send(".").last(), Some(&250));
        assert_eq!(server.connections(), 5);
    }

    #[test]
    fn a_mail_may_be_taken_without_a_word() {
        let server = SmtpServer::start();
        server.behave(SmtpBehaviour::HangUpAfterData);
        assert_eq!(Client::connect(&server).send("."), [220, 250, 250, 250, 354, 0]);
        assert_eq!(server.messages().len(), 1);
    }

    #[test]
    fn addresses_outside_ascii_are_announced_and_taken() {
        let server = SmtpServer::start_with_smtputf8();
        let mut client = Client::connect(&server);
        assert_eq!(client.answer(), 220);
        assert_eq!(client.say("EHLO test"), 250);
        assert_eq!(
            client.say("MAIL FROM:<a@example.com> SMTPUTF8 BODY=8BITMIME"),
            250
        );
        assert_eq!(client.say("RCPT TO:<jörg@example.com>"), 250);
    }

    #[test]
    fn dropping_ends_open_sessions_and_refuses_new_ones() {
        let server = SmtpServer::start();
        let address = server.address;
        let mut client = Client::connect(&server);
        assert_eq!(client.answer(), 220);
        drop(server);
        assert_eq!(client.answer(), 0);
        assert!(TcpStream::connect(address).is_err());
    }

    #[test]
    fn waiting_ends_when_the_last_mail_arrives() {
        let server = SmtpServer::start();
        thread::scope(|scope| {
            let waiting = scope.spawn(|| server.wait_for(3).len());
            for _ in 0..3 {
                Client::connect(&server).send(".");
            }
            assert_eq!(waiting.join().unwrap(), 3);
        });
    }
}

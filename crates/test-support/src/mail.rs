//! Reading back what was mailed.

use mail_parser::MessageParser;
use std::fs;
use std::path::{Path, PathBuf};

/// A mail as its reader sees it: decoded headers and both bodies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsedMail {
    /// Address of the sender.
    pub from: String,
    /// Display name of the sender, when there is one.
    pub from_name: Option<String>,
    /// Address of the first recipient.
    pub to: String,
    /// Display name of the first recipient, when there is one.
    pub to_name: Option<String>,
    /// The decoded subject.
    pub subject: String,
    /// `Message-ID` without angle brackets.
    pub message_id: Option<String>,
    /// The plain text, lines ending in `\n`.
    pub text: String,
    /// The HTML, lines ending in `\n`.
    pub html: String,
    headers: Vec<(String, String)>,
}

impl ParsedMail {
    /// Reads a raw message.
    ///
    /// # Panics
    ///
    /// When `raw` isn't a message with a sender and a recipient.
    #[must_use]
    pub fn parse(raw: &[u8]) -> Self {
        let message = MessageParser::default().parse(raw).expect("a mail message");
        let from = message.from().and_then(|list| list.first()).expect("a sender");
        let to = message.to().and_then(|list| list.first()).expect("a recipient");
        Self {
            from: from.address().unwrap_or_default().to_owned(),
            from_name: from.name().map(str::to_owned),
            to: to.address().unwrap_or_default().to_owned(),
            to_name: to.name().map(str::to_owned),
            subject: message.subject().unwrap_or_default().to_owned(),
            message_id: message.message_id().map(str::to_owned),
            text: message.body_text(0).unwrap_or_default().replace("\r\n", "\n"),
            html: message.body_html(0).unwrap_or_default().replace("\r\n", "\n"),
            headers: message
                .headers_raw()
                .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
                .collect(),
        }
    }

    /// Every raw value of the header `name`, in the order they stand in the message.
    #[must_use]
    pub fn header(&self, name: &str) -> Vec<&str> {
        self.headers
            .iter()
            .filter(|(header, _)| header.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
            .collect()
    }

    /// The first link of the plain text.
    #[must_use]
    pub fn link(&self) -> Option<&str> {
        let start = self
            .text
            .find("https://")
            .into_iter()
            .chain(self.text.find("http://"))
            .min()?;
        let link = &self.text[start..];
        let end = link
            .find(|c: char| c.is_whitespace() || "<>\"".contains(c))
            .unwrap_or(link.len());
        Some(&link[..end])
    }

    /// The token that the first link carries in its fragment, as in `…/claim#token=…`.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        let (_, fragment) = self.link()?.split_once('#')?;
        fragment.split('&').find_map(|pair| pair.strip_prefix("token="))
    }
}

/// The first link in the plain text of a raw message: what a reader would click.
///
/// # Examples
///
/// ```
/// let raw = b"From: a@example.com\r\nTo: b@example.com\r\n\r\nOpen https://v.example/claim#token=abc\r\n";
/// assert_eq!(vestibule_test_support::find_link(raw).as_deref(), Some("https://v.example/claim#token=abc"));
/// assert_eq!(vestibule_test_support::find_token(raw).as_deref(), Some("abc"));
/// ```
#[must_use]
pub fn find_link(raw: &[u8]) -> Option<String> {
    ParsedMail::parse(raw).link().map(str::to_owned)
}

/// The claim or reset token in the first link of a raw message.
#[must_use]
pub fn find_token(raw: &[u8]) -> Option<String> {
    ParsedMail::parse(raw).token().map(str::to_owned)
}

/// A message that the file transport wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailFile {
    /// Where it lies; the name is the outbox id.
    pub path: PathBuf,
    /// Its content.
    pub mail: ParsedMail,
}

/// Every `.eml` in `folder`, sorted by file name; empty when the folder doesn't exist yet.
///
/// Outbox ids sort by creation, so the last file is the newest mail.
///
/// # Panics
///
/// When a file can't be read or isn't a mail.
#[must_use]
pub fn mails_in(folder: &Path) -> Vec<MailFile> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "eml"))
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let raw = fs::read(&path).expect("a readable mail");
            MailFile {
                mail: ParsedMail::parse(&raw),
                path,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RAW: &str = "From: =?utf-8?Q?Acm=C3=A9?= <no-reply@acme.example>\r\n\
        To: \"Lovelace, Ada\" <ada@example.com>\r\n\
        Subject: =?utf-8?B?V2VsY29tZSDigJMgaGk=?=\r\n\
        Message-ID: <1@acme.example>\r\n\
        X-Test: one\r\n\
        X-Test: two\r\n\
        MIME-Version: 1.0\r\n\
        Content-Type: multipart/alternative; boundary=b\r\n\r\n\
        --b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
        Open\r\n<https://v.example/claim#x=3D1&token=3Dabc-_>\r\nor don't.\r\n\
        --b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Open</p>\r\n--b--\r\n";

    #[test]
    fn encoded_headers_and_both_bodies_are_decoded() {
        let mail = ParsedMail::parse(RAW.as_bytes());
        assert_eq!(
            (mail.from.as_str(), mail.from_name.as_deref()),
            ("no-reply@acme.example", Some("Acmé"))
        );
        assert_eq!(
            (mail.to.as_str(), mail.to_name.as_deref()),
            ("ada@example.com", Some("Lovelace, Ada"))
        );
        assert_eq!(mail.subject, "Welcome – hi");
        assert_eq!(mail.message_id.as_deref(), Some("1@acme.example"));
        assert_eq!(mail.header("x-test"), ["one", "two"]);
        assert!(mail.text.starts_with("Open\n"));
        assert!(mail.html.contains("<p>Open</p>"));
    }

    #[test]
    fn the_link_ends_where_a_reader_would_end_it() {
        assert_eq!(
            find_link(RAW.as_bytes()).unwrap(),
            "https://v.example/claim#x=1&token=abc-_"
        );
        assert_eq!(find_token(RAW.as_bytes()).unwrap(), "abc-_");
    }

    #[test]
    fn a_mail_without_a_link_has_none() {
        let raw = b"From: a@example.com\r\nTo: b@example.com\r\n\r\nNothing to open.\r\n";
        assert_eq!(find_link(raw), None);
        assert_eq!(find_token(raw), None);
    }

    #[test]
    fn mails_come_in_the_order_of_their_names_and_other_files_are_left_out() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["2.eml", "1.eml", "3.tmp"] {
            fs::write(folder.path().join(name), RAW).unwrap();
        }
        let mails = mails_in(folder.path());
        let names: Vec<_> = mails
            .iter()
            .map(|mail| mail.path.file_name().unwrap().to_str().unwrap())
            .collect();
        assert_eq!(names, ["1.eml", "2.eml"]);
        assert_eq!(mails_in(&folder.path().join("missing")), []);
    }
}

use super::{Delivered, Transport};
use crate::address::Mailbox;
use crate::error::{MailError, SettingsError};
use crate::message::Message;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// How often a message is written anew when its unfinished file vanishes under us.
const ATTEMPTS: usize = 5;

/// Files each message exactly once as `{outbox_id}.eml`, also across a kill and with several processes.
///
/// A message is written under a temporary name in the same folder, brought to the disk, and only then linked to
/// its final name, which fails when that name is taken. So a file that ends in `.eml` is always whole.
/// Moving or deleting a filed message makes it unknown: delivering it again files it again.
#[derive(Debug)]
pub struct FileTransport {
    directory: PathBuf,
    from: Mailbox,
}

impl FileTransport {
    /// Files into `directory`, made for its owner alone when missing; removes what a killed process left unfinished.
    ///
    /// # Errors
    ///
    /// [`SettingsError::Directory`] when the folder can't be made, read or written to.
    pub fn new(directory: &Path, from: Mailbox) -> Result<Self, SettingsError> {
        let transport = Self {
            directory: directory.to_owned(),
            from,
        };
        transport.prepare().map_err(|source| SettingsError::Directory {
            directory: directory.to_owned(),
            source,
        })?;
        Ok(transport)
    }

    fn prepare(&self) -> io::Result<()> {
        make_directory(&self.directory)?;
        for entry in fs::read_dir(&self.directory)? {
            let entry = entry?;
            if is_unfinished(&entry.file_name().to_string_lossy()) {
                // Should it be the file of a process that is alive, that process writes it again.
                remove_if_there(&entry.path())?;
            }
        }
        let probe = self.temporary_path(Uuid::nil());
        File::create_new(&probe)?;
        remove_if_there(&probe)
    }

    fn final_path(&self, outbox_id: Uuid) -> PathBuf {
        self.directory.join(format!("{outbox_id}.eml"))
    }

    fn temporary_path(&self, outbox_id: Uuid) -> PathBuf {
        // A number of its own for every attempt: two processes may be at the same message, even with equal pids.
        let unique = RandomState::new().hash_one(std::process::id());
        self.directory
            .join(format!(".{outbox_id}.{unique:016x}.unfinished"))
    }

    fn file_once(&self, outbox_id: Uuid, content: &[u8]) -> io::Result<Delivered> {
        let temporary = self.temporary_path(outbox_id);
        let outcome = write_to_disk(&temporary, content)
            .and_then(|()| link_once(&temporary, &self.final_path(outbox_id)));
        let removed = remove_if_there(&temporary);
        let delivered = outcome?;
        removed?;
        // The name is in the folder; this brings the folder to the disk.
        File::open(&self.directory)?.sync_all()?;
        Ok(delivered)
    }
}

impl Transport for FileTransport {
    fn deliver(&self, message: &Message) -> Result<Delivered, MailError> {
        if self.already_delivered(message.outbox_id) {
            return Ok(Delivered::Before);
        }
        let content = message.to_eml(&self.from)?;
        let mut outcome = Ok(Delivered::Before);
        for _ in 0..ATTEMPTS {
            outcome = self.file_once(message.outbox_id, &content);
            match &outcome {
                // The folder was removed, or another process tidied up our unfinished file.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    outcome = make_directory(&self.directory).and(outcome);
                }
                _ => break,
            }
        }
        outcome.map_err(|error| {
            MailError::temporary(format!(
                "cannot write mail to {}: {error}",
                self.directory.display()
            ))
        })
    }

    fn already_delivered(&self, outbox_id: Uuid) -> bool {
        self.final_path(outbox_id).exists()
    }
}

fn is_unfinished(name: &str) -> bool {
    name.starts_with('.') && name.ends_with(".unfinished")
}

fn make_directory(directory: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}

fn write_to_disk(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

/// Gives the file its final name, unless that is taken.
fn link_once(temporary: &Path, path: &Path) -> io::Result<Delivered> {
    match fs::hard_link(temporary, path) {
        Ok(()) => Ok(Delivered::Now),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(Delivered::Before),
        Err(error) => Err(error),
    }
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

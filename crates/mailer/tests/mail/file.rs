//! The file transport: each message exactly once, whatever happens.

use crate::{from, id, message};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Barrier;
use vestibule_mailer::{Delivered, FileTransport, Transport};
use vestibule_test_support::{ParsedMail, mails_in};

fn transport(folder: &Path) -> FileTransport {
    FileTransport::new(folder, from()).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_message_becomes_one_file_named_by_its_outbox_id() {
    let folder = tempfile::tempdir().unwrap();
    let mail = transport(folder.path());
    assert!(!mail.already_delivered(id(7)));
    assert_eq!(mail.deliver(&message(7)).unwrap(), Delivered::Now);
    assert!(mail.already_delivered(id(7)));
    assert_eq!(names(folder.path()), [format!("{}.eml", id(7))]);
    let raw = fs::read(folder.path().join(format!("{}.eml", id(7)))).unwrap();
    assert_eq!(raw, message(7).to_eml(&from()).unwrap());
}

#[test]
fn a_second_delivery_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mail = transport(folder.path());
    mail.deliver(&message(7)).unwrap();
    let mut other = message(7);
    other.text = "another link".to_owned();
    assert_eq!(mail.deliver(&other).unwrap(), Delivered::Before);
    assert!(mails_in(folder.path())[0].mail.text.contains("Hello Ada"));
    assert_eq!(names(folder.path()).len(), 1);
}

#[test]
fn what_a_crash_left_between_writing_and_linking_is_removed_and_the_message_still_goes_out() {
    let folder = tempfile::tempdir().unwrap();
    let left = format!(".{}.0123456789abcdef.unfinished", id(7));
    fs::write(folder.path().join(&left), "From: half a mess").unwrap();
    fs::write(folder.path().join("notes.txt"), "not ours").unwrap();
    assert!(mails_in(folder.path()).is_empty());
    let mail = transport(folder.path());
    assert_eq!(names(folder.path()), ["notes.txt"]);
    assert_eq!(mail.deliver(&message(7)).unwrap(), Delivered::Now);
    assert_eq!(mails_in(folder.path()).len(), 1);
}

#[test]
fn a_crash_between_linking_and_tidying_up_is_one_message_too() {
    let folder = tempfile::tempdir().unwrap();
    transport(folder.path()).deliver(&message(7)).unwrap();
    let path = folder.path().join(format!("{}.eml", id(7)));
    fs::hard_link(
        &path,
        folder
            .path()
            .join(format!(".{}.0123456789abcdef.unfinished", id(7))),
    )
    .unwrap();
    let mail = transport(folder.path());
    assert_eq!(mail.deliver(&message(7)).unwrap(), Delivered::Before);
    assert_eq!(names(folder.path()), [format!("{}.eml", id(7))]);
}

#[test]
fn of_many_deliveries_at_once_exactly_one_files_the_message() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..10 {
        let barrier = Barrier::new(16);
        let now = std::thread::scope(|scope| {
            let deliveries: Vec<_> = (0..16)
                .map(|_| {
                    let mail = transport(folder.path());
                    let barrier = &barrier;
                    scope.spawn(move || {
                        barrier.wait();
                        mail.deliver(&message(number)).unwrap()
                    })
                })
                .collect();
            deliveries
                .into_iter()
                .map(|delivery| delivery.join().unwrap())
                .filter(|delivered| *delivered == Delivered::Now)
                .count()
        });
        assert_eq!(now, 1);
    }
    assert_eq!(names(folder.path()).len(), 10);
}

#[test]
fn a_process_that_starts_while_another_delivers_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mail = transport(folder.path());
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..20 {
                transport(folder.path());
            }
        });
        for number in 0..50 {
            // Tidying up may win over and over; the outbox would come back, so does this test.
            while mail.deliver(&message(number)).is_err() {}
        }
    });
    assert_eq!(mails_in(folder.path()).len(), 50);
    assert_eq!(names(folder.path()).len(), 50);
}

const KILLED: &str = "VESTIBULE_TEST_KILLED_FOLDER";
const MESSAGES: u128 = 300;

#[test]
#[ignore = "the child of the kill test"]
fn child_that_delivers_until_it_is_killed() {
    let Some(folder) = std::env::var_os(KILLED) else {
        return;
    };
    let mail = transport(Path::new(&folder));
    for number in 0..MESSAGES {
        mail.deliver(&message(number)).unwrap();
    }
}

#[test]
fn killed_again_and_again_every_message_is_filed_exactly_once_and_whole() {
    let folder = tempfile::tempdir().unwrap();
    let mut seen = 0;
    loop {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "file::child_that_delivers_until_it_is_killed",
                "--ignored",
            ])
            .env(KILLED, folder.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        // Killed wherever it is once it has got a little further than the one before.
        seen += 60;
        loop {
            if fs::read_dir(folder.path()).unwrap().count() >= seen {
                child.kill().unwrap();
                break;
            }
            if child.try_wait().unwrap().is_some() {
                break;
            }
            std::thread::yield_now();
        }
        let done = child.wait().unwrap().success();
        for entry in mails_in(folder.path()) {
            let id = entry.path.file_stem().unwrap().to_str().unwrap().to_owned();
            assert_eq!(entry.mail.message_id.unwrap(), format!("{id}@vestibule.example"));
            assert!(entry.mail.html.trim_end().ends_with("</html>"));
        }
        if done {
            break;
        }
    }
    transport(folder.path());
    assert_eq!(names(folder.path()).len(), MESSAGES as usize);
}

#[test]
fn a_missing_folder_is_made_for_its_owner_alone_also_when_it_vanishes_later() {
    use std::os::unix::fs::PermissionsExt;
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("data").join("mail");
    let mail = transport(&folder);
    assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    fs::remove_dir(&folder).unwrap();
    assert_eq!(mail.deliver(&message(7)).unwrap(), Delivered::Now);
    assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    let file = folder.join(format!("{}.eml", id(7)));
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(ParsedMail::parse(&fs::read(file).unwrap()).to, "ada@example.com");
}

#[test]
fn a_folder_that_cannot_be_made_is_a_setting_to_change() {
    let parent = tempfile::tempdir().unwrap();
    let file = parent.path().join("file");
    fs::write(&file, "").unwrap();
    let error = FileTransport::new(&file.join("mail"), from()).unwrap_err();
    assert!(error.to_string().contains("cannot write mail to"), "{error}");
}

#[test]
fn a_folder_that_became_unusable_is_temporary_and_tells_no_secret() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("mail");
    let mail = transport(&folder);
    fs::remove_dir(&folder).unwrap();
    fs::write(&folder, "a file where the folder was").unwrap();
    let error = mail.deliver(&message(7)).unwrap_err();
    assert!(error.is_temporary());
    assert!(!error.to_string().contains(crate::TOKEN));
}

//! Journals are readable whatever happened to them, and released ones stay readable.

use std::fs;

use repair::{Error, Standing};

use crate::scratch::{Course, Scratch};

#[test]
fn any_prefix_of_a_journal_is_calm() {
    let scratch = Scratch::new();
    Course::undisturbed()
        .carry_out(&scratch.shelf, &scratch.plan("p"))
        .unwrap();
    let path = scratch.path("journals/p.journal");
    let whole = fs::read(&path).unwrap();
    for length in 0..whole.len() {
        fs::write(&path, &whole[..length]).unwrap();
        match scratch.shelf.receipt("p") {
            Ok(receipt) => {
                assert_eq!(receipt.torn, whole[length - 1] != b'\n');
                assert_eq!(receipt.standing(), Standing::Open);
            }
            Err(error) => assert!(
                matches!(error, Error::NoSuchPlan { .. }),
                "{length}: {error}"
            ),
        }
    }
}

#[test]
fn a_torn_last_line_is_cut_off_before_more_is_written() {
    let scratch = Scratch::new();
    let before = scratch.picture();
    Course::undisturbed()
        .carry_out(&scratch.shelf, &scratch.plan("p"))
        .unwrap();
    let path = scratch.path("journals/p.journal");
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() - 3]).unwrap();
    assert!(
        Course::undisturbed()
            .undo(&scratch.shelf, "p")
            .unwrap()
            .is_empty()
    );
    assert_eq!(scratch.picture(), before);
    let receipt = scratch.shelf.receipt("p").unwrap();
    assert!(!receipt.torn);
    assert_eq!(receipt.standing(), Standing::RolledBack);
}

#[test]
fn a_damaged_line_is_named() {
    let scratch = Scratch::new();
    Course::undisturbed()
        .carry_out(&scratch.shelf, &scratch.plan("p"))
        .unwrap();
    let path = scratch.path("journals/p.journal");
    let text = fs::read_to_string(&path)
        .unwrap()
        .replacen("about", "abuot", 1);
    fs::write(&path, text).unwrap();
    assert!(matches!(
        scratch.shelf.receipt("p"),
        Err(Error::Journal { line: 2, .. })
    ));
}

#[test]
fn names_that_leave_the_folder_are_refused() {
    let scratch = Scratch::new();
    for id in ["", "..", "../p", "a/b", ".hidden", "a b"] {
        assert!(
            matches!(scratch.shelf.receipt(id), Err(Error::BadName { .. })),
            "{id}"
        );
    }
}

#[test]
fn old_receipts_parse() {
    let scratch = Scratch::new();
    let first = concat!(
        r#"{"begun":{"plan":{"schema":"rdpdoctor/plan/1","id":"p","cause":"secure.key-unreadable","drafted_at":0,"#,
        r#""steps":[{"step":{"set":{"key":{"mode":{"file":"/k"}},"to":{"mode":416}}},"why":"w"}]},"at":1}}"#,
        "\n",
        r#"{"about":{"step":0,"was":{"mode":384}}}"#,
        "\n",
        r#"{"done":{"step":0}}"#,
        "\n",
        r#"{"kept":{"at":2}}"#,
        "\n",
    );
    fs::write(scratch.path("journals/p.journal"), first).unwrap();
    let receipt = scratch.shelf.receipt("p").unwrap();
    assert_eq!(receipt.standing(), Standing::Kept);
    assert_eq!(receipt.in_force(), [0]);
    assert_eq!(scratch.shelf.list().unwrap(), ["p"]);
}

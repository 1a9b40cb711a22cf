//! The law `pulling_the_cord_anywhere_is_undone`: any plan, any crash point, state restored.

use std::fs;

use repair::{Carried, Error, Standing};

use crate::scratch::{Course, Scratch};

/// The number of changes on disk that carrying out the whole plan announces.
fn announced() -> usize {
    let scratch = Scratch::new();
    let mut course = Course::undisturbed();
    assert!(matches!(
        course.carry_out(&scratch.shelf, &scratch.plan("p")),
        Ok(Carried::Kept)
    ));
    course.announced
}

#[test]
fn pulling_the_cord_anywhere_is_undone() {
    let all = announced();
    assert!(all > 15, "{all} points are too few for this plan");
    for cord_after in 0..all {
        let scratch = Scratch::new();
        let before = scratch.picture();
        let mut course = Course {
            cord_after,
            ..Course::undisturbed()
        };
        let died = course.carry_out(&scratch.shelf, &scratch.plan("p"));
        assert!(matches!(died, Err(Error::Stopped)), "{cord_after}");
        match Course::undisturbed().undo(&scratch.shelf, "p") {
            Ok(left) => assert!(left.is_empty(), "{cord_after}: {left:?}"),
            // Death before the first line was on disk: nothing was begun.
            Err(Error::NoSuchPlan { .. }) => assert_eq!(cord_after, 0),
            Err(error) => panic!("{cord_after}: {error}"),
        }
        assert_eq!(scratch.picture(), before, "died after {cord_after}");
    }
}

#[test]
fn a_half_written_draft_is_swept_up() {
    let scratch = Scratch::new();
    let before = scratch.picture();
    // The cord is pulled after the entry about the first step and before its file is touched; death
    // in the middle of writing leaves a draft there as well.
    let mut course = Course {
        cord_after: 2,
        ..Course::undisturbed()
    };
    assert!(
        course
            .carry_out(&scratch.shelf, &scratch.plan("p"))
            .is_err()
    );
    fs::write(scratch.path("etc/.xrdp.ini.rdpdoctor"), "[Glo").unwrap();
    assert!(
        Course::undisturbed()
            .undo(&scratch.shelf, "p")
            .unwrap()
            .is_empty()
    );
    assert_eq!(scratch.picture(), before);
}

#[test]
fn pulling_the_cord_during_the_undo_too_is_undone() {
    let mut points = Course::undisturbed();
    {
        let scratch = Scratch::new();
        Course::undisturbed()
            .carry_out(&scratch.shelf, &scratch.plan("p"))
            .unwrap();
        points.undo(&scratch.shelf, "p").unwrap();
    }
    for cord_after in 0..points.announced {
        let scratch = Scratch::new();
        let before = scratch.picture();
        Course::undisturbed()
            .carry_out(&scratch.shelf, &scratch.plan("p"))
            .unwrap();
        let mut course = Course {
            cord_after,
            ..Course::undisturbed()
        };
        assert!(matches!(
            course.undo(&scratch.shelf, "p"),
            Err(Error::Stopped)
        ));
        assert!(
            Course::undisturbed()
                .undo(&scratch.shelf, "p")
                .unwrap()
                .is_empty()
        );
        assert_eq!(scratch.picture(), before, "died after {cord_after}");
        assert_eq!(
            scratch.shelf.receipt("p").unwrap().standing(),
            Standing::RolledBack
        );
    }
}

#[test]
fn a_cause_that_is_still_there_rolls_everything_back() {
    let scratch = Scratch::new();
    let before = scratch.picture();
    let mut course = Course {
        mended: false,
        ..Course::undisturbed()
    };
    let Ok(Carried::RolledBack { failed: None, left }) =
        course.carry_out(&scratch.shelf, &scratch.plan("p"))
    else {
        panic!("it was kept");
    };
    assert!(left.is_empty());
    assert_eq!(scratch.picture(), before);
    assert_eq!(
        course.restarts, 2,
        "the service must read the old values again"
    );
}

#[test]
fn a_failing_step_rolls_everything_back_and_goes_on_past_what_cannot_be_undone() {
    let scratch = Scratch::new();
    let before = scratch.picture();
    let mut course = Course {
        action_fails: true,
        ..Course::undisturbed()
    };
    let Ok(Carried::RolledBack {
        failed: Some(_),
        left,
    }) = course.carry_out(&scratch.shelf, &scratch.plan("p"))
    else {
        panic!("it was kept");
    };
    // The restart on the way back fails as well; every value is back all the same.
    assert_eq!(left.len(), 1);
    assert_eq!(scratch.picture(), before);
}

#[test]
fn another_hand_in_the_same_file_is_left_alone() {
    let scratch = Scratch::new();
    let before = scratch.picture();
    Course::undisturbed()
        .carry_out(&scratch.shelf, &scratch.plan("p"))
        .unwrap();
    let ini = scratch.path("etc/xrdp.ini");
    let theirs = fs::read_to_string(&ini)
        .unwrap()
        .replace("LogLevel=INFO", "LogLevel=DEBUG");
    fs::write(&ini, theirs).unwrap();
    assert!(
        Course::undisturbed()
            .undo(&scratch.shelf, "p")
            .unwrap()
            .is_empty()
    );
    let mut expected = before;
    let text = crate::scratch::INI.replace("LogLevel=INFO", "LogLevel=DEBUG");
    expected.get_mut("xrdp.ini").unwrap().0 = text.into_bytes();
    assert_eq!(scratch.picture(), expected);
}

#[test]
fn a_file_somebody_replaced_is_not_overwritten() {
    let scratch = Scratch::new();
    Course::undisturbed()
        .carry_out(&scratch.shelf, &scratch.plan("p"))
        .unwrap();
    fs::write(scratch.path("etc/new.pem"), "theirs").unwrap();
    let left = Course::undisturbed().undo(&scratch.shelf, "p").unwrap();
    assert!(matches!(left.as_slice(), [left] if matches!(left.error, Error::ChangedSince { .. })));
    assert_eq!(
        fs::read_to_string(scratch.path("etc/new.pem")).unwrap(),
        "theirs"
    );
    assert_eq!(
        scratch.shelf.receipt("p").unwrap().standing(),
        Standing::Kept
    );
}

#[test]
fn two_at_once_exclude_each_other() {
    let scratch = Scratch::new();
    let before = scratch.picture();
    let held = scratch.shelf.lock("tests").unwrap();
    let second = Course::undisturbed().carry_out(&scratch.shelf, &scratch.plan("p"));
    let Err(busy @ Error::Busy { .. }) = second else {
        panic!("{second:?}");
    };
    let told = busy.to_string();
    let number = std::process::id().to_string();
    assert!(told.contains(&number) && told.contains("tests"), "{told}");
    assert_eq!(scratch.picture(), before);
    drop(held);
    assert!(
        Course::undisturbed()
            .carry_out(&scratch.shelf, &scratch.plan("p"))
            .is_ok()
    );
    let again = Course::undisturbed().carry_out(&scratch.shelf, &scratch.plan("p"));
    assert!(matches!(again, Err(Error::BegunBefore { .. })));
}

#[test]
fn what_died_anywhere_can_also_be_finished() {
    let all = announced();
    let done = {
        let scratch = Scratch::new();
        Course::undisturbed()
            .carry_out(&scratch.shelf, &scratch.plan("p"))
            .unwrap();
        scratch.picture()
    };
    for cord_after in 1..all {
        let scratch = Scratch::new();
        let before = scratch.picture();
        let mut course = Course {
            cord_after,
            ..Course::undisturbed()
        };
        assert!(
            course
                .carry_out(&scratch.shelf, &scratch.plan("p"))
                .is_err()
        );
        match Course::undisturbed().finish(&scratch.shelf, "p") {
            Ok(Carried::Kept) => {}
            other => panic!("{cord_after}: {other:?}"),
        }
        let contents = |picture: &crate::scratch::Picture| -> Vec<Vec<u8>> {
            picture.values().map(|file| file.0.clone()).collect()
        };
        assert_eq!(
            contents(&scratch.picture()),
            contents(&done),
            "{cord_after}"
        );
        assert!(
            Course::undisturbed()
                .undo(&scratch.shelf, "p")
                .unwrap()
                .is_empty()
        );
        assert_eq!(scratch.picture(), before, "finished after {cord_after}");
    }
}

#[test]
fn an_interruption_anywhere_takes_everything_back_at_once() {
    for interrupted_after in 2..announced() {
        let scratch = Scratch::new();
        let before = scratch.picture();
        let mut course = Course {
            interrupted_after,
            ..Course::undisturbed()
        };
        match course.carry_out(&scratch.shelf, &scratch.plan("p")) {
            Ok(Carried::RolledBack {
                failed: Some(Error::Interrupted),
                left,
            }) => assert!(left.is_empty(), "{interrupted_after}: {left:?}"),
            other => panic!("{interrupted_after}: {other:?}"),
        }
        assert_eq!(scratch.picture(), before, "{interrupted_after}");
    }
}

#[test]
fn a_plan_nobody_here_can_judge_waits_to_be_kept() {
    let scratch = Scratch::new();
    let before = scratch.picture();
    let mut course = Course {
        elsewhere: true,
        armed: Some(repair::Armed {
            process: 7,
            until: model::UnixSeconds(99),
        }),
        ..Course::undisturbed()
    };
    assert!(matches!(
        course.carry_out(&scratch.shelf, &scratch.plan("p")),
        Ok(Carried::Held)
    ));
    let receipt = scratch.shelf.receipt("p").unwrap();
    assert_eq!(receipt.standing(), Standing::Held);
    assert_eq!(receipt.armed_until(), Some(model::UnixSeconds(99)));
    let keep = |at| {
        let lock = scratch.shelf.lock("keeps").unwrap();
        repair::keep(&lock, &scratch.shelf, "p", model::UnixSeconds(at))
    };
    keep(5).unwrap();
    assert_eq!(
        scratch.shelf.receipt("p").unwrap().standing(),
        Standing::Kept
    );
    Course::undisturbed().undo(&scratch.shelf, "p").unwrap();
    assert_eq!(scratch.picture(), before);
    assert!(matches!(keep(6), Err(Error::NotHeld { .. })));
}

#[test]
fn nothing_is_left_of_the_room_that_was_kept() {
    let scratch = Scratch::new();
    Course::undisturbed()
        .carry_out(&scratch.shelf, &scratch.plan("p"))
        .unwrap();
    let names: Vec<_> = fs::read_dir(scratch.shelf.folder())
        .unwrap()
        .map(|item| item.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(
        names.iter().all(|name| !name.ends_with(".reserve")),
        "{names:?}"
    );
}

#[cfg(unix)]
#[test]
fn a_mode_somebody_else_changed_since_is_theirs() {
    let scratch = Scratch::new();
    Course::undisturbed()
        .carry_out(&scratch.shelf, &scratch.plan("p"))
        .unwrap();
    let key = model::plan::Key::Mode {
        file: scratch.path("etc/key.pem"),
    };
    let theirs = model::plan::Value::Mode(0o644);
    crate::scratch::machine().write(&key, &theirs).unwrap();
    let left = Course::undisturbed().undo(&scratch.shelf, "p").unwrap();
    assert!(matches!(left.as_slice(), [left] if matches!(left.error, Error::ChangedSince { .. })));
    assert_eq!(crate::scratch::machine().read(&key).unwrap(), theirs);
}

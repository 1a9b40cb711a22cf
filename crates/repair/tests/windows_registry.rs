//! The same law on the registry of Windows: any crash point, every key and value back to the letter.

use std::collections::BTreeMap;

use model::plan::{Hive, Key, Plan, PlannedStep, RegistryValue, Step, Value};
use model::{Bytes, UnixSeconds};
use repair::{Carried, Error, Shelf};
use windows_registry::{CURRENT_USER, Type};

use crate::scratch::{Course, machine};

/// A branch of the user's registry for one test.
struct Branch {
    path: String,
    shelf: Shelf,
    _folder: tempfile::TempDir,
}

impl Branch {
    fn new(name: &str) -> Self {
        let path = format!(r"SOFTWARE\rdpdoctor-test\{name}");
        let _ = CURRENT_USER.remove_tree(&path);
        let key = CURRENT_USER.create(&path).unwrap();
        key.set_u32("Number", 3389).unwrap();
        key.set_string("Text", "zażółć \u{1f5a5}").unwrap();
        let certificates = key.create(r"Certificates\0A0B").unwrap();
        certificates
            .set_bytes("Blob", Type::Bytes, &[0, 255, 1])
            .unwrap();
        certificates
            .set_multi_string("Names", &["a", "", "b"])
            .unwrap();
        certificates
            .set_expand_string("File", "%SystemRoot%\\x")
            .unwrap();
        key.create(r"Certificates\Empty").unwrap();
        let folder = tempfile::tempdir().unwrap();
        Self {
            path,
            shelf: Shelf::open(&folder.path().join("journals")).unwrap(),
            _folder: folder,
        }
    }

    fn picture(&self) -> Value {
        let hive = Hive::User;
        let path = self.path.clone();
        machine().read(&Key::RegistryTree { hive, path }).unwrap()
    }

    fn key(&self, below: &str, name: &str) -> Key {
        Key::Registry {
            hive: Hive::User,
            path: format!("{}{below}", self.path),
            name: name.into(),
        }
    }

    fn tree(&self) -> Key {
        Key::RegistryTree {
            hive: Hive::User,
            path: format!(r"{}\Certificates", self.path),
        }
    }

    /// A value changed, taken away, made where there was none, made with the keys it stands in; a key taken away.
    fn plan(&self) -> Plan {
        let dword = |number| Value::Registry(RegistryValue::Dword(number));
        let steps = [
            (self.key("", "Number"), dword(3390)),
            (self.key("", "Text"), Value::Absent),
            (
                self.key("", "New"),
                Value::Registry(RegistryValue::Binary(Bytes(vec![9; 40]))),
            ),
            (self.key(r"\Policies\Of\Ours", "Other"), dword(1)),
            (self.tree(), Value::Absent),
        ];
        let steps = steps
            .map(|(key, to)| PlannedStep::new(Step::Set { key, to }, "a test"))
            .to_vec();
        Plan::new("p", "secure.certificate-expired", UnixSeconds(0), steps)
    }
}

impl Drop for Branch {
    fn drop(&mut self) {
        // A test that failed before it was made leaves nothing.
        let _ = CURRENT_USER.remove_tree(&self.path);
    }
}

#[test]
fn pulling_the_cord_anywhere_in_the_registry_is_undone() {
    let mut course = Course::undisturbed();
    {
        let branch = Branch::new("whole");
        assert!(matches!(
            course.carry_out(&branch.shelf, &branch.plan()),
            Ok(Carried::Kept)
        ));
        let Value::Tree(after) = branch.picture() else {
            panic!("nothing is left");
        };
        let names: Vec<&str> = after.keys().map(String::as_str).collect();
        assert_eq!(names, ["", "Policies", r"Policies\Of", r"Policies\Of\Ours"]);
        assert_eq!(after[""]["Number"], RegistryValue::Dword(3390));
        assert!(!after[""].contains_key("Text"));
    }
    assert!(course.announced > 12, "{} points", course.announced);
    for cord_after in 0..course.announced {
        let branch = Branch::new("cord");
        let before = branch.picture();
        let mut dying = Course {
            cord_after,
            ..Course::undisturbed()
        };
        let died = dying.carry_out(&branch.shelf, &branch.plan());
        assert!(matches!(died, Err(Error::Stopped)), "{cord_after}");
        match Course::undisturbed().undo(&branch.shelf, "p") {
            Ok(left) => assert!(left.is_empty(), "{cord_after}: {left:?}"),
            Err(Error::NoSuchPlan { .. }) => assert_eq!(cord_after, 0),
            Err(error) => panic!("{cord_after}: {error}"),
        }
        assert_eq!(branch.picture(), before, "died after {cord_after}");
    }
}

#[test]
fn what_windows_put_there_since_stays() {
    let branch = Branch::new("since");
    let Value::Tree(before) = branch.picture() else {
        panic!("no tree");
    };
    Course::undisturbed()
        .carry_out(&branch.shelf, &branch.plan())
        .unwrap();
    let theirs = CURRENT_USER
        .create(format!(r"{}\Certificates\NEW", branch.path))
        .unwrap();
    theirs.set_bytes("Blob", Type::Bytes, &[7]).unwrap();
    CURRENT_USER
        .create(format!(r"{}\Policies\Of", branch.path))
        .unwrap()
        .set_u32("Theirs", 5)
        .unwrap();
    let left = Course::undisturbed().undo(&branch.shelf, "p").unwrap();
    assert!(left.is_empty(), "{left:?}");
    let mut expected = before;
    let blob = RegistryValue::Binary(Bytes(vec![7]));
    expected.insert(
        r"Certificates\NEW".into(),
        BTreeMap::from([("Blob".into(), blob)]),
    );
    expected.insert("Policies".into(), BTreeMap::new());
    expected.insert(
        r"Policies\Of".into(),
        BTreeMap::from([("Theirs".into(), RegistryValue::Dword(5))]),
    );
    assert_eq!(branch.picture(), Value::Tree(expected));
}

#[test]
fn a_value_somebody_changed_since_is_theirs() {
    let branch = Branch::new("theirs");
    Course::undisturbed()
        .carry_out(&branch.shelf, &branch.plan())
        .unwrap();
    let key = CURRENT_USER.create(&branch.path).unwrap();
    key.set_u32("Number", 4000).unwrap();
    let left = Course::undisturbed().undo(&branch.shelf, "p").unwrap();
    assert!(
        matches!(left.as_slice(), [left] if left.step == 0 && matches!(left.error, Error::ChangedSince { .. })),
        "{left:?}"
    );
    assert_eq!(key.get_u32("Number").unwrap(), 4000);
}

#[test]
fn what_could_not_be_put_back_is_not_touched() {
    let branch = Branch::new("strange");
    let key = CURRENT_USER.create(&branch.path).unwrap();
    // A kind that no plan knows (`REG_LINK`).
    key.set_bytes("Text", Type::Other(6), &[65, 0]).unwrap();
    let before = key.get_value("Text").unwrap();
    let failed = Course::undisturbed().carry_out(&branch.shelf, &branch.plan());
    assert!(
        matches!(&failed, Err(Error::Action { says, .. }) if says.contains("put back")),
        "{failed:?}"
    );
    assert_eq!(key.get_value("Text").unwrap(), before);
    assert_eq!(key.get_u32("Number").unwrap(), 3389);
}

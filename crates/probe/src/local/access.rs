//! Access lists of Windows as text (SDDL, \[MS-DTYP\] 2.5.1), as far as they decide who may read a key.
//!
//! Names of accounts differ with the language of the system; identifiers do not.

/// NETWORK SERVICE, as which the Remote Desktop service runs.
const NETWORK_SERVICE: &str = "S-1-5-20";
/// The identifiers in the token of the Remote Desktop service: NETWORK SERVICE, Everyone, Authenticated Users,
/// Users, Service, Local, and the one made from its name (TermService).
const TOKEN: &[&str] = &[
    NETWORK_SERVICE,
    "NS",
    "S-1-1-0",
    "WD",
    "S-1-5-11",
    "AU",
    "S-1-5-32-545",
    "BU",
    "S-1-5-6",
    "SU",
    "S-1-2-0",
    "S-1-5-80-0",
    "S-1-5-80-446051430-1559341753-4161941529-1950928533-810483104",
];

/// What the files of keys and their folder let the Remote Desktop service do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// The name of the file.
    pub name: String,
    /// The service may read it; `None` when its list cannot be understood.
    pub readable: Option<bool>,
}

/// Reads what `icacls PATH /save FILE` writes: a line with a name, a line with its list, and so on.
pub fn saved(text: &str) -> Vec<Saved> {
    let mut lines = text
        .lines()
        .map(|line| line.trim_matches(['\u{feff}', ' ', '\r']))
        .filter(|line| !line.is_empty());
    let mut all = Vec::new();
    while let (Some(name), Some(list)) = (lines.next(), lines.next()) {
        all.push(Saved {
            name: name.to_owned(),
            readable: readable(list),
        });
    }
    all
}

/// Whether the Remote Desktop service may read what has this list (the order of entries decides).
pub fn readable(descriptor: &str) -> Option<bool> {
    let start = descriptor.find("D:")?;
    let list = descriptor.get(start + 2..)?;
    // A list that is not there lets everybody; one that is empty lets nobody.
    if list.starts_with("NO_ACCESS_CONTROL") {
        return Some(true);
    }
    let list = list.split_once("S:").map_or(list, |(list, _)| list);
    for entry in list.split('(').skip(1) {
        let fields: Vec<&str> = entry.split(')').next()?.split(';').collect();
        let [kind, flags, rights, _, _, who, ..] = fields.as_slice() else {
            return None;
        };
        // What is only for what is made inside does not count for the folder.
        if pairs(flags).any(|flag| flag == "IO") || !TOKEN.contains(who) || !reads(rights)? {
            continue;
        }
        match *kind {
            "A" | "XA" => return Some(true),
            "D" | "XD" => return Some(false),
            _ => {}
        }
    }
    Some(false)
}

/// The rights contain the reading of data.
fn reads(rights: &str) -> Option<bool> {
    const FILE_READ_DATA: u32 = 0x1;
    const GENERIC_ALL: u32 = 0x1000_0000;
    const GENERIC_READ: u32 = 0x8000_0000;
    if let Some(digits) = rights.strip_prefix("0x") {
        let mask = u32::from_str_radix(digits, 16).ok()?;
        return Some(mask & (FILE_READ_DATA | GENERIC_ALL | GENERIC_READ) != 0);
    }
    // CC is the lowest bit, by its name in the directory.
    Some(pairs(rights).any(|right| matches!(right, "FA" | "FR" | "GA" | "GR" | "CC")))
}

/// Letters two by two.
fn pairs(text: &str) -> impl Iterator<Item = &str> {
    (0..text.len())
        .step_by(2)
        .filter_map(|at| text.get(at..at + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_judged_entry_by_entry() {
        for (list, expect) in [
            ("D:PAI(A;;0x1200a9;;;S-1-5-20)(A;;FA;;;SY)", Some(true)),
            ("D:PAI(A;;FR;;;NS)(A;;FA;;;SY)(A;;FA;;;BA)", Some(true)),
            ("D:PAI(A;;FA;;;SY)(A;;FA;;;BA)", Some(false)),
            ("D:(D;;FR;;;NS)(A;;FA;;;WD)", Some(false)),
            ("D:(A;;FA;;;WD)(D;;FR;;;NS)", Some(true)),
            ("D:(A;OICIIO;FA;;;NS)", Some(false)),
            ("D:(A;;0x100116;;;WD)", Some(false)),
            (
                "O:SYG:SYD:AI(A;;GR;;;S-1-5-80-446051430-1559341753-4161941529-1950928533-810483104)S:(AU;SAFA;FA;;;WD)",
                Some(true),
            ),
            ("D:NO_ACCESS_CONTROL", Some(true)),
            ("D:", Some(false)),
            ("nothing", None),
            ("D:(A;;FA", None),
            ("D:(A;;0xzz;;;NS)", None),
        ] {
            assert_eq!(readable(list), expect, "{list}");
        }
    }

    #[test]
    fn a_saved_file_is_read() {
        let text = "\u{feff}f686aace6942fb7f7ceb231212eef4a4_1b2c\r\nD:PAI(A;;FA;;;SY)(A;;FR;;;NS)\r\nother\r\nD:PAI(A;;FA;;;SY)\r\n";
        let all = saved(text);
        assert_eq!(
            all.iter().map(|one| one.readable).collect::<Vec<_>>(),
            [Some(true), Some(false)]
        );
        assert!(all[0].name.starts_with("f686aace"));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_calm(text in "(D:|\\(|\\)|;|A|NS|0x|[a-zA-Z0-9é\n]){0,40}") {
            let _ = saved(&text);
            let _ = readable(&text);
        }
    }
}

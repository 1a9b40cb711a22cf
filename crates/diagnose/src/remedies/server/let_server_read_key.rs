//! The remedy `server.let-server-read-key`.

use crate::prescription::*;

remedy! {
    /// Let the server program read its key.
    ///
    /// # How
    ///
    /// xrdp on Debian and Ubuntu: adduser xrdp ssl-cert, then systemctl restart xrdp. Elsewhere: give the
    /// server's account read access to the files named by certificate and key_file in xrdp.ini, and to the
    /// folders above them. Note owner and mode first (ls -l).
    ///
    /// # Sources
    ///
    /// xrdp.ini(5).
    pub static REMEDY = {
        id: "server.let-server-read-key",
        side: Side::Server,
        title: "Let the server program read its key",
        risk: Risk::Low,
        draft: |case| {
            if case.windows() {
                return Draft::Lacks {
                    facts: &[FactKind::FileFound],
                    says: "Run rdpdoctor inspect on the host: it tells which file the server cannot read. It is for xrdp and its kind (--system linux); on Windows use the remedy server.grant-key-access.",
                };
            }
            let mut steps = Vec::new();
            for role in [FileRole::Certificate, FileRole::Key] {
                let Some((file, mode, reader, readable)) = case.file(role) else { continue };
                if readable == Some(true) || reader == "root" { continue }
                if file.starts_with("/etc/ssl/private/") {
                    steps.push(set(
                        Key::Member { user: reader.to_owned(), group: "ssl-cert".to_owned() },
                        Value::Switch(true),
                        "Members of ssl-cert may read the keys in /etc/ssl/private: that is what the group is for.",
                    ));
                } else {
                    steps.push(set(
                        Key::Owner { file: file.to_owned() },
                        Value::OwnerNamed { user: None, group: Some(reader.to_owned()) },
                        "The file goes to the group of the server's account.",
                    ));
                    steps.push(set(
                        Key::Mode { file: file.to_owned() },
                        Value::Mode(mode.unwrap_or(0o600) | 0o040),
                        "The group may read it; nobody else gets more than before.",
                    ));
                }
            }
            if steps.is_empty() {
                steps.push(set(
                    Key::Member { user: "xrdp".to_owned(), group: "ssl-cert".to_owned() },
                    Value::Switch(true),
                    "On Debian and Ubuntu the key of xrdp is the one of the system, and members of ssl-cert may read it.",
                ));
            }
            steps.push(restart_server(case));
            Draft::Steps(steps)
        },
    };
}

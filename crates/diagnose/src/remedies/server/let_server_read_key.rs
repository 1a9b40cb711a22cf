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
            Draft::Steps(server_reads_key(case))
        },
    };
}

//! The remedy `client.offer-nla`.

use crate::prescription::*;

remedy! {
    /// Let the client offer NLA.
    ///
    /// # How
    ///
    /// mstsc: enablecredsspsupport:i:1 in the connection file, or no such line at all. FreeRDP: remove /sec:tls
    /// or /sec:rdp. Relays and web clients have a setting "NLA" or "any".
    pub static REMEDY = {
        id: "client.offer-nla",
        side: Side::Client,
        title: "Let the client offer NLA",
        risk: Risk::Low,
        draft: |case| match case.connection_file() {
            Some(file) => Draft::Steps(vec![on_client(set(
                Key::RdpFile {
                    file: file.to_owned(),
                    name: "enablecredsspsupport".to_owned(),
                },
                Value::Text("i:1".to_owned()),
                "The connection file switches NLA off; with 1 the client offers it.",
            ))]),
            None => ask(
                Machine::Client,
                "Let the client offer NLA: no line enablecredsspsupport:i:0 in the connection file (mstsc), no /sec:tls or /sec:rdp (FreeRDP), security mode \"any\" or \"NLA\" (relays and web clients).",
                "The server lets nobody in without it.",
            ),
        },
    };
}

//! The remedy `client.use-gateway`.

use crate::prescription::*;

remedy! {
    /// Enter the gateway as gateway, and the host as host.
    ///
    /// # How
    ///
    /// In mstsc: Show Options, Advanced, Settings under "Connect from anywhere". The name of the gateway goes
    /// there, the name of the host stays on the first page.
    pub static REMEDY = {
        id: "client.use-gateway",
        side: Side::Client,
        title: "Enter the gateway as gateway, and the host as host",
        risk: Risk::Low,
        draft: |case| {
            let gateway = case.target().gateway.as_ref();
            match case.connection_file().zip(gateway) {
                Some((file, gateway)) => {
                    let setting = |name: &str, to: String, why: &str| {
                        on_client(set(
                            Key::RdpFile {
                                file: file.to_owned(),
                                name: name.to_owned(),
                            },
                            Value::Text(to),
                            why,
                        ))
                    };
                    Draft::Steps(vec![
                        setting("gatewayhostname", format!("s:{gateway}"), "The gateway stands where gateways belong."),
                        setting("gatewayusagemethod", "i:1".to_owned(), "Every connection goes through it."),
                        setting("gatewayprofileusagemethod", "i:1".to_owned(), "These settings count, not the default ones."),
                    ])
                }
                None => ask(
                    Machine::Client,
                    "In Remote Desktop Connection: Show Options, Advanced, Settings: enter the gateway there, and the host on the first page.",
                    "A gateway speaks another protocol than a host.",
                ),
            }
        },
    };
}

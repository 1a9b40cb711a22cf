//! The remedy `client.forget-license`.

use crate::prescription::*;

remedy! {
    /// Remove the licence that this client has stored.
    ///
    /// # How
    ///
    /// Export the key HKLM\SOFTWARE\Microsoft\MSLicensing, delete its subkeys HardwareID and Store, and start
    /// mstsc once as administrator. FreeRDP: the folder licenses in its configuration.
    pub static REMEDY = {
        id: "client.forget-license",
        side: Side::Client,
        title: "Remove the licence that this client has stored",
        risk: Risk::Low,
        draft: |case| {
            if case.client == System::Linux {
                return ask(
                    Machine::Client,
                    "Rename the folder ~/.config/freerdp/licenses to licenses.old, then connect again.",
                    "FreeRDP keeps its licences there and asks for new ones.",
                );
            }
            let store = |name: &str| {
                on_client(remove_tree(
                    Hive::Machine,
                    &format!(r"SOFTWARE\Microsoft\MSLicensing\{name}"),
                    "The client keeps the licences it was given here; without them it asks for a new one.",
                ))
            };
            Draft::Steps(vec![
                store("HardwareID"),
                store("Store"),
                person(
                    Machine::Client,
                    "Start Remote Desktop Connection once as administrator and connect.",
                    "Only an administrator may make the store again.",
                ),
            ])
        },
    };
}

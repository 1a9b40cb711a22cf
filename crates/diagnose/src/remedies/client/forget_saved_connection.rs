//! The remedy `client.forget-saved-connection`.

use crate::prescription::*;

remedy! {
    /// Forget what the client has saved about this host.
    ///
    /// # How
    ///
    /// mstsc keeps the last hosts under HKCU\Software\Microsoft\Terminal Server Client\Default (MRU0 to MRU9),
    /// the user name and fingerprint of each under Servers, and the last settings in the hidden file Default.rdp
    /// in Documents. Export the keys first.
    ///
    /// # Sources
    ///
    /// Microsoft Learn: remove entries from the Remote Desktop Connection computer box.
    pub static REMEDY = {
        id: "client.forget-saved-connection",
        side: Side::Client,
        title: "Forget what the client has saved about this host",
        risk: Risk::Low,
        draft: |case| {
            let host = case.host();
            if host.is_empty() || host.contains(['\\', '/']) {
                return Draft::Lacks {
                    facts: &[],
                    says: "Give the host as well: rdpdoctor fix CAUSE --remedy client.forget-saved-connection --for HOST.",
                };
            }
            if case.client == System::Linux {
                return ask(
                    Machine::Client,
                    format!("Open the saved connection to {host} (Remmina: its entry in the list) and compare name, port, user and gateway with the right ones."),
                    "Saved connections keep what was right once.",
                );
            }
            let mut steps = vec![on_client(remove_tree(
                Hive::User,
                &format!(r"{CLIENT}\Servers\{host}"),
                "The user name and the fingerprint that the client remembers for this host.",
            ))];
            for fact in case.facts() {
                if let Fact::SettingFound { key, name, value: SettingValue::Text(saved), .. } = fact
                    && name.starts_with("MRU")
                    && key.ends_with(r"Terminal Server Client\Default")
                    && saved.split(':').next().is_some_and(|saved| saved.eq_ignore_ascii_case(host))
                {
                    steps.push(on_client(if_present(set(
                        of_user(&format!(r"{CLIENT}\Default"), name),
                        Value::Absent,
                        "The host in the list of recent ones, as it was typed then.",
                    ))));
                }
            }
            steps.push(person(
                Machine::Client,
                "Rename the hidden file Default.rdp in Documents to Default.old, and type the name of the host anew.",
                "The client takes its last settings from there, gateway and user included.",
            ));
            Draft::Steps(steps)
        },
    };
}

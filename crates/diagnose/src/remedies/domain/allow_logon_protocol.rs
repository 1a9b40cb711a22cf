//! The remedy `domain.allow-logon-protocol`.

use crate::prescription::*;

remedy! {
    /// Allow the logon protocol that client and host have in common.
    ///
    /// # How
    ///
    /// Prefer Kerberos: connect by the full name, with a controller in reach. Only where that cannot be: an
    /// exception for this host in "Restrict NTLM".
    pub static REMEDY = {
        id: "domain.allow-logon-protocol",
        side: Side::Domain,
        title: "Allow the logon protocol that client and host have in common",
        risk: Risk::Medium,
        weakens: Some("Accepting NTLM again exposes the host to relaying and guessing."),
        draft: |case| {
            let mut steps = vec![person(
                    Machine::Client,
                    "First connect by the full name of the host, with a domain controller in reach: then Kerberos is used and nothing has to be allowed.",
                    "NTLM was switched off for a reason.",
                )];
            if !case.host().is_empty() && case.client == System::Windows {
                steps.push(on_client(if_missing(set(
                    registry(r"SYSTEM\CurrentControlSet\Control\Lsa\MSV1_0", "ClientAllowedNTLMServers"),
                    Value::Registry(RegistryValue::Texts(vec![case.host().to_owned()])),
                    "This client may use NTLM towards this one host. The policy is \"Restrict NTLM: Add remote server exceptions\".",
                ))));
            }
            Draft::Steps(steps)
        },
    };
}

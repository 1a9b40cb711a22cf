//! The remedy `domain.delegate-credentials`.

use crate::prescription::*;

remedy! {
    /// Allow the client to hand credentials to this host.
    ///
    /// # How
    ///
    /// Policy Computer Configuration, System, Credentials Delegation: "Allow delegating fresh credentials" with
    /// TERMSRV/ and the host's name, rather than a star.
    pub static REMEDY = {
        id: "domain.delegate-credentials",
        side: Side::Domain,
        title: "Allow the client to hand credentials to this host",
        risk: Risk::Medium,
        draft: |case| {
            let host = case.host();
            if host.is_empty() {
                return Draft::Lacks {
                    facts: &[],
                    says: "Give the host as well: rdpdoctor fix authenticate.no-credentials-delegated --for HOST.",
                };
            }
            let path = r"SOFTWARE\Policies\Microsoft\Windows\CredentialsDelegation";
            let list = format!(r"{path}\AllowFreshCredentials");
            Draft::Steps(vec![
                on_client(if_missing(set(
                    policy(&list, "1"),
                    sz(&format!("TERMSRV/{host}")),
                    "This client may hand credentials to this one host, rather than to a star.",
                ))),
                on_client(set(
                    policy(path, "AllowFreshCredentials"),
                    dword(1),
                    "The policy \"Allow delegating fresh credentials\" is on.",
                )),
                on_client(set(
                    policy(path, "ConcatenateDefaults_AllowFresh"),
                    dword(1),
                    "What Windows allows by itself stays allowed.",
                )),
            ])
        },
    };
}

//! The remedy `client.set-search-suffix`.

use crate::prescription::*;

remedy! {
    /// Give this machine the search suffix of the domain.
    ///
    /// # How
    ///
    /// Windows: Set-DnsClientGlobalSetting -SuffixSearchList, after writing down the present list with
    /// Get-DnsClientGlobalSetting. A VPN or DHCP server can hand it out for everybody.
    pub static REMEDY = {
        id: "client.set-search-suffix",
        side: Side::Client,
        title: "Give this machine the search suffix of the domain",
        risk: Risk::Low,
        draft: |case| {
            let domain = case.facts().find_map(|fact| match fact {
                Fact::NtlmChallenged { challenge, .. } => challenge.dns_domain.as_ref(),
                _ => None,
            });
            let Some(domain) = domain.filter(|domain| domain.0.contains('.')) else {
                return Draft::Lacks {
                    facts: &[FactKind::NtlmChallenged],
                    says: "Find out the full name of the domain: the host tells it in its logon question (rdpdoctor and its address).",
                };
            };
            if case.client == System::Linux {
                return ask(
                    Machine::Client,
                    format!("Add {domain} to the search domains of the connection (nmcli connection modify NAME +ipv4.dns-search {domain})."),
                    "Short names are completed with it.",
                );
            }
            let list = registry(r"SYSTEM\CurrentControlSet\Services\Tcpip\Parameters", "SearchList");
            Draft::Steps(vec![
                on_client(if_missing(set(
                    list,
                    sz(&domain.0),
                    "Short names are completed with the domain of the host.",
                ))),
                person(
                    Machine::Client,
                    format!("If a list of suffixes was there already: add {domain} to it (Set-DnsClientGlobalSetting -SuffixSearchList)."),
                    "A list that somebody made is not replaced.",
                ),
            ])
        },
    };
}

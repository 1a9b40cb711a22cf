//! Authentication, accounts, rights, and the RD Gateway.

use crate::codes::topic::{Look, Lore};

pub const AUTHENTICATION_FAILED: Lore = Lore {
    says: "the authentication failed",
    rules_in: "the connection reached the step where the user proves who they are, and it failed there",
    rules_out: "a closed port, an unreadable key and missing ciphers: TLS was up",
    next: &[
        Look::at(
            "the code or sentence beside it says more: look for an NTSTATUS such as 0xC000006D",
        ),
        Look::run(
            "see whether the server's NLA answers as it should",
            "rdpdoctor HOST",
        ),
        Look::at("on the host: Security event 4625, Status and SubStatus"),
    ],
};

pub const WRONG_CREDENTIALS: Lore = Lore {
    says: "user name or password were not accepted",
    rules_in: "everything up to the logon works: the credentials arrived and were checked",
    rules_out: "network, firewall, port, certificate and TLS",
    next: &[
        Look::at(
            "type the user name with its domain (DOMAIN\\user, user@domain, or .\\user for a local account)",
        ),
        Look::at("on the host: Security event 4625, Status and SubStatus"),
        Look::at("try no more than needed: failed logons can lock the account"),
    ],
};

pub const ACCOUNT_DISABLED: Lore = Lore {
    says: "the account is disabled",
    rules_in: "everything up to the logon works; the account is switched off",
    rules_out: "network, certificate, TLS; a wrong password",
    next: &[
        Look::run("in the domain", "Get-ADUser USER -Properties Enabled"),
        Look::run("on the host, for a local account", "net user USER"),
    ],
};

pub const ACCOUNT_LOCKED: Lore = Lore {
    says: "the account is locked out",
    rules_in: "everything up to the logon works; too many failed logons locked the account",
    rules_out: "network, certificate, TLS",
    next: &[
        Look::at(
            "find the source of the failed logons (Security event 4740 on the domain controller) before unlocking",
        ),
        Look::run("in the domain", "Unlock-ADAccount USER"),
    ],
};

pub const ACCOUNT_EXPIRED: Lore = Lore {
    says: "the account is past its end date",
    rules_in: "everything up to the logon works; the account has an end date and it has passed",
    rules_out: "network, certificate, TLS; a wrong password",
    next: &[Look::run(
        "in the domain",
        "Get-ADUser USER -Properties AccountExpirationDate",
    )],
};

pub const ACCOUNT_RESTRICTION: Lore = Lore {
    says: "a rule about the account forbids the logon",
    rules_in: "the credentials are right, and a rule stops them here: no blank passwords over the network, a list of workstations, Protected Users, a policy",
    rules_out: "network, certificate, TLS; a wrong password",
    next: &[
        Look::at("does the account have a password; may it log on to this computer"),
        Look::at(
            "for members of Protected Users: connect by name, not by address, so that Kerberos is used",
        ),
    ],
};

pub const LOGON_HOURS: Lore = Lore {
    says: "the account may not log on at this hour",
    rules_in: "the credentials are right, and the hours set for the account forbid the logon",
    rules_out: "network, certificate, TLS; a wrong password",
    next: &[Look::run("in the domain", "net user USER /domain")],
};

pub const PASSWORD_EXPIRED: Lore = Lore {
    says: "the password must be changed",
    rules_in: "everything up to the logon works; the password has run out or must be changed first",
    rules_out: "network, certificate, TLS",
    next: &[
        Look::at("change the password at another place: NLA cannot do it in line"),
        Look::run(
            "in the domain",
            "Get-ADUser USER -Properties PasswordExpired, PasswordLastSet",
        ),
    ],
};

pub const LOGON_RIGHT: Lore = Lore {
    says: "the user may not log on here",
    rules_in: "the user proved who they are, and the right to log on this way is missing or denied",
    rules_out: "network, certificate, TLS, and the password",
    next: &[
        Look::run(
            "on the host: who is in the group",
            "net localgroup \"Remote Desktop Users\"",
        ),
        Look::at(
            "on the host: the rights to log on through Remote Desktop Services and from the network, allowed and denied",
        ),
    ],
};

pub const LOGONS_DISABLED: Lore = Lore {
    says: "logons are switched off on the server",
    rules_in: "the server answers and takes no remote logons at the moment",
    rules_out: "network, certificate and password",
    next: &[Look::run("on the host", "change logon /query")],
};

pub const FRESH_CREDENTIALS: Lore = Lore {
    says: "the server wants typed credentials",
    rules_in: "a policy of the server does not take saved credentials",
    rules_out: "network, certificate, TLS",
    next: &[
        Look::at("remove the saved credentials and type them"),
        Look::run("on the client", "cmdkey /list"),
    ],
};

pub const NO_CREDENTIALS: Lore = Lore {
    says: "there were no credentials",
    rules_in: "the client, or the server's own rule, found no credentials to use",
    rules_out: "network, certificate and TLS; a wrong password",
    next: &[
        Look::at("give user name and password; check what is saved for this host"),
        Look::run("on the client", "cmdkey /list"),
    ],
};

pub const CRED_SSP_MISMATCH: Lore = Lore {
    says: "the two sides do not agree on CredSSP",
    rules_in: "one side lacks the CredSSP update of 2018 (CVE-2018-0886) or refuses the other's version; sometimes the function is plainly not there",
    rules_out: "network, firewall, certificate",
    next: &[
        Look::run("see the CredSSP version of the server", "rdpdoctor HOST"),
        Look::at(
            "update the side that is behind; the policy that lowers the demand is for the time until then, and weakens the client",
        ),
    ],
};

pub const CRED_SSP_ABORTED: Lore = Lore {
    says: "CredSSP broke off",
    rules_in: "the exchange of NLA began, and one side dropped it before its end",
    rules_out: "a closed port and failing TLS",
    next: &[
        Look::run("see how far NLA gets without credentials", "rdpdoctor HOST"),
        Look::at("on the host, at that second: Security 4625, LSA and System logs"),
    ],
};

pub const DELEGATION_POLICY: Lore = Lore {
    says: "the client may not hand over credentials",
    rules_in: "a policy on the client forbids giving credentials to this server",
    rules_out: "network, certificate, TLS, and the password",
    next: &[
        Look::at(
            "on the client: the policies under Credentials Delegation; connect by the name that the policy lists",
        ),
        Look::run("on the client", "gpresult /h policies.html"),
    ],
};

pub const NTLM_BLOCKED: Lore = Lore {
    says: "NTLM is switched off",
    rules_in: "Kerberos was not possible and NTLM is not allowed",
    rules_out: "network, certificate, TLS, and the password",
    next: &[
        Look::at(
            "connect by the full name of the host, so that Kerberos finds it; can this machine reach a domain controller",
        ),
        Look::run("see whether a ticket can be had", "klist get TERMSRV/HOST"),
    ],
};

pub const NO_LOGON_SERVER: Lore = Lore {
    says: "nobody was there to check the logon",
    rules_in: "the machine that had to check the credentials reached no domain controller, KDC or local authority",
    rules_out: "a wrong password: nobody looked at it",
    next: &[
        Look::run("on the host", "nltest /sc_query:DOMAIN"),
        Look::run("on the client, for Kerberos", "nltest /dsgetdc:DOMAIN"),
        Look::at(
            "an account whose password has run out or must be changed can look like this under NLA",
        ),
    ],
};

pub const KERBEROS: Lore = Lore {
    says: "Kerberos did not work",
    rules_in: "the ticket for the host could not be had or was not accepted: name, SPN, key or kind of encryption",
    rules_out: "network to the host, certificate and TLS of the host",
    next: &[
        Look::run("see whether a ticket can be had", "klist get TERMSRV/HOST"),
        Look::run("who owns the name", "setspn -Q TERMSRV/HOST"),
        Look::at("connect by the full name; by address there is no Kerberos"),
    ],
};

pub const CLOCK_SKEW: Lore = Lore {
    says: "the clocks are too far apart",
    rules_in: "the clocks of client, host and domain controller differ by more than Kerberos allows",
    rules_out: "the network and the password",
    next: &[
        Look::run("see the clock of the host from here", "rdpdoctor HOST"),
        Look::run("on the machine that is off", "w32tm /query /status"),
    ],
};

pub const TRUST_BROKEN: Lore = Lore {
    says: "the trust to the domain is broken",
    rules_in: "the host, or its domain, no longer shares a secret with the domain of the account",
    rules_out: "the network to the host, its certificate and TLS",
    next: &[
        Look::run("on the host", "Test-ComputerSecureChannel"),
        Look::at("a local account still works: use it to get in"),
    ],
};

pub const SMART_CARD: Lore = Lore {
    says: "the smart card or its certificate failed",
    rules_in: "the logon with a smart card or certificate was not possible",
    rules_out: "network and TLS to the host",
    next: &[Look::run("on the client", "certutil -scinfo")],
};

pub const ENTRA: Lore = Lore {
    says: "the Microsoft Entra logon failed",
    rules_in: "the token for Entra could not be had or was not accepted",
    rules_out: "the network and TLS to the host",
    next: &[
        Look::at(
            "are both machines joined or registered, is the clock right, does the account have access",
        ),
        Look::run("on the client", "dsregcmd /status"),
    ],
};

pub const ACCESS_DENIED: Lore = Lore {
    says: "access is denied",
    rules_in: "a rule or a missing right stopped the step that reports it; the code does not say which rule",
    rules_out: "",
    next: &[
        Look::at("what stands beside the code tells which step it was"),
        Look::at("on the machine that reports it: rights, policies, security software"),
    ],
};

pub const SERVER_STATUS: Lore = Lore {
    says: "the server wrote down its status",
    rules_in: "the server's own code for why it dropped the client stands in the data of the event",
    rules_out: "",
    next: &[
        Look::at("decode the last four bytes of the event's data and explain that number"),
        Look::run("for example", "rdpdoctor explain D00000B5"),
    ],
};

pub const GATEWAY_FAULT: Lore = Lore {
    says: "the RD Gateway failed",
    rules_in: "the way through the gateway broke in or before the gateway",
    rules_out: "the target host: it was not asked yet",
    next: &[
        Look::at("on the gateway: log TerminalServices-Gateway/Operational, and IIS"),
        Look::run("look at the way through the gateway", "rdpdoctor HOST"),
        Look::at("in the client: should a gateway be used for this host at all"),
    ],
};

pub const GATEWAY_POLICY: Lore = Lore {
    says: "the RD Gateway does not let the user in",
    rules_in: "the gateway was reached and refused the user or the client",
    rules_out: "the target host and its certificate",
    next: &[Look::at(
        "on the gateway: events 200 and 201, the connection policies (CAP), NPS and additional authentication",
    )],
};

pub const GATEWAY_RESOURCE: Lore = Lore {
    says: "the RD Gateway does not allow the target",
    rules_in: "the gateway let the user in, and no resource policy covers this target",
    rules_out: "the password at the gateway; the target host",
    next: &[Look::at(
        "on the gateway: event 301, the resource policies (RAP), and the form of the name (short, full, address) that was used",
    )],
};

pub const GATEWAY_TARGET: Lore = Lore {
    says: "the RD Gateway cannot reach the target",
    rules_in: "the gateway works and let the user in; the way from the gateway to the host does not",
    rules_out: "the network between client and gateway; the user's rights at the gateway",
    next: &[
        Look::run("from the gateway", "Test-NetConnection HOST -Port 3389"),
        Look::at("on the gateway: does it resolve the name to the right address"),
    ],
};

pub const GATEWAY_LIMIT: Lore = Lore {
    says: "the RD Gateway is full",
    rules_in: "the gateway has as many connections as it may have",
    rules_out: "the target host",
    next: &[Look::at(
        "on the gateway: event 203, the limit in its properties, and who is connected",
    )],
};

pub const GATEWAY_SESSION: Lore = Lore {
    says: "the session through the RD Gateway ended",
    rules_in: "the connection had been up, and the gateway ended it: a limit, a renewal that failed, an administrator",
    rules_out: "the way to the host as such: it had worked",
    next: &[Look::at(
        "on the gateway: events 202, 302 and 303 with bytes and duration",
    )],
};

pub const GATEWAY_CERTIFICATE: Lore = Lore {
    says: "the RD Gateway has no usable certificate",
    rules_in: "the gateway cannot do TLS with its own certificate",
    rules_out: "the target host",
    next: &[Look::at(
        "on the gateway: the certificate in the properties of the gateway and its binding in IIS",
    )],
};

//! Negotiation, TLS, certificates, keys and Standard RDP Security.

use crate::codes::topic::{Look, Lore};

pub const PROTOCOL_OFFER: Lore = Lore {
    says: "what the client offers or asks for",
    rules_in: "tells what the client can do, not what went wrong",
    rules_out: "",
    next: &[Look::run(
        "see which offers the server accepts",
        "rdpdoctor HOST",
    )],
};

pub const NEGOTIATION_REFUSED: Lore = Lore {
    says: "no security protocol was agreed on",
    rules_in: "TCP works and an answer came, or a close in its place: client and server found no common way to secure the connection",
    rules_out: "a wrong name, a closed port, a wrong password",
    next: &[
        Look::run(
            "try each protocol by itself and see what the server demands",
            "rdpdoctor HOST",
        ),
        Look::at(
            "on the host: SecurityLayer and UserAuthentication of the RDP-Tcp listener, and the policies over them",
        ),
    ],
};

pub const NLA_REQUIRED: Lore = Lore {
    says: "the server insists on NLA",
    rules_in: "name, network and service work: the server itself answered, and wants CredSSP",
    rules_out: "network, firewall, certificate and password: nobody asked for a password yet",
    next: &[
        Look::run(
            "see that NLA is accepted when it is offered",
            "rdpdoctor HOST",
        ),
        Look::at(
            "switch NLA on in the client, or use a client that can; switching it off on the server weakens the server",
        ),
    ],
};

pub const TLS_REQUIRED: Lore = Lore {
    says: "the server accepts TLS or CredSSP alone",
    rules_in: "name, network and service work: the server itself answered",
    rules_out: "network and firewall; the password",
    next: &[
        Look::run("see what the server accepts", "rdpdoctor HOST"),
        Look::at("in the client: do not force Standard RDP Security"),
    ],
};

pub const TLS_NOT_ALLOWED: Lore = Lore {
    says: "the server accepts Standard RDP Security alone",
    rules_in: "name, network and service work: the server itself answered",
    rules_out: "network and firewall; the password",
    next: &[
        Look::run("see what the server accepts", "rdpdoctor HOST"),
        Look::at("on the host: SecurityLayer of the RDP-Tcp listener is 0, or TLS cannot start"),
    ],
};

pub const NO_SERVER_CERTIFICATE: Lore = Lore {
    says: "the server has no certificate it can use",
    rules_in: "name, network and service work, and TLS cannot start on the server",
    rules_out: "the client, the network and the password",
    next: &[
        Look::at("on the host: System events 1057, 1058 and 1059, Schannel 36869 and 36870"),
        Look::run(
            "on the host: which certificate is bound",
            "Get-CimInstance -Namespace root/cimv2/TerminalServices -ClassName Win32_TSGeneralSetting | Select-Object SSLCertificateSHA1Hash",
        ),
    ],
};

pub const TLS_HANDSHAKE: Lore = Lore {
    says: "the TLS handshake failed",
    rules_in: "TCP and the negotiation worked; the handshake did not",
    rules_out: "the password: it is asked for later",
    next: &[
        Look::run(
            "see which versions and ciphers the server takes, and where the handshake ends",
            "rdpdoctor HOST",
        ),
        Look::run(
            "on the host: what Schannel says",
            "Get-WinEvent -FilterHashtable @{LogName='System';ProviderName='Schannel'} -MaxEvents 20",
        ),
    ],
};

pub const TLS_VERSION: Lore = Lore {
    says: "no TLS version in common",
    rules_in: "both sides speak TLS, and one of them has switched off what the other has",
    rules_out: "certificate, key and password",
    next: &[
        Look::run("see which versions the server takes", "rdpdoctor HOST"),
        Look::at("on both sides: Schannel protocol settings, crypto policy, age of the client"),
    ],
};

pub const TLS_CIPHER: Lore = Lore {
    says: "no cipher or algorithm in common",
    rules_in: "both sides speak TLS, and their lists of ciphers, curves or signatures do not meet",
    rules_out: "an unreadable key and a wrong password",
    next: &[
        Look::run("see which ciphers the server takes", "rdpdoctor HOST"),
        Look::at(
            "on the host: Schannel 36874, policy for the order of ciphers, FIPS, kind of key in the certificate",
        ),
    ],
};

pub const TLS_CLOSED: Lore = Lore {
    says: "TLS was closed",
    rules_in: "one side closed TLS or its connection; before the handshake is complete that means that it gave up",
    rules_out: "a filtered port",
    next: &[
        Look::run("see on which message the close follows", "rdpdoctor HOST"),
        Look::at(
            "a first connection that closes after the certificate and a second that works is a client asking its user: no fault",
        ),
    ],
};

pub const TLS_CORRUPTION: Lore = Lore {
    says: "TLS data does not check out",
    rules_in: "something altered or garbled the TLS stream, or one implementation is at fault",
    rules_out: "a wrong password",
    next: &[
        Look::run(
            "see whether it happens every time, and from another network",
            "rdpdoctor HOST",
        ),
        Look::at("devices on the way that decrypt, inspect or optimize traffic"),
    ],
};

pub const TLS_INTERNAL: Lore = Lore {
    says: "the sender of the alert failed inside",
    rules_in: "the server met a fault of its own in TLS or CredSSP: often a key it cannot use, sometimes an authentication it could not carry out",
    rules_out: "missing common ciphers: that has alerts of its own; and it proves no expired password",
    next: &[
        Look::run("see whether it comes in TLS or in NLA", "rdpdoctor HOST"),
        Look::at("on the host, at that second: Schannel 36870 and 36871, LSA and Security logs"),
    ],
};

pub const TLS_CREDENTIAL: Lore = Lore {
    says: "TLS cannot be prepared",
    rules_in: "Windows could not make the credential it needs for TLS: protocols switched off, FIPS, or broken cryptography",
    rules_out: "the network",
    next: &[
        Look::run(
            "on the host: which TLS versions are switched off",
            "reg query HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols /s",
        ),
        Look::run(
            "see what the server does with a handshake",
            "rdpdoctor HOST",
        ),
    ],
};

pub const SERVER_KEY: Lore = Lore {
    says: "the server cannot use its private key",
    rules_in: "the key of the server's certificate is missing, unreadable for the service, or not its pair: TCP answers, TLS dies",
    rules_out: "firewall, client settings and password",
    next: &[
        Look::run(
            "see the handshake end at the server's side",
            "rdpdoctor HOST",
        ),
        Look::run(
            "on the host (Windows): who may read the key store",
            "icacls %ProgramData%\\Microsoft\\Crypto\\RSA\\MachineKeys",
        ),
        Look::run(
            "on the host (Windows): what Schannel says",
            "Get-WinEvent -FilterHashtable @{LogName='System';ProviderName='Schannel';Id=36870} -MaxEvents 5",
        ),
        Look::run(
            "on the host (xrdp): may the service read its key",
            "sudo -u xrdp head -c1 /etc/xrdp/key.pem",
        ),
    ],
};

pub const SERVER_TLS_SETTINGS: Lore = Lore {
    says: "the server's TLS settings are wrong",
    rules_in: "the configuration of the server leaves it without working TLS",
    rules_out: "network, client and password",
    next: &[
        Look::at(
            "on the host (xrdp): ssl_protocols, tls_ciphers, certificate and key_file in xrdp.ini",
        ),
        Look::run("see what the server still accepts", "rdpdoctor HOST"),
    ],
};

pub const LISTENER_CERTIFICATE: Lore = Lore {
    says: "the listener's certificate is in trouble",
    rules_in: "the certificate configured for Remote Desktop cannot be used or renewed as it should",
    rules_out: "the network and the password",
    next: &[
        Look::run(
            "see which certificate the server shows, and its dates",
            "rdpdoctor HOST",
        ),
        Look::run(
            "on the host: which one is configured",
            "Get-CimInstance -Namespace root/cimv2/TerminalServices -ClassName Win32_TSGeneralSetting | Select-Object SSLCertificateSHA1Hash",
        ),
    ],
};

pub const LISTENER_SECURITY: Lore = Lore {
    says: "the listener's security settings contradict each other",
    rules_in: "policy or settings of security layer and encryption level do not go together",
    rules_out: "the network and the password",
    next: &[
        Look::at("on the host: SecurityLayer, MinEncryptionLevel and the policies over them"),
        Look::run("see what the server accepts", "rdpdoctor HOST"),
    ],
};

pub const CERTIFICATE_EXPIRED: Lore = Lore {
    says: "a certificate is outside its dates",
    rules_in: "a certificate has run out or is not valid yet, or a clock is wrong",
    rules_out: "the network and the password",
    next: &[
        Look::run("see the dates and the clocks", "rdpdoctor HOST"),
        Look::at(
            "on the host: remove the old self-signed certificate and restart TermService, or renew the one from the authority",
        ),
    ],
};

pub const CERTIFICATE_UNTRUSTED: Lore = Lore {
    says: "the certificate leads to no trusted authority",
    rules_in: "TLS works; whoever checks the certificate does not know its issuer. Self-signed is normal for RDP",
    rules_out: "network, ciphers, an unusable key",
    next: &[
        Look::run("see the chain as this machine judges it", "rdpdoctor HOST"),
        Look::at("a prompt is enough for most clients; some policies turn it into a refusal"),
    ],
};

pub const CERTIFICATE_NAME: Lore = Lore {
    says: "the certificate carries another name",
    rules_in: "TLS works; the name connected to is not in the certificate: an alias, an address, or another machine",
    rules_out: "network, ciphers, an unusable key",
    next: &[Look::run("compare the names", "rdpdoctor HOST")],
};

pub const CERTIFICATE_CHANGED: Lore = Lore {
    says: "the certificate is not the remembered one",
    rules_in: "the server shows another certificate than last time: renewed, rebuilt, another machine behind the name, or interception",
    rules_out: "a fault of the network below TLS",
    next: &[
        Look::run("see the certificate and when it was made", "rdpdoctor HOST"),
        Look::at(
            "when the change is explained, remove the remembered one from the client's known_hosts",
        ),
    ],
};

pub const CERTIFICATE_BAD: Lore = Lore {
    says: "the certificate is not acceptable",
    rules_in: "the certificate itself is damaged, of an unsuited kind, or not made for this use",
    rules_out: "the network and the password",
    next: &[Look::run(
        "see key, signature, usage and dates",
        "rdpdoctor HOST",
    )],
};

pub const CERTIFICATE_REVOKED: Lore = Lore {
    says: "the certificate is revoked",
    rules_in: "its authority has withdrawn the certificate",
    rules_out: "the network and the password",
    next: &[
        Look::run("see the certificate", "rdpdoctor HOST"),
        Look::at("replace the certificate of the listener"),
    ],
};

pub const REVOCATION: Lore = Lore {
    says: "revocation could not be checked",
    rules_in: "the lists or servers that know about revocation cannot be reached from the machine that checks",
    rules_out: "a certificate that is known to be bad",
    next: &[Look::at(
        "can this machine reach the addresses in the certificate's CRL and OCSP fields",
    )],
};

pub const CLIENT_CERTIFICATE_REQUIRED: Lore = Lore {
    says: "a client certificate is wanted",
    rules_in: "something before or in the server demands TLS with a certificate of the client",
    rules_out: "the network",
    next: &[
        Look::run("see who asks for it", "rdpdoctor HOST"),
        Look::at("is there a proxy with mutual TLS in front of the host"),
    ],
};

pub const CLIENT_REFUSED: Lore = Lore {
    says: "the client refused to go on",
    rules_in: "the user, an option or a policy on the client stopped the connection at the certificate",
    rules_out: "the server: it did its part",
    next: &[
        Look::at("answer the question about the certificate with yes, or trust the certificate"),
        Look::run("see what the certificate says", "rdpdoctor HOST"),
    ],
};

pub const INTERCEPTION: Lore = Lore {
    says: "the two ends do not share one TLS connection",
    rules_in: "something between client and server decrypts and re-encrypts TLS, or messages were altered on the way",
    rules_out: "a wrong password; a closed port",
    next: &[
        Look::run(
            "compare the certificate seen from here with the one on the host",
            "rdpdoctor HOST",
        ),
        Look::at(
            "TLS inspection, a gateway or load balancer that ends TLS, or NTLM settings without channel bindings",
        ),
    ],
};

pub const RDP_SECURITY: Lore = Lore {
    says: "Standard RDP Security failed",
    rules_in: "the old encryption of RDP, without TLS, could not be agreed on or broke",
    rules_out: "TLS and NLA: they are not in use on this connection",
    next: &[
        Look::run("see whether the server offers TLS", "rdpdoctor HOST"),
        Look::at("on the host: MinEncryptionLevel, FIPS policy; on xrdp: the rsakeys.ini file"),
    ],
};

pub const FIPS: Lore = Lore {
    says: "FIPS rules stand in the way",
    rules_in: "one side is limited to FIPS cryptography and the other does not offer it",
    rules_out: "the network and the password",
    next: &[
        Look::at("on both sides: the FIPS policy and the encryption level of the listener"),
        Look::run("see what the server accepts", "rdpdoctor HOST"),
    ],
};

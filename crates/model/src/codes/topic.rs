//! What a code is about: the knowledge that many codes of many namespaces share.
//!
//! A number of `mstsc`, an exit status of `xfreerdp` and an event of Windows can say the same thing. What
//! that thing rules in and out, and where to look next, is written once, here; the causes of the catalogue
//! name the topics that speak for them.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::topics::{connection, logon, security, session};

/// What is known when a code about it was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lore {
    /// What it says about a connection, as a sentence that goes on after a colon.
    pub says: &'static str,
    /// What it rules in: what happened, and what had worked before.
    pub rules_in: &'static str,
    /// What it rules out; empty when it rules out nothing.
    pub rules_out: &'static str,
    /// Where to look next, best first.
    pub next: &'static [Look],
}

/// A next look. `HOST` and other words in capitals are for the reader to fill in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// What to look at.
    pub what: &'static str,
    /// A command that does it, ready to run.
    pub command: Option<&'static str>,
}

impl Look {
    /// A look that a command does.
    pub const fn run(what: &'static str, command: &'static str) -> Self {
        Self {
            what,
            command: Some(command),
        }
    }

    /// A look for which there is no command.
    pub const fn at(what: &'static str) -> Self {
        Self {
            what,
            command: None,
        }
    }
}

macro_rules! topics {
    ($($(#[doc = $doc:literal])+ $name:ident = $slug:literal, $lore:path;)+) => {
        /// What a code is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Topic {
            $($(#[doc = $doc])+ #[serde(rename = $slug)] $name,)+
        }

        impl Topic {
            /// Every topic.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The name used in files and reports.
            pub const fn slug(self) -> &'static str {
                match self {
                    $(Self::$name => $slug,)+
                }
            }

            /// What is known about it.
            pub const fn lore(self) -> &'static Lore {
                match self {
                    $(Self::$name => &$lore,)+
                }
            }
        }
    };
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.slug())
    }
}

topics! {
    /// The name of the computer gave no address.
    NameNotResolved = "name-not-resolved", connection::NAME_NOT_RESOLVED;
    /// The address as it was given cannot be used.
    BadAddress = "bad-address", connection::BAD_ADDRESS;
    /// No TCP connection could be opened.
    ConnectFailed = "connect-failed", connection::CONNECT_FAILED;
    /// The port is closed.
    ConnectRefused = "connect-refused", connection::CONNECT_REFUSED;
    /// This machine forbids the connection.
    ConnectForbidden = "connect-forbidden", connection::CONNECT_FORBIDDEN;
    /// There is no way to the host.
    Unreachable = "unreachable", connection::UNREACHABLE;
    /// An answer did not come in time.
    Timeout = "timeout", connection::TIMEOUT;
    /// The other end closed the socket.
    SocketClosed = "socket-closed", connection::SOCKET_CLOSED;
    /// The connection was reset.
    SocketReset = "socket-reset", connection::SOCKET_RESET;
    /// An operation on the socket failed.
    SocketIo = "socket-io", connection::SOCKET_IO;
    /// The client refuses to connect to its own machine.
    SelfConnect = "self-connect", connection::SELF_CONNECT;
    /// The bytes do not make sense as RDP.
    NotRdp = "not-rdp", connection::NOT_RDP;
    /// What came is no valid TLS message.
    NotTls = "not-tls", connection::NOT_TLS;
    /// Another service answers.
    WrongService = "wrong-service", connection::WRONG_SERVICE;
    /// The UDP side transport does not work.
    UdpTransport = "udp-transport", connection::UDP_TRANSPORT;
    /// The link is slow.
    SlowLink = "slow-link", connection::SLOW_LINK;
    /// There are as many connections as there may be.
    ConnectionLimit = "connection-limit", connection::CONNECTION_LIMIT;
    /// The state of the listener.
    Listener = "listener", connection::LISTENER;
    /// The port cannot be listened on.
    ListenFailed = "listen-failed", connection::LISTEN_FAILED;
    /// A service is not there.
    ServiceFault = "service-fault", connection::SERVICE_FAULT;
    /// A summary line.
    SequenceFailed = "sequence-failed", connection::SEQUENCE_FAILED;
    /// What the client offers or asks for.
    ProtocolOffer = "protocol-offer", security::PROTOCOL_OFFER;
    /// No security protocol was agreed on.
    NegotiationRefused = "negotiation-refused", security::NEGOTIATION_REFUSED;
    /// The server insists on NLA.
    NlaRequired = "nla-required", security::NLA_REQUIRED;
    /// The server accepts TLS or CredSSP alone.
    TlsRequired = "tls-required", security::TLS_REQUIRED;
    /// The server accepts Standard RDP Security alone.
    TlsNotAllowed = "tls-not-allowed", security::TLS_NOT_ALLOWED;
    /// The server has no certificate it can use.
    NoServerCertificate = "no-server-certificate", security::NO_SERVER_CERTIFICATE;
    /// The TLS handshake failed.
    TlsHandshake = "tls-handshake", security::TLS_HANDSHAKE;
    /// No TLS version in common.
    TlsVersion = "tls-version", security::TLS_VERSION;
    /// No cipher or algorithm in common.
    TlsCipher = "tls-cipher", security::TLS_CIPHER;
    /// TLS was closed.
    TlsClosed = "tls-closed", security::TLS_CLOSED;
    /// TLS data does not check out.
    TlsCorruption = "tls-corruption", security::TLS_CORRUPTION;
    /// The sender of the alert failed inside.
    TlsInternal = "tls-internal", security::TLS_INTERNAL;
    /// TLS cannot be prepared.
    TlsCredential = "tls-credential", security::TLS_CREDENTIAL;
    /// The server cannot use its private key.
    ServerKey = "server-key", security::SERVER_KEY;
    /// The server's TLS settings are wrong.
    ServerTlsSettings = "server-tls-settings", security::SERVER_TLS_SETTINGS;
    /// The listener's certificate is in trouble.
    ListenerCertificate = "listener-certificate", security::LISTENER_CERTIFICATE;
    /// The listener's security settings contradict each other.
    ListenerSecurity = "listener-security", security::LISTENER_SECURITY;
    /// A certificate is outside its dates.
    CertificateExpired = "certificate-expired", security::CERTIFICATE_EXPIRED;
    /// The certificate leads to no trusted authority.
    CertificateUntrusted = "certificate-untrusted", security::CERTIFICATE_UNTRUSTED;
    /// The certificate carries another name.
    CertificateName = "certificate-name", security::CERTIFICATE_NAME;
    /// The certificate is not the remembered one.
    CertificateChanged = "certificate-changed", security::CERTIFICATE_CHANGED;
    /// The certificate is not acceptable.
    CertificateBad = "certificate-bad", security::CERTIFICATE_BAD;
    /// The certificate is revoked.
    CertificateRevoked = "certificate-revoked", security::CERTIFICATE_REVOKED;
    /// Revocation could not be checked.
    Revocation = "revocation", security::REVOCATION;
    /// A client certificate is wanted.
    ClientCertificateRequired = "client-certificate-required", security::CLIENT_CERTIFICATE_REQUIRED;
    /// The client refused to go on.
    ClientRefused = "client-refused", security::CLIENT_REFUSED;
    /// The two ends do not share one TLS connection.
    Interception = "interception", security::INTERCEPTION;
    /// Standard RDP Security failed.
    RdpSecurity = "rdp-security", security::RDP_SECURITY;
    /// FIPS rules stand in the way.
    Fips = "fips", security::FIPS;
    /// The authentication failed.
    AuthenticationFailed = "authentication-failed", logon::AUTHENTICATION_FAILED;
    /// User name or password were not accepted.
    WrongCredentials = "wrong-credentials", logon::WRONG_CREDENTIALS;
    /// The account is disabled.
    AccountDisabled = "account-disabled", logon::ACCOUNT_DISABLED;
    /// The account is locked out.
    AccountLocked = "account-locked", logon::ACCOUNT_LOCKED;
    /// The account is past its end date.
    AccountExpired = "account-expired", logon::ACCOUNT_EXPIRED;
    /// A rule about the account forbids the logon.
    AccountRestriction = "account-restriction", logon::ACCOUNT_RESTRICTION;
    /// The account may not log on at this hour.
    LogonHours = "logon-hours", logon::LOGON_HOURS;
    /// The password must be changed.
    PasswordExpired = "password-expired", logon::PASSWORD_EXPIRED;
    /// The user may not log on here.
    LogonRight = "logon-right", logon::LOGON_RIGHT;
    /// Logons are switched off on the server.
    LogonsDisabled = "logons-disabled", logon::LOGONS_DISABLED;
    /// The server wants typed credentials.
    FreshCredentials = "fresh-credentials", logon::FRESH_CREDENTIALS;
    /// There were no credentials.
    NoCredentials = "no-credentials", logon::NO_CREDENTIALS;
    /// The two sides do not agree on CredSSP.
    CredSspMismatch = "cred-ssp-mismatch", logon::CRED_SSP_MISMATCH;
    /// CredSSP broke off.
    CredSspAborted = "cred-ssp-aborted", logon::CRED_SSP_ABORTED;
    /// The client may not hand over credentials.
    DelegationPolicy = "delegation-policy", logon::DELEGATION_POLICY;
    /// NTLM is switched off.
    NtlmBlocked = "ntlm-blocked", logon::NTLM_BLOCKED;
    /// Nobody was there to check the logon.
    NoLogonServer = "no-logon-server", logon::NO_LOGON_SERVER;
    /// Kerberos did not work.
    Kerberos = "kerberos", logon::KERBEROS;
    /// The clocks are too far apart.
    ClockSkew = "clock-skew", logon::CLOCK_SKEW;
    /// The trust to the domain is broken.
    TrustBroken = "trust-broken", logon::TRUST_BROKEN;
    /// The smart card or its certificate failed.
    SmartCard = "smart-card", logon::SMART_CARD;
    /// The Microsoft Entra logon failed.
    Entra = "entra", logon::ENTRA;
    /// Access is denied.
    AccessDenied = "access-denied", logon::ACCESS_DENIED;
    /// The server wrote down its status.
    ServerStatus = "server-status", logon::SERVER_STATUS;
    /// The RD Gateway failed.
    GatewayFault = "gateway-fault", logon::GATEWAY_FAULT;
    /// The RD Gateway does not let the user in.
    GatewayPolicy = "gateway-policy", logon::GATEWAY_POLICY;
    /// The RD Gateway does not allow the target.
    GatewayResource = "gateway-resource", logon::GATEWAY_RESOURCE;
    /// The RD Gateway cannot reach the target.
    GatewayTarget = "gateway-target", logon::GATEWAY_TARGET;
    /// The RD Gateway is full.
    GatewayLimit = "gateway-limit", logon::GATEWAY_LIMIT;
    /// The session through the RD Gateway ended.
    GatewaySession = "gateway-session", logon::GATEWAY_SESSION;
    /// The RD Gateway has no usable certificate.
    GatewayCertificate = "gateway-certificate", logon::GATEWAY_CERTIFICATE;
    /// The connection ended in the settings exchange.
    SettingsClosed = "settings-closed", session::SETTINGS_CLOSED;
    /// The settings exchange failed.
    McsFailure = "mcs-failure", session::MCS_FAILURE;
    /// The client information was refused.
    ClientInformation = "client-information", session::CLIENT_INFORMATION;
    /// The client broke the protocol.
    ClientData = "client-data", session::CLIENT_DATA;
    /// The capabilities do not go together.
    Capabilities = "capabilities", session::CAPABILITIES;
    /// A channel is the trouble.
    Channels = "channels", session::CHANNELS;
    /// The monitors do not fit.
    MonitorLayout = "monitor-layout", session::MONITOR_LAYOUT;
    /// The server offers programs, not a desktop.
    RemoteApp = "remote-app", session::REMOTE_APP;
    /// No licence could be had.
    LicenseServer = "license-server", session::LICENSE_SERVER;
    /// The client's licence is the trouble.
    LicenseClient = "license-client", session::LICENSE_CLIENT;
    /// The licensing exchange failed.
    LicenseProtocol = "license-protocol", session::LICENSE_PROTOCOL;
    /// The host is not licensed for this.
    LicenseHost = "license-host", session::LICENSE_HOST;
    /// The session did not become active.
    ActivationStall = "activation-stall", session::ACTIVATION_STALL;
    /// An administrator ended it.
    AdminAction = "admin-action", session::ADMIN_ACTION;
    /// The user ended it.
    UserAction = "user-action", session::USER_ACTION;
    /// The session was idle for too long.
    IdleLimit = "idle-limit", session::IDLE_LIMIT;
    /// The time of the session is over.
    SessionLimit = "session-limit", session::SESSION_LIMIT;
    /// Another connection took over.
    SessionReplaced = "session-replaced", session::SESSION_REPLACED;
    /// Someone else has the session.
    SessionContention = "session-contention", session::SESSION_CONTENTION;
    /// The server denied the connection, without a reason.
    ServerDenied = "server-denied", session::SERVER_DENIED;
    /// The server ended the connection and told a reason.
    ServerEnded = "server-ended", session::SERVER_ENDED;
    /// There is not enough of something.
    ServerResources = "server-resources", session::SERVER_RESOURCES;
    /// The server is going down.
    ServerRestart = "server-restart", session::SERVER_RESTART;
    /// A process of the session crashed.
    ServerCrash = "server-crash", session::SERVER_CRASH;
    /// The server is slow.
    ServerStall = "server-stall", session::SERVER_STALL;
    /// The remote display driver failed.
    GraphicsDriver = "graphics-driver", session::GRAPHICS_DRIVER;
    /// The picture is the trouble.
    GraphicsStream = "graphics-stream", session::GRAPHICS_STREAM;
    /// The desktop did not start.
    SessionStart = "session-start", session::SESSION_START;
    /// The connection broker is in the way.
    Broker = "broker", session::BROKER;
    /// The broker is at work.
    BrokerProgress = "broker-progress", session::BROKER_PROGRESS;
    /// The machine behind the broker is not ready.
    BrokerTarget = "broker-target", session::BROKER_TARGET;
    /// The client had no memory left.
    ClientMemory = "client-memory", session::CLIENT_MEMORY;
    /// The client failed inside.
    ClientFault = "client-fault", session::CLIENT_FAULT;
    /// The client's settings are wrong.
    ClientSettings = "client-settings", session::CLIENT_SETTINGS;
    /// It was cancelled.
    Cancelled = "cancelled", session::CANCELLED;
    /// No reason is known.
    NoInfo = "no-info", session::NO_INFO;
    /// The code does not tell much.
    Unknown = "unknown", session::UNKNOWN;
    /// Progress, not an error.
    Progress = "progress", session::PROGRESS;
    /// It worked.
    Success = "success", session::SUCCESS;
}

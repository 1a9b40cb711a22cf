//! The ladder of phases a connection climbs, and the stretches of road it climbs them on.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! slugs {
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $says:literal])+ $variant:ident = $slug:literal),+ $(,)? }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[doc = $says])+ #[serde(rename = $slug)] $variant,)+
        }

        impl $name {
            /// Every value, in order.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name used in reports, files and on the command line.
            pub const fn slug(self) -> &'static str {
                match self {
                    $(Self::$variant => $slug,)+
                }
            }

            /// What it is, in a sentence or two.
            pub const fn says(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!($($says),+).trim_ascii(),)+
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.slug())
            }
        }
    };
}

slugs! {
    /// A rung of the ladder, in climbing order.
    Phase {
        /// Turning the name into addresses.
        Resolve = "resolve",
        /// Packets get to the address and something answers.
        Reach = "reach",
        /// The TCP connection opens.
        Tcp = "tcp",
        /// Client and server agree on a security protocol in one X.224 exchange ([MS-RDPBCGR] 1.3.1.1).
        Negotiate = "negotiate",
        /// TLS, and the certificate of the server; or Standard RDP Security.
        Secure = "secure",
        /// Network Level Authentication: CredSSP with NTLM or Kerberos ([MS-CSSP]).
        Authenticate = "authenticate",
        /// The tunnel and channel of an RD Gateway ([MS-TSGU]).
        Tunnel = "tunnel",
        /// Basic settings, channels and client information: MCS and GCC ([MS-RDPBCGR] 1.3.1.1).
        Settings = "settings",
        /// The licensing exchange ([MS-RDPELE]).
        License = "license",
        /// Capabilities are exchanged and the session is activated.
        Activate = "activate",
        /// The session itself: logon, redirection, graphics, disconnect.
        Session = "session",
    }
}

slugs! {
    /// A stretch of road on the way to the desktop.
    Leg {
        /// From here to the proxy.
        Proxy = "proxy",
        /// From here to the RD Gateway.
        Gateway = "gateway",
        /// To the connection broker.
        Broker = "broker",
        /// To the host, directly or through the gateway.
        Host = "host",
        /// The UDP side transport beside the host's TCP connection.
        Side = "side",
    }
}

/// A rung on a stretch of road.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The stretch of road.
    pub leg: Leg,
    /// The rung.
    pub phase: Phase,
}

impl Place {
    /// A rung on the way to the host.
    pub const fn host(phase: Phase) -> Self {
        Self {
            leg: Leg::Host,
            phase,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.leg {
            Leg::Host => self.phase.fmt(f),
            leg => write!(f, "{leg}/{}", self.phase),
        }
    }
}

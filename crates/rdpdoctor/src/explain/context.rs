//! What else was given with a code: the client, the words around it. It decides which namespace a number
//! most plausibly belongs to.

use model::codes::{Code, Topic};

use super::number::{Form, Number};

/// What is known about where a number comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// The client that showed it.
    pub client: Option<Program>,
    /// What the words around it call it.
    pub called: Called,
    /// The provider or channel of an event, by the namespaces of events.
    pub provider: Option<Provider>,
    /// It is the second number of a dialog.
    pub second: bool,
}

/// Kinds of clients that number their errors differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Program {
    /// Remote Desktop Connection of Windows, and what is built on it (mRemoteNG, RDCMan, 1Remote).
    #[value(
        alias = "mremoteng",
        alias = "rdcman",
        alias = "1remote",
        alias = "windows"
    )]
    Mstsc,
    /// Windows App and Microsoft Remote Desktop for macOS and iOS.
    #[value(alias = "macos", alias = "ios", alias = "windows-app")]
    Mac,
    /// FreeRDP: xfreerdp, wlfreerdp, sdl-freerdp; Remmina and Guacamole are built on it.
    #[value(alias = "xfreerdp", alias = "wlfreerdp", alias = "sdl-freerdp")]
    Freerdp,
    /// Remmina.
    Remmina,
    /// Apache Guacamole.
    Guacd,
    /// rdesktop.
    Rdesktop,
    /// Azure Virtual Desktop and Windows 365 clients.
    Avd,
}

impl Program {
    /// The client of that name.
    pub fn of(name: &str) -> Option<Self> {
        <Self as clap::ValueEnum>::from_str(name, true).ok()
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mstsc => "mstsc",
            Self::Mac => "mac",
            Self::Freerdp => "freerdp",
            Self::Remmina => "remmina",
            Self::Guacd => "guacd",
            Self::Rdesktop => "rdesktop",
            Self::Avd => "avd",
        }
    }

    fn family(self) -> Family {
        match self {
            Self::Mstsc | Self::Avd => Family::Microsoft,
            Self::Mac => Family::Mac,
            Self::Freerdp | Self::Remmina | Self::Guacd => Family::FreeRdp,
            Self::Rdesktop => Family::Other,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Microsoft,
    Mac,
    FreeRdp,
    Other,
}

/// What the words around a number call it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Called {
    /// Nothing that helps.
    #[default]
    Nothing,
    /// The id of an event.
    Event,
    /// The exit status of a process.
    Exit,
    /// A TLS alert.
    Alert,
    /// A failure code of the negotiation.
    Negotiation,
    /// The reason of a disconnect, as an event or a third-party client prints it.
    Disconnect,
    /// An error number of the operating system.
    Errno,
    /// An error code of Windows.
    Win32,
    /// A status of Windows.
    Status,
    /// A Set Error Info code.
    ErrorInfo,
    /// A licensing error.
    License,
    /// Something of an RD Gateway.
    Gateway,
}

/// Who writes an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Provider {
    /// The word by which it is known, in lower case.
    pub word: &'static str,
    /// The namespaces of its events.
    pub spaces: &'static [&'static str],
}

/// Providers by the words that texts use; longer words first where one holds another.
pub static PROVIDERS: &[Provider] = &[
    Provider {
        word: "schannel",
        spaces: &["event-schannel"],
    },
    Provider {
        word: "termdd",
        spaces: &["event-termdd"],
    },
    Provider {
        word: "rdpcorets",
        spaces: &["event-rdpcorets", "event-rdpcorets-admin"],
    },
    Provider {
        word: "remoteconnectionmanager",
        spaces: &["event-rcm", "event-rcm-admin", "event-rcm-system"],
    },
    Provider {
        word: "localsessionmanager",
        spaces: &["event-lsm"],
    },
    Provider {
        word: "rdpclient",
        spaces: &["event-rdpclient"],
    },
    Provider {
        word: "clientactivexcore",
        spaces: &["event-rdpclient"],
    },
    Provider {
        word: "sessionbroker-client",
        spaces: &["event-sessionbroker-client"],
    },
    Provider {
        word: "sessionbroker",
        spaces: &["event-sessionbroker"],
    },
    Provider {
        word: "terminalservices-gateway",
        spaces: &["event-gateway"],
    },
    Provider {
        word: "security-auditing",
        spaces: &["event-security"],
    },
];

/// How plausible it is that `number` is this code, in decibans; only differences count.
pub fn plausibility(code: &Code, number: &Number, context: &Context) -> i32 {
    let space = code.space.slug;
    let is_event = space.starts_with("event-");
    let usual = match space {
        "ntstatus-nla" | "sspi-hresult" => 25,
        "mstsc-disc-reason" | "freerdp-connect-error" => 22,
        // A pair that is known alone, without its second number.
        "mstsc-dialog-pair" => 13,
        // Results that the gateway shares with all of Windows are rarely the gateway's.
        "rdgateway-mstsgu" if code.number.is_some_and(|number| number < 23_000) => 2,
        "hresult" | "rdgateway-mstsgu" => 18,
        "winsock" => 17,
        "mstsc-described" => 16,
        "mstsc-primary-undocumented" | "avd-client" | "multitransport-hrresponse" => 14,
        "macos-client" | "rds-aad-auth-result" => 12,
        "errorinfo" | "ext-disc-reason" => 10,
        "xfreerdp-exit" | "rdgateway-client-log" => 8,
        "tls-alert" | "neg-failure" | "win32" => 6,
        "errno"
        | "license-error"
        | "rdstls-result"
        | "mstscax-logon-error"
        | "logon-error-type" => 4,
        "status-info" | "mcs-result" | "mstscax-fatal-error" | "early-user-auth" => 0,
        "mstsc-disc-reason-class" => -10,
        "event-schannel" => 10,
        _ if is_event => 3,
        _ => -6,
    };
    let written = match number.form {
        Form::Hex | Form::BareHex => match space {
            "mstsc-disc-reason" | "mstsc-described" | "errorinfo" | "ext-disc-reason" => 4,
            "winsock" | "errno" | "xfreerdp-exit" | "tls-alert" | "neg-failure" => -8,
            _ if is_event => -18,
            _ => 0,
        },
        Form::Decimal => match space {
            "xfreerdp-exit" | "win32" | "winsock" | "errno" | "tls-alert" => 3,
            _ if is_event => 4,
            _ => 0,
        },
        Form::Signed => match space {
            "mstscax-logon-error" => 10,
            _ => 0,
        },
    };
    let client = context
        .client
        .map_or(0, |client| match (client.family(), space) {
            (Family::Microsoft, _)
                if client == Program::Avd && matches!(space, "avd-client" | "mstsc-described") =>
            {
                20
            }
            (
                Family::Microsoft,
                "mstsc-disc-reason"
                | "mstsc-described"
                | "mstsc-primary-undocumented"
                | "mstsc-dialog-pair"
                | "ext-disc-reason",
            ) => 12,
            (
                Family::Microsoft | Family::Mac,
                "xfreerdp-exit" | "freerdp-connect-error" | "errno",
            ) => -25,
            (Family::Mac, "macos-client") => 24,
            (
                Family::Mac,
                "mstsc-disc-reason" | "mstsc-primary-undocumented" | "ext-disc-reason",
            ) => 10,
            (Family::FreeRdp, "freerdp-connect-error") => 20,
            (Family::FreeRdp, "xfreerdp-exit") if matches!(client, Program::Freerdp) => 22,
            (Family::FreeRdp, "errorinfo" | "neg-failure") => 12,
            (Family::FreeRdp, "errno") => 8,
            (
                Family::FreeRdp | Family::Other,
                "mstsc-disc-reason"
                | "mstsc-described"
                | "mstsc-primary-undocumented"
                | "macos-client"
                | "ext-disc-reason",
            ) => -20,
            (Family::Other, "errno") => 8,
            _ => 0,
        });
    let called = match context.called {
        Called::Nothing => 0,
        Called::Event if is_event => 60,
        Called::Event => -40,
        Called::Exit if matches!(space, "xfreerdp-exit" | "freerdp-connect-error") => 50,
        Called::Exit if space == "win32" => 10,
        Called::Alert if space == "tls-alert" => 50,
        Called::Negotiation if matches!(space, "neg-failure") => 50,
        Called::Disconnect => match space {
            "mstsc-disc-reason"
            | "mstsc-described"
            | "mstsc-primary-undocumented"
            | "mstsc-dialog-pair" => 30,
            "ext-disc-reason" | "errorinfo" => -30,
            _ if is_event => -30,
            _ => 0,
        },
        Called::Errno if matches!(space, "errno" | "winsock") => 40,
        Called::Win32 if matches!(space, "win32" | "winsock") => 50,
        Called::Status if matches!(space, "ntstatus-nla" | "sspi-hresult" | "hresult") => 20,
        Called::ErrorInfo if space == "errorinfo" => 40,
        Called::License if space == "license-error" => 40,
        Called::Gateway if space.starts_with("rdgateway") => 15,
        Called::Exit | Called::Alert | Called::Negotiation | Called::Errno | Called::ErrorInfo
            if is_event =>
        {
            -40
        }
        _ => 0,
    };
    let provider = context.provider.map_or(0, |provider| {
        if provider.spaces.contains(&space) {
            40
        } else if is_event {
            -40
        } else {
            0
        }
    });
    let second = match (context.second, space) {
        (true, "ext-disc-reason") => 60,
        (true, "errorinfo") => 50,
        (true, _) => -40,
        (false, _) => 0,
    };
    // Successes and progress are rarely what somebody asks about.
    let asked = match code.topic {
        Topic::Success | Topic::Progress | Topic::BrokerProgress if !is_event => -4,
        _ => 0,
    };
    usual + written + client + called + provider + second + asked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_name_namespaces_that_exist() {
        for provider in PROVIDERS {
            for slug in provider.spaces {
                assert!(
                    model::codes::space::ALL
                        .iter()
                        .any(|space| space.slug == *slug),
                    "{slug}"
                );
            }
        }
    }

    #[test]
    fn clients_are_known_by_their_names() {
        assert_eq!(Program::of("xfreerdp"), Some(Program::Freerdp));
        assert_eq!(Program::of("MSTSC"), Some(Program::Mstsc));
        assert_eq!(Program::of("telnet"), None);
    }
}

//! Settings, licensing, activation, the session, and the client itself.

use crate::codes::topic::{Look, Lore};

pub const SETTINGS_CLOSED: Lore = Lore {
    says: "the connection ended in the settings exchange",
    rules_in: "security was agreed on, and the first messages after it were not answered or not accepted",
    rules_out: "name, network and port",
    next: &[
        Look::run(
            "see how far the server goes without credentials",
            "rdpdoctor HOST",
        ),
        Look::at(
            "on the host: logs of the same second; a client that stops here may have left at the certificate prompt",
        ),
    ],
};

pub const MCS_FAILURE: Lore = Lore {
    says: "the settings exchange failed",
    rules_in: "security and logon worked; client and server did not agree on settings and channels",
    rules_out: "name, network, certificate and password",
    next: &[Look::at(
        "try another client or fewer redirections: when that works, the client's settings are the fault",
    )],
};

pub const CLIENT_INFORMATION: Lore = Lore {
    says: "the client information was refused",
    rules_in: "security is up; the server did not take what the client said about its user",
    rules_out: "name, network and certificate",
    next: &[Look::at(
        "does the server demand credentials in advance (require_credentials on xrdp)",
    )],
};

pub const CLIENT_DATA: Lore = Lore {
    says: "the client broke the protocol",
    rules_in: "the server received something from the client that does not fit the protocol",
    rules_out: "network, certificate, password: the connection was far beyond them",
    next: &[
        Look::at("try another version of the client, or another client"),
        Look::at("a device on the way that alters the stream can cause it as well"),
    ],
};

pub const CAPABILITIES: Lore = Lore {
    says: "the capabilities do not go together",
    rules_in: "the server did not take what the client says it can do",
    rules_out: "network, certificate, password",
    next: &[Look::at(
        "try the client with its standard settings, or another client",
    )],
};

pub const CHANNELS: Lore = Lore {
    says: "a channel is the trouble",
    rules_in: "a virtual channel (redirection of drives, printers, sound, clipboard) broke the protocol",
    rules_out: "network, certificate, password",
    next: &[Look::at(
        "switch all redirections off and try again, then on one by one",
    )],
};

pub const MONITOR_LAYOUT: Lore = Lore {
    says: "the monitors do not fit",
    rules_in: "the server did not take the layout of monitors that the client asked for",
    rules_out: "network, certificate, password",
    next: &[Look::at("connect with one monitor and a plain size")],
};

pub const REMOTE_APP: Lore = Lore {
    says: "the server offers programs, not a desktop",
    rules_in: "the host serves RemoteApp alone and the client asked for a desktop",
    rules_out: "network, certificate, password",
    next: &[Look::at("use the .rdp file or feed of the program")],
};

pub const LICENSE_SERVER: Lore = Lore {
    says: "no licence could be had",
    rules_in: "the connection reached licensing: the server has no licence to give, or finds no licence server",
    rules_out: "network, firewall, certificate, TLS and password",
    next: &[
        Look::at("on the host: RD Licensing Diagnoser, licensing mode and server, grace period"),
        Look::at("as an administrator: mstsc /admin gets in without a client licence"),
    ],
};

pub const LICENSE_CLIENT: Lore = Lore {
    says: "the client's licence is the trouble",
    rules_in: "the connection reached licensing: what the client has stored or sent is not accepted",
    rules_out: "network, firewall, certificate, TLS and password",
    next: &[
        Look::at(
            "on the client (Windows): back up and delete the key HKLM\\SOFTWARE\\Microsoft\\MSLicensing, then start the client once as administrator",
        ),
        Look::at("on other clients: delete the stored .cal file"),
    ],
};

pub const LICENSE_PROTOCOL: Lore = Lore {
    says: "the licensing exchange failed",
    rules_in: "the connection reached licensing, and the exchange broke or took too long",
    rules_out: "firewall, certificate, TLS and password",
    next: &[
        Look::at("can the host reach its licence server"),
        Look::at("try another client, to tell client from server"),
    ],
};

pub const LICENSE_HOST: Lore = Lore {
    says: "the host is not licensed for this",
    rules_in: "the edition or the licence of the host does not allow remote connections",
    rules_out: "network, certificate and password",
    next: &[Look::run(
        "on the host: edition and activation",
        "slmgr /dlv",
    )],
};

pub const ACTIVATION_STALL: Lore = Lore {
    says: "the session did not become active",
    rules_in: "the connection came as far as the session, and the server did not finish it",
    rules_out: "network, certificate and usually the password",
    next: &[Look::at(
        "on the host: is logon slow or stuck, does an older session hang",
    )],
};

pub const ADMIN_ACTION: Lore = Lore {
    says: "an administrator ended it",
    rules_in: "someone with rights on the server ended the session, or a program did",
    rules_out: "network and certificate: the session existed",
    next: &[Look::at(
        "on the host: LocalSessionManager 39 and 40, and who was logged on",
    )],
};

pub const USER_ACTION: Lore = Lore {
    says: "the user ended it",
    rules_in: "the end was asked for",
    rules_out: "a fault",
    next: &[],
};

pub const IDLE_LIMIT: Lore = Lore {
    says: "the session was idle for too long",
    rules_in: "a limit on idle time is set on the server",
    rules_out: "network and certificate: the session existed",
    next: &[Look::at(
        "on the host: the policies for session time limits",
    )],
};

pub const SESSION_LIMIT: Lore = Lore {
    says: "the time of the session is over",
    rules_in: "a limit on the time of sessions or logons is set on the server",
    rules_out: "network and certificate",
    next: &[Look::at(
        "on the host: the policies for session time limits",
    )],
};

pub const SESSION_REPLACED: Lore = Lore {
    says: "another connection took over",
    rules_in: "the same user, or a user with more rights, connected from elsewhere",
    rules_out: "network and certificate: the session existed",
    next: &[Look::at(
        "who else uses this account; on the host: LocalSessionManager 39 and 40",
    )],
};

pub const SESSION_CONTENTION: Lore = Lore {
    says: "someone else has the session",
    rules_in: "another user or session stands in the way of this one",
    rules_out: "network, certificate and password",
    next: &[Look::run("on the host", "qwinsta")],
};

pub const SERVER_DENIED: Lore = Lore {
    says: "the server denied the connection, without a reason",
    rules_in: "some server says no; which rule or fault made it do so is not told",
    rules_out: "missing user rights on Windows: they have the code 9",
    next: &[
        Look::at(
            "is this number certain to come from the server (xfreerdp, a log), or does it stand beside 0x904, where it most likely carries nothing",
        ),
        Look::run(
            "find the rung on which the connection ends",
            "rdpdoctor HOST",
        ),
        Look::at("on the host: the log of the server software at that second"),
    ],
};

pub const SERVER_ENDED: Lore = Lore {
    says: "the server ended the connection and told a reason",
    rules_in: "the server itself ended the connection; the reason stands in the number beside this one",
    rules_out: "a closed port and a broken certificate: the server spoke",
    next: &[
        Look::at("read the second number, or the code in the event"),
        Look::at("on the host: LocalSessionManager 40 and RdpCoreTS 103 of that second"),
    ],
};

pub const SERVER_RESOURCES: Lore = Lore {
    says: "there is not enough of something",
    rules_in: "memory, sockets or another resource was used up on the machine that reports it",
    rules_out: "a wrong password",
    next: &[Look::at("on that machine: memory, handles, sessions, disk")],
};

pub const SERVER_RESTART: Lore = Lore {
    says: "the server is going down",
    rules_in: "the host is shutting down or restarting",
    rules_out: "a fault of network or client",
    next: &[
        Look::at("wait until it is up again"),
        Look::run("see when it answers", "rdpdoctor HOST"),
    ],
};

pub const SERVER_CRASH: Lore = Lore {
    says: "a process of the session crashed",
    rules_in: "the session existed and a process it needs died on the server",
    rules_out: "network, certificate, password",
    next: &[Look::at(
        "on the host: Application log, events 1000 and 1001 of that second; display drivers and recent updates",
    )],
};

pub const SERVER_STALL: Lore = Lore {
    says: "the server is slow",
    rules_in: "the host did not answer in time although the connection stands",
    rules_out: "certificate and password",
    next: &[Look::at(
        "on the host: processor, memory, disk, security software",
    )],
};

pub const GRAPHICS_DRIVER: Lore = Lore {
    says: "the remote display driver failed",
    rules_in: "the server ended a session that was just being set up: its display could not be started",
    rules_out: "network, certificate, password",
    next: &[
        Look::at(
            "on the host: recent updates and display drivers; as a test the policy that uses the XDDM display driver for remote connections",
        ),
        Look::at("on the host: RdpCoreTS/Admin 1 and 3, System log of that second"),
    ],
};

pub const GRAPHICS_STREAM: Lore = Lore {
    says: "the picture is the trouble",
    rules_in: "the session was up; what came as graphics could not be used",
    rules_out: "network, certificate, password",
    next: &[Look::at(
        "try a smaller size, fewer colours, or another client",
    )],
};

pub const SESSION_START: Lore = Lore {
    says: "the desktop did not start",
    rules_in: "logon worked; the desktop behind the session ended or did not come up",
    rules_out: "network, certificate, password",
    next: &[Look::at(
        "on the host: ~/.xsession-errors, Xorg log, the start script of the window manager; is the same user logged on locally",
    )],
};

pub const BROKER: Lore = Lore {
    says: "the connection broker is in the way",
    rules_in: "a broker could not find or hand over the destination",
    rules_out: "the password; the network to the broker",
    next: &[
        Look::at("on the broker: log TerminalServices-SessionBroker/Operational"),
        Look::at("is the load balance information of the .rdp file that of this farm"),
    ],
};

pub const BROKER_PROGRESS: Lore = Lore {
    says: "the broker is at work",
    rules_in: "progress, not an error",
    rules_out: "",
    next: &[],
};

pub const BROKER_TARGET: Lore = Lore {
    says: "the machine behind the broker is not ready",
    rules_in: "the broker works; the virtual machine for the user does not start or is not found",
    rules_out: "the password; the network to the broker",
    next: &[Look::at(
        "on the hypervisor or in the cloud: state of the machine, quota, agent",
    )],
};

pub const CLIENT_MEMORY: Lore = Lore {
    says: "the client had no memory left",
    rules_in: "this machine ran out of memory, or of a resource it reports as such",
    rules_out: "the server",
    next: &[Look::at(
        "on this machine: memory and handles; close other sessions",
    )],
};

pub const CLIENT_FAULT: Lore = Lore {
    says: "the client failed inside",
    rules_in: "something went wrong in the client program itself",
    rules_out: "nothing about the server",
    next: &[Look::at(
        "what stands beside the code tells more; try another version of the client",
    )],
};

pub const CLIENT_SETTINGS: Lore = Lore {
    says: "the client's settings are wrong",
    rules_in: "the client stopped before or while it began to connect",
    rules_out: "the server",
    next: &[Look::at(
        "read the command line or the .rdp file again; try with the standard settings",
    )],
};

pub const CANCELLED: Lore = Lore {
    says: "it was cancelled",
    rules_in: "a user or program stopped the connection",
    rules_out: "a fault, as long as someone did cancel",
    next: &[],
};

pub const NO_INFO: Lore = Lore {
    says: "no reason is known",
    rules_in: "the client kept no reason; the sentence in the dialog may have more",
    rules_out: "",
    next: &[
        Look::at("copy the whole dialog: a code such as 0x80090302 may stand in its sentence"),
        Look::run("see where the connection ends", "rdpdoctor HOST"),
    ],
};

pub const UNKNOWN: Lore = Lore {
    says: "the code does not tell much",
    rules_in: "what stands around the code has to tell which step failed",
    rules_out: "",
    next: &[
        Look::at(
            "what stands beside the code: the text of the dialog, the name of the event, the lines before",
        ),
        Look::run("see where the connection ends", "rdpdoctor HOST"),
    ],
};

pub const PROGRESS: Lore = Lore {
    says: "progress, not an error",
    rules_in: "the connection had come this far at that moment",
    rules_out: "every fault of a step before this one, for this connection",
    next: &[],
};

pub const SUCCESS: Lore = Lore {
    says: "it worked",
    rules_in: "this step was passed",
    rules_out: "every fault of a step before this one, for this connection",
    next: &[],
};

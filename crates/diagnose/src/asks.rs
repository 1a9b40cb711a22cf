//! Looks that somebody could take next. Causes name those that would tell them from their rivals.

use crate::cause::Ask;

macro_rules! asks {
    ($($(#[doc = $doc:literal])+ $name:ident = $cost:literal, $look:literal, $why:literal $(, $command:literal)?;)+) => {
        $($(#[doc = $doc])+ pub(crate) static $name: Ask = Ask {
            look: $look,
            why: $why,
            command: asks!(@command $($command)?),
            cost: $cost,
        };)+
    };
    (@command) => { None };
    (@command $command:literal) => { Some($command) };
}

asks! {
    /// The same look, later.
    AGAIN = 1, "run the same check again in a few minutes", "tells what happens every time from what happens now and then", "rdpdoctor {endpoint}";
    /// The default port.
    DEFAULT_PORT = 1, "check {host} on the usual port, 3389", "tells whether Remote Desktop answers there", "rdpdoctor {host}";
    /// The name, asked elsewhere.
    LOOK_UP = 2, "look up {host} with nslookup, here and on a machine that can connect", "tells whether the name servers or the name are at fault";
    /// By the full name.
    FULL_NAME = 1, "run the check with the full name of {host}, its domain included (rdpdoctor and the full name)", "tells whether the short form of the name is all that is wrong";
    /// By address.
    BY_ADDRESS = 2, "run the check with the address of {host} instead of its name (rdpdoctor and the address)", "tells whether the name is all that is wrong";
    /// The same look from the host's network.
    FROM_INSIDE = 4, "run the same check on a machine in the network of {host}", "tells the host from the way to it", "rdpdoctor {endpoint}";
    /// The same look from another network.
    FROM_ELSEWHERE = 4, "run the same check from another network, such as a phone's", "tells this network or this address from the host", "rdpdoctor {endpoint}";
    /// Another client here.
    OTHER_PROGRAM = 2, "try another program on this machine, such as a browser, with an address in the same network", "tells whether this machine forbids one program or all";
    /// The VPN.
    VPN = 2, "see whether the VPN or tunnel to the network of {host} is up, and whether its neighbours answer", "tells a broken way from a dead host";
    /// Is it on?
    CONSOLE = 3, "look at the console of {host} (screen, hypervisor or cloud portal): is it on, and what address has it", "tells a dead host from a closed way";
    /// The service.
    SERVICE = 3, "on {host}: is the service running (services.msc: Remote Desktop Services; Linux: systemctl status xrdp)", "tells a stopped or hanging service from a closed port";
    /// Is Remote Desktop on?
    SWITCH = 3, "on {host}: is Remote Desktop on (Settings, System, Remote Desktop), and does a policy turn it off", "tells whether it was switched off";
    /// Who listens?
    LISTENING = 3, "on {host}: who listens on which port (netstat -ano; Linux: ss -ltnp)", "tells a changed port, another program or a missing listener apart";
    /// The host's firewall.
    HOST_FIREWALL = 3, "on {host}: is the firewall rule for Remote Desktop on for the network profile in use", "tells the host's own firewall from one on the way";
    /// Filters on the way.
    PATH_FIREWALL = 4, "ask whoever runs the firewalls between here and {host} for their log of port {port}", "tells a filter on the way from the host";
    /// Did it arrive?
    ARRIVED = 3, "on {host}: event 131 (RemoteDesktopServices-RdpCoreTS) and 261 (RemoteConnectionManager) at the time of the attempt", "tells whether the connection reached the Remote Desktop service at all";
    /// Schannel.
    SCHANNEL = 3, "on {host}: System log, source Schannel, at the time of the attempt (36870: private key; 36871, 36874: no version or cipher in common)", "names the reason TLS failed on a Windows host";
    /// Certificate events.
    CERTIFICATE_EVENTS = 3, "on {host}: System log, source TerminalServices-RemoteConnectionManager, events 1057 and 1058", "tells whether Windows failed to make or renew its certificate";
    /// xrdp.
    XRDP_LOG = 3, "on {host}, if it runs xrdp: /var/log/xrdp.log at the time of the attempt", "names an unreadable key or certificate plainly";
    /// The server program's log.
    SERVER_LOG = 3, "the log of the Remote Desktop server program on {host} at the time of the attempt", "says why it ended the connection";
    /// Licensing on the host.
    LICENSING = 3, "on {host}: start the Remote Desktop Licensing Diagnoser (lsdiag.msc), which names the licensing mode, the licence server that is found and the licences that are left", "tells a licence server that is not found from a mode that was never set and from licences that are used up";
    /// Without a licence.
    WITHOUT_LICENCE = 1, "from Windows, as an administrator of {host}, connect with mstsc and its switch /admin, which needs no client licence", "if it gets through, licensing is all that is wrong, and you are in", "mstsc /v:{endpoint} /admin";
    /// A logon.
    WITH_USER = 1, "run the check with a user, whose password it asks for (a wrong one counts towards a lock-out)", "tells whether the server refuses every logon or that account", "rdpdoctor {endpoint} --user NAME";
    /// Without the side transport.
    TCP_ONLY = 2, "connect once over TCP alone (Windows: the policy \"Turn Off UDP On Client\"; FreeRDP: the option -multitransport)", "tells the side transport over UDP from all else";
    /// Security products.
    SECURITY_LOG = 3, "the log of the security software on {host} at the time of the attempt", "tells whether it cut the connection";
    /// Bans.
    BANS = 3, "on {host}: is this client's address on a ban list (fail2ban, IPBan, RdpGuard, firewall rules)", "tells a ban from a dead host";
    /// Sessions.
    SESSIONS = 3, "on {host}: how many sessions and half-open connections there are (qwinsta; netstat -n), and event 1006", "tells a limit from a fault";
    /// The forwarder.
    FORWARDER = 3, "the port forwarding, load balancer or tunnel that owns this address: where does it send port {port}, and is anything there", "tells an empty forwarder from a hanging host";
    /// Middleboxes.
    INSPECTION = 4, "the log of the firewall or inspection device between here and {host} at the time of the attempt", "tells whether it cut the connection";
    /// Path MTU.
    MTU = 2, "ping {host} with 1372 bytes of data and fragmentation forbidden (Windows: ping -f -l 1372; Linux: ping -M do -s 1372)", "tells whether large packets get through";
    /// Clocks.
    CLOCKS = 2, "compare the clocks: w32tm /query /status on both sides (Linux: timedatectl)", "tells which clock is wrong";
    /// Domain controllers.
    CONTROLLERS = 3, "on {host}: nltest /sc_verify and the domain's name, and Netlogon events in the System log", "tells whether the host reaches its domain";
    /// Failed logons.
    FAILED_LOGONS = 3, "on {host}: Security log, event 4625, Status and Sub Status", "names the reason a logon was refused";
    /// Policies.
    POLICY = 3, "on {host}: gpresult /h, and the security settings of Remote Desktop in it", "tells a policy from a local setting";
    /// Load.
    LOAD = 3, "on {host}: processor, memory and disk load at the time of the attempt", "tells an overloaded host from a fault";
    /// A capture at both ends.
    CAPTURE = 5, "capture port {port} here and on {host} during one attempt, and compare", "tells who sent the reset or lost the packet";
    /// The certificate itself.
    CERTIFICATE_STORE = 3, "on {host}: the certificate in the computer's store under Remote Desktop (certlm.msc), and the file the server program is given", "tells which certificate is in use and whether its key is there";
    /// The client's settings.
    CLIENT_SETTINGS = 2, "the settings of the program that connects: is network level authentication (NLA) switched off in it or in its file", "tells a setting from an old program";
}

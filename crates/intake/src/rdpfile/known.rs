//! The settings that clients know, with their type and meaning.

/// A setting that some client knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its name, in lower case.
    pub name: &'static str,
    /// Its type: `s`, `i` or `b`.
    pub kind: char,
    /// What it sets.
    pub says: &'static str,
    /// What its values mean; empty when any value goes.
    pub values: &'static [(i64, &'static str)],
}

/// The setting of this name, which must be in lower case.
pub fn known(name: &str) -> Option<&'static Known> {
    KNOWN
        .binary_search_by(|entry| entry.name.cmp(name))
        .ok()
        .and_then(|at| KNOWN.get(at))
}

macro_rules! known {
    ($($name:literal $kind:literal $says:literal $([$($number:literal $meaning:literal),+ $(,)?])?;)+) => {
        /// Every known setting, by name.
        pub const KNOWN: &[Known] = &[
            $(Known { name: $name, kind: $kind, says: $says, values: &[$($(($number, $meaning)),+)?] },)+
        ];
    };
}

known! {
    "activityhint" 's' "names the workspace and endpoint for the logs of Azure Virtual Desktop";
    "administrative session" 'i' "connects to the administrative session" [0 "no", 1 "yes"];
    "allow desktop composition" 'i' "desktop composition" [0 "off", 1 "on"];
    "allow font smoothing" 'i' "font smoothing" [0 "off", 1 "on"];
    "alternate full address" 's' "another name or address of the host";
    "alternate shell" 's' "the program started in place of the desktop";
    "armpath" 's' "the path of the host pool in Azure";
    "audiocapturemode" 'i' "sound from the client" [0 "not captured", 1 "captured"];
    "audiomode" 'i' "where sound is played" [0 "on the client", 1 "on the host", 2 "nowhere"];
    "audioqualitymode" 'i' "quality of sound" [0 "dynamic", 1 "medium", 2 "high"];
    "authentication level" 'i' "what happens when the certificate of the host cannot be trusted" [
        0 "connect without a word", 1 "do not connect", 2 "ask", 3 "no check is asked for",
    ];
    "autoreconnect max retries" 'i' "attempts to connect again";
    "autoreconnection enabled" 'i' "connects again after a loss" [0 "no", 1 "yes"];
    "bandwidthautodetect" 'i' "detects bandwidth" [0 "no", 1 "yes"];
    "bitmapcachepersistenable" 'i' "keeps bitmaps on disk" [0 "no", 1 "yes"];
    "bitmapcachesize" 'i' "size of the cache of bitmaps, in kilobytes";
    "camerastoredirect" 's' "cameras to redirect";
    "compression" 'i' "compresses the session" [0 "no", 1 "yes"];
    "connect to console" 'i' "connects to the console session" [0 "no", 1 "yes"];
    "connection type" 'i' "the kind of network assumed" [
        1 "modem", 2 "slow broadband", 3 "satellite", 4 "fast broadband", 5 "wide area network",
        6 "local network", 7 "detect",
    ];
    "desktop size id" 'i' "a preset size of the desktop";
    "desktopheight" 'i' "height of the desktop, in pixels";
    "desktopscalefactor" 'i' "scale of the desktop, in percent";
    "desktopwidth" 'i' "width of the desktop, in pixels";
    "devicestoredirect" 's' "plug and play devices to redirect";
    "diagnosticserviceurl" 's' "where diagnostic events of Azure Virtual Desktop go";
    "disable ctrl+alt+del" 'i' "skips the key combination before logon" [0 "no", 1 "yes"];
    "disable cursor setting" 'i' "cursor settings" [0 "allowed", 1 "off"];
    "disable full window drag" 'i' "shows window contents while dragging" [0 "yes", 1 "no"];
    "disable menu anims" 'i' "animates menus" [0 "yes", 1 "no"];
    "disable themes" 'i' "themes" [0 "on", 1 "off"];
    "disable wallpaper" 'i' "wallpaper" [0 "on", 1 "off"];
    "disableconnectionsharing" 'i' "shares a session between RemoteApps" [0 "yes", 1 "no"];
    "disableprinterredirection" 'i' "redirects printers" [0 "yes", 1 "no"];
    "disableremoteappcapscheck" 'i' "skips the check whether the host can do RemoteApp" [0 "no", 1 "yes"];
    "displayconnectionbar" 'i' "the bar at the top in full screen" [0 "off", 1 "on"];
    "domain" 's' "the domain of the user";
    "drivestoredirect" 's' "drives to redirect";
    "dynamic resolution" 'i' "changes the resolution with the window" [0 "no", 1 "yes"];
    "enablecredsspsupport" 'i' "network level authentication (NLA)" [0 "not offered", 1 "offered"];
    "enablerdsaadauth" 'i' "Microsoft Entra authentication" [0 "not offered", 1 "offered"];
    "enablesuperpan" 'i' "pans a desktop larger than the screen" [0 "no", 1 "yes"];
    "enableworkspacereconnect" 'i' "connects again to the workspace" [0 "no", 1 "yes"];
    "encode redirected video capture" 'i' "encodes redirected video" [0 "no", 1 "yes"];
    "eventloguploadaddress" 's' "where event logs of Azure Virtual Desktop go";
    "full address" 's' "the host, and perhaps its port";
    "gatewaybrokeringtype" 'i' "how a gateway finds the host" [0 "by its name", 1 "by the broker of Azure Virtual Desktop"];
    "gatewaycertificatelogonauthority" 's' "authority for logon at the gateway with a certificate";
    "gatewaycredentialssource" 'i' "credentials for the gateway" [
        0 "a password", 1 "a smart card", 2 "those of the user who is logged on", 3 "a password in clear (basic)",
        4 "asked for", 5 "a cookie",
    ];
    "gatewayhostname" 's' "the RD Gateway, and perhaps its port";
    "gatewayprofileusagemethod" 'i' "whose gateway settings hold" [0 "those of the administrator or the system", 1 "those of this file"];
    "gatewayusagemethod" 'i' "when the gateway is used" [
        0 "never", 1 "always", 2 "when the host is not reached directly", 3 "as the system's settings say",
        4 "never",
    ];
    "geo" 's' "the region of Azure Virtual Desktop";
    "hubdiscoverygeourl" 's' "where clients of Azure Virtual Desktop find their region";
    "kdcproxyname" 's' "the Kerberos proxy";
    "keyboardhook" 'i' "where Windows key combinations go" [0 "to the client", 1 "to the host", 2 "to the host in full screen"];
    "loadbalanceinfo" 's' "the token for a broker or load balancer";
    "maximizetocurrentdisplays" 'i' "maximises to the current display" [0 "no", 1 "yes"];
    "negotiate security layer" 'i' "security protocols" [0 "TLS at once, without negotiation", 1 "negotiated"];
    "networkautodetect" 'i' "detects the kind of network" [0 "no", 1 "yes"];
    "password 51" 'b' "a stored password, encrypted for one user on one machine";
    "pinconnectionbar" 'i' "pins the bar at the top" [0 "no", 1 "yes"];
    "prompt for credentials" 'i' "asks for credentials even when some are stored" [0 "no", 1 "yes"];
    "prompt for credentials on client" 'i' "asks for credentials before connecting" [0 "no", 1 "yes"];
    "promptcredentialonce" 'i' "one password for gateway and host" [0 "no", 1 "yes"];
    "public mode" 'i' "keeps nothing on the client" [0 "no", 1 "yes"];
    "rdgiskdcproxy" 'i' "the gateway is also the Kerberos proxy" [0 "no", 1 "yes"];
    "redirectclipboard" 'i' "redirects the clipboard" [0 "no", 1 "yes"];
    "redirectcomports" 'i' "redirects serial ports" [0 "no", 1 "yes"];
    "redirectdirectx" 'i' "redirects DirectX" [0 "no", 1 "yes"];
    "redirectdrives" 'i' "redirects drives" [0 "no", 1 "yes"];
    "redirected video capture encoding quality" 'i' "quality of redirected video" [0 "high compression", 1 "medium", 2 "low compression"];
    "redirectlocation" 'i' "redirects the location" [0 "no", 1 "yes"];
    "redirectposdevices" 'i' "redirects point of service devices" [0 "no", 1 "yes"];
    "redirectprinters" 'i' "redirects printers" [0 "no", 1 "yes"];
    "redirectsmartcards" 'i' "redirects smart cards" [0 "no", 1 "yes"];
    "redirectwebauthn" 'i' "redirects WebAuthn" [0 "no", 1 "yes"];
    "remoteapplicationcmdline" 's' "arguments of the RemoteApp";
    "remoteapplicationexpandcmdline" 'i' "expands variables in the arguments on the host" [0 "no", 1 "yes"];
    "remoteapplicationexpandworkingdir" 'i' "expands variables in the folder on the host" [0 "no", 1 "yes"];
    "remoteapplicationfile" 's' "the file the RemoteApp opens";
    "remoteapplicationfileextensions" 's' "file types of the RemoteApp";
    "remoteapplicationguid" 's' "the identity of the RemoteApp";
    "remoteapplicationicon" 's' "the icon of the RemoteApp";
    "remoteapplicationmode" 'i' "what is started" [0 "a desktop", 1 "a RemoteApp"];
    "remoteapplicationname" 's' "the title of the RemoteApp";
    "remoteapplicationprogram" 's' "the RemoteApp";
    "remoteappmousemoveinject" 'i' "moves the mouse for RemoteApp" [0 "no", 1 "yes"];
    "remotedesktopname" 's' "the title of the desktop";
    "resourceprovider" 's' "the provider of the workspace";
    "screen mode id" 'i' "window or full screen" [1 "window", 2 "full screen"];
    "selectedmonitors" 's' "the monitors used";
    "server port" 'i' "the port of the host, when its address names none";
    "session bpp" 'i' "colour depth, in bits" [8 "256 colours", 15 "15 bits", 16 "16 bits", 24 "24 bits", 32 "32 bits"];
    "shell working directory" 's' "the folder of the program started";
    "signature" 's' "a signature over the settings named in signscope";
    "signscope" 's' "the settings that are signed";
    "singlemoninwindowedmode" 'i' "one monitor when in a window" [0 "no", 1 "yes"];
    "smart sizing" 'i' "scales the picture" [0 "no", 1 "yes"];
    "span monitors" 'i' "spans monitors" [0 "no", 1 "yes"];
    "superpanaccelerationfactor" 'i' "speed of panning";
    "targetisaadjoined" 'i' "the host is joined to Microsoft Entra only" [0 "no", 1 "yes"];
    "usbdevicestoredirect" 's' "USB devices to redirect";
    "use multimon" 'i' "uses all monitors" [0 "no", 1 "yes"];
    "use redirection server name" 'i' "a broker may send the client to another name" [0 "no", 1 "yes"];
    "username" 's' "the user";
    "vcclient" 's' "a virtual channel add-in";
    "videoplaybackmode" 'i' "streams video efficiently" [0 "no", 1 "yes"];
    "winposstr" 's' "place and size of the window";
    "workspace id" 's' "the identity of the workspace";
    "workspaceid" 's' "the identity of the workspace";
    "wvd endpoint pool" 's' "the host pool of Azure Virtual Desktop";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_and_unique() {
        let unsorted: Vec<_> = KNOWN
            .windows(2)
            .filter(|pair| pair[0].name >= pair[1].name)
            .map(|pair| (pair[0].name, pair[1].name))
            .collect();
        assert_eq!(unsorted, []);
        for entry in KNOWN {
            assert_eq!(known(entry.name), Some(entry));
            assert_eq!(entry.name, entry.name.to_lowercase());
        }
    }

    #[test]
    fn values_belong_to_whole_numbers() {
        for entry in KNOWN {
            assert!(matches!(entry.kind, 's' | 'i' | 'b'), "{entry:?}");
            assert!(entry.values.is_empty() || entry.kind == 'i', "{entry:?}");
        }
    }
}

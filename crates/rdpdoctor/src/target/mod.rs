//! The target as people write it: a name, an address, a link or a connection file.

pub mod endpoint;
pub mod settings;

use std::path::Path;

use model::codes::Protocols;
use model::target::RDP_PORT;
use model::{ClientProfile, Damage, HostName, Target};

use probe::hop::{Gateway, GatewayUse};

use crate::cli::Client;
use crate::failure::Failure;
use crate::hops;
use endpoint::{Endpoint, endpoint, quoted};
use settings::Settings;

/// What someone wants to be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The target.
    pub target: Target,
    /// The RD Gateway that a connection file asks for.
    pub gateway: Option<Gateway>,
    /// The Kerberos proxy that a connection file names.
    pub kdc_proxy: Option<String>,
    /// What the reader of the report should know about it first.
    pub notes: Vec<String>,
    /// What could not be read of the file that named it.
    pub damage: Vec<Damage>,
}

/// What was said about the client on the command line.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    /// The client.
    pub client: Option<Client>,
    /// What it offers.
    pub offer: Option<Protocols>,
}

/// Reads a target; a connection file is opened.
pub fn wanted(input: &str, asked: Asked) -> Result<Wanted, Failure> {
    if let Some(link) = settings::link(input)? {
        return match link {
            settings::Link::Endpoint(text) => Ok(plain(input, endpoint(&text)?, asked)),
            settings::Link::Settings(settings) => from_settings(input, &settings, asked),
        };
    }
    if is_file(input) {
        return from_settings(input, &settings::file(Path::new(input))?, asked);
    }
    Ok(plain(input, endpoint(input)?, asked))
}

/// The words mean a file: they end like one, or they are the path of one.
fn is_file(input: &str) -> bool {
    let path = Path::new(input);
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("rdp"))
        || (input.contains(std::path::is_separator) && path.is_file())
}

fn plain(input: &str, endpoint: Endpoint, asked: Asked) -> Wanted {
    Wanted {
        target: target(input, endpoint, client(asked)),
        gateway: None,
        kdc_proxy: None,
        notes: Vec::new(),
        damage: Vec::new(),
    }
}

fn target(input: &str, endpoint: Endpoint, client: ClientProfile) -> Target {
    Target {
        input: input.to_owned(),
        host: HostName(endpoint.host),
        port: endpoint.port.unwrap_or(RDP_PORT),
        address: endpoint.address,
        zone: endpoint.zone,
        gateway: None,
        proxy: None,
        client,
    }
}

/// The client as the command line says it.
fn client(asked: Asked) -> ClientProfile {
    let usual = match asked.client {
        Some(client) => ClientProfile {
            program: Some(client.name().to_owned()),
            offers: client.offers(),
        },
        None => ClientProfile::default(),
    };
    ClientProfile {
        offers: asked.offer.unwrap_or(usual.offers),
        ..usual
    }
}

/// The target that connection settings describe. What the command line says about the client comes before
/// what the settings say.
fn from_settings(input: &str, settings: &Settings, asked: Asked) -> Result<Wanted, Failure> {
    let address = settings
        .text("full address")
        .or_else(|| settings.text("alternate full address"))
        .ok_or_else(|| {
            Failure::usage(format!(
                "{} names no host: it has no \"full address\"; give the host: rdpdoctor HOST",
                quoted(input)
            ))
        })?;
    let mut endpoint = endpoint(address).map_err(|failure| {
        Failure::usage(format!(
            "{} has no usable \"full address\": {}",
            quoted(input),
            failure.says
        ))
    })?;
    if endpoint.port.is_none() {
        endpoint.port = settings
            .number("server port")
            .and_then(|port| u16::try_from(port).ok())
            .filter(|port| *port != 0);
    }
    let mut client = client(asked);
    if asked.offer.is_none() {
        if settings.number("enablecredsspsupport") == Some(0) {
            client.offers = client
                .offers
                .without(Protocols::HYBRID | Protocols::HYBRID_EX);
        }
        if settings.number("enablerdsaadauth") == Some(1) {
            client.offers |= Protocols::RDSAAD;
        }
    }
    let notes = notes(settings, &endpoint.host);
    let mut target = target(input, endpoint, client);
    // 1 always, 2 when the host is not reached directly, 3 as the client's defaults say.
    let used = match settings.number("gatewayusagemethod") {
        Some(1) => Some(GatewayUse::Always),
        Some(2 | 3) => Some(GatewayUse::WhenNeeded),
        _ => None,
    };
    let gateway = match (settings.text("gatewayhostname"), used) {
        (Some(text), Some(used)) => Some(hops::gateway(text, used).map_err(|failure| {
            Failure::usage(format!(
                "{} has no usable \"gatewayhostname\": {}",
                quoted(input),
                failure.says
            ))
        })?),
        _ => None,
    };
    target.gateway = gateway.as_ref().map(|gateway| gateway.host.clone());
    Ok(Wanted {
        target,
        gateway,
        kdc_proxy: kdc_proxy(settings),
        notes,
        damage: settings.damage.clone(),
    })
}

/// The Kerberos proxy: one that is named, or the gateway when it is one too.
fn kdc_proxy(settings: &Settings) -> Option<String> {
    let of_gateway = settings
        .text("gatewayhostname")
        .filter(|_| settings.number("rdgiskdcproxy") == Some(1));
    let named = settings.text("kdcproxyname").or(of_gateway);
    named.map(str::to_owned)
}

/// Settings that change the way a client goes.
fn notes(settings: &Settings, host: &str) -> Vec<String> {
    let mut notes = Vec::new();
    let gateway = settings.text("gatewayhostname");
    match (gateway, settings.number("gatewayusagemethod")) {
        (Some(gateway), Some(1)) => notes.push(format!(
            "These settings always go through the RD Gateway {gateway}. A check looks at the gateway; {host} lies \
             behind its logon."
        )),
        (Some(gateway), Some(2)) => notes.push(format!(
            "These settings go through the RD Gateway {gateway} when {host} cannot be reached directly. A check tries \
             {host} first, and the gateway when it does not answer, as the client does."
        )),
        // 0, 4 and absent use no gateway.
        (Some(gateway), Some(3)) => notes.push(format!(
            "These settings name the RD Gateway {gateway} and leave it to the client's defaults whether it is used. A \
             check tries {host} first, and the gateway when it does not answer."
        )),
        _ => {}
    }
    if settings.text("loadbalanceinfo").is_some() {
        notes.push(
            "These settings send a routing token (loadbalanceinfo) to a load balancer. Tokens are not sent in this \
             version: another host of the same farm may have answered."
                .to_owned(),
        );
    }
    if settings.number("negotiate security layer") == Some(0) {
        notes.push(
            "These settings (negotiate security layer:i:0) make the client begin TLS without negotiating. The looks \
             below negotiate, as most servers expect it."
                .to_owned(),
        );
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(input: &str) -> Wanted {
        wanted(input, Asked::default())
            .unwrap_or_else(|failure| panic!("{input}: {}", failure.says))
    }

    fn refused(input: &str) -> String {
        wanted(input, Asked::default()).expect_err(input).says
    }

    #[test]
    fn links_of_both_kinds_are_read() {
        for input in [
            "rdp://full%20address=s:srv01.corp.example:3390&audiomode=i:2",
            "RDP://full%20address=s%3Asrv01.corp.example%3A3390",
            "rdp://full address=s:srv01.corp.example&server port=i:3390",
            "rdp://srv01.corp.example:3390",
            "rdp://srv01.corp.example:3390/?width=800",
            "rdp://user@srv01.corp.example:3390/",
        ] {
            let target = read(input).target;
            assert_eq!(
                (target.host.0.as_str(), target.port),
                ("srv01.corp.example", 3390),
                "{input}"
            );
            assert_eq!(target.input, input);
        }
        let target = read("rdp://[fe80::1%25eth0]:3390").target;
        assert_eq!((target.zone.as_deref(), target.port), (Some("eth0"), 3390));
    }

    #[test]
    fn links_without_a_host_are_refused() {
        for (input, says) in [
            ("rdp://", "names no host"),
            ("rdp://audiomode=i:2", "full address"),
            ("rdp://full%20address=s:", "full address"),
            ("rdp://full%20address=s:my%20host", "a space"),
            ("rdp://%zz", "percent"),
            ("rdp://%ff", "percent"),
        ] {
            let said = refused(input);
            assert!(said.contains(says), "{input}: {said}");
        }
    }

    #[test]
    fn settings_say_what_the_client_offers() {
        let offers = |input: &str, asked| wanted(input, asked).unwrap().target.client.offers;
        let off = "rdp://full%20address=s:srv01&enablecredsspsupport=i:0";
        assert_eq!(offers(off, Asked::default()), Protocols::TLS);
        let entra = "rdp://full%20address=s:srv01&EnableRdsAadAuth=i:1";
        assert!(offers(entra, Asked::default()).has(Protocols::RDSAAD));
        let offer = Asked {
            offer: Some(Protocols::HYBRID),
            ..Asked::default()
        };
        assert_eq!(offers(off, offer), Protocols::HYBRID);
        let freerdp = Asked {
            client: Some(Client::Freerdp),
            ..Asked::default()
        };
        assert_eq!(offers("srv01", freerdp), Protocols::TLS | Protocols::HYBRID);
    }

    #[test]
    fn files_are_read_in_every_encoding() {
        let folder = tempfile::tempdir().unwrap();
        let text = "full address:s:srv01.corp.example \r\nserver port:i:3390\r\nenablecredsspsupport:i:0\r\n";
        let wide =
            |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
        for (name, bytes) in [
            ("plain.rdp", text.as_bytes().to_vec()),
            (
                "marked.rdp",
                ["\u{feff}".as_bytes(), text.as_bytes()].concat(),
            ),
            (
                "little.RDP",
                [&[0xFF, 0xFE][..], &wide(u16::to_le_bytes)].concat(),
            ),
            (
                "big.rdp",
                [&[0xFE, 0xFF][..], &wide(u16::to_be_bytes)].concat(),
            ),
            ("unmarked.rdp", wide(u16::to_le_bytes)),
            ("no-extension", text.as_bytes().to_vec()),
        ] {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            let target = read(path.to_str().unwrap()).target;
            assert_eq!(
                (target.host.0.as_str(), target.port),
                ("srv01.corp.example", 3390),
                "{name}"
            );
            assert_eq!(target.client.offers, Protocols::TLS, "{name}");
        }
    }

    #[test]
    fn files_that_cannot_be_used_say_why() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        for (name, contents, says) in [
            ("empty.rdp", "", "no line of it reads"),
            ("flags.rdp", "/v:srv01 /u:me", "no line of it reads"),
            ("asks.rdp", "audiomode:i:2", "full address"),
            ("template.rdp", "full address:s:{{host}}", "does not belong"),
        ] {
            std::fs::write(path(name), contents).unwrap();
            let said = refused(&path(name));
            assert!(said.contains(says), "{name}: {said}");
        }
        let said = refused(&path("nowhere.rdp"));
        assert!(
            said.starts_with("cannot read the connection file"),
            "{said}"
        );
        std::fs::create_dir(path("folder.rdp")).unwrap();
        let said = refused(&path("folder.rdp"));
        assert!(said.contains("folder.rdp"), "{said}");
        std::fs::write(path("huge.rdp"), vec![b'a'; (1 << 20) + 1]).unwrap();
        assert!(refused(&path("huge.rdp")).contains("larger than"));
    }

    #[test]
    fn a_gateway_is_never_passed_over_in_silence() {
        for (method, says) in [
            ("&gatewayusagemethod=i:1", Some("always go through")),
            (
                "&gatewayusagemethod=i:2",
                Some("when srv01 cannot be reached"),
            ),
            ("&gatewayusagemethod=i:3", Some("client's defaults")),
            ("", None),
            ("&gatewayusagemethod=i:0", None),
            ("&gatewayusagemethod=i:4", None),
        ] {
            let input =
                format!("rdp://full%20address=s:srv01&gatewayhostname=s:gw.example{method}");
            let notes = read(&input).notes;
            assert_eq!(
                notes.len(),
                usize::from(says.is_some()),
                "{input}: {notes:?}"
            );
            assert!(
                says.is_none_or(|says| notes.concat().contains(says)),
                "{notes:?}"
            );
        }
    }
}

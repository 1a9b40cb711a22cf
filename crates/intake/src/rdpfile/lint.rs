//! What a careful reader says about a connection file.

use std::collections::BTreeMap;

use super::{Address, Content, GatewayUse, RdpFile, Setting, known};

/// Something worth saying about a connection file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// How much it matters.
    pub grade: Grade,
    /// The line, counted from one; `None` when it is about the whole file.
    pub line: Option<usize>,
    /// The setting, in lower case; empty when it is about the whole file.
    pub setting: String,
    /// In plain words.
    pub says: String,
}

/// How much a remark matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// The file cannot be used as it is.
    Unusable,
    /// It may be why a connection fails.
    Suspect,
    /// It weakens security.
    Weak,
    /// Good to know.
    Note,
}

impl Grade {
    /// In a word.
    pub const fn says(self) -> &'static str {
        match self {
            Self::Unusable => "unusable",
            Self::Suspect => "suspect",
            Self::Weak => "weak",
            Self::Note => "note",
        }
    }
}

/// Settings whose change by a third person must be noticed: what a signature that leaves them out does not
/// protect.
const WORTH_SIGNING: &[&str] = &[
    "full address",
    "alternate full address",
    "gatewayhostname",
    "server port",
    "remoteapplicationprogram",
    "alternate shell",
    "loadbalanceinfo",
];

impl RdpFile {
    /// Everything worth saying, most important first, then in the order of the lines.
    pub fn lint(&self) -> Vec<Remark> {
        let mut remarks = Remarks {
            file: self,
            list: Vec::new(),
        };
        remarks.damage();
        remarks.lines();
        if self.is_connection_file() {
            remarks.duplicates();
            remarks.address();
            remarks.security();
            remarks.gateway();
            remarks.broker();
            remarks.remote_app();
            remarks.credentials();
            remarks.signature();
        }
        let mut list = remarks.list;
        list.sort_by_key(|remark| (remark.grade, remark.line));
        list
    }

    /// The file can be used as it is.
    pub fn is_usable(&self) -> bool {
        self.lint()
            .iter()
            .all(|remark| remark.grade != Grade::Unusable)
    }
}

struct Remarks<'f> {
    file: &'f RdpFile,
    list: Vec<Remark>,
}

impl Remarks<'_> {
    fn say(&mut self, grade: Grade, setting: &str, says: impl Into<String>) {
        let line = self
            .file
            .settings()
            .filter(|(_, found)| found.name.trim().eq_ignore_ascii_case(setting))
            .last()
            .map(|(line, _)| line);
        self.list.push(Remark {
            grade,
            line,
            setting: setting.to_owned(),
            says: says.into(),
        });
    }

    fn is(&self, name: &str, value: i64) -> bool {
        self.file.number(name) == Some(value)
    }

    fn damage(&mut self) {
        for damage in &self.file.damage {
            self.list.push(Remark {
                grade: Grade::Unusable,
                line: None,
                setting: String::new(),
                says: format!("the file is damaged ({}): {}", damage.place, damage.says),
            });
        }
        if self.file.encoding == crate::encoding::Encoding::Ansi {
            self.say(
                Grade::Note,
                "",
                "neither UTF-8 nor UTF-16: letters beyond ASCII depend on the machine that reads them",
            );
        }
    }

    fn lines(&mut self) {
        let mut others = 0;
        for (at, line) in self.file.lines.iter().enumerate() {
            match &line.content {
                Content::Blank => {}
                Content::Setting(setting) => {
                    if let Some(remark) = about_type(at + 1, setting) {
                        self.list.push(remark);
                    }
                }
                Content::Other(text) => {
                    others += 1;
                    if others <= 10 && self.file.is_connection_file() {
                        self.list.push(Remark {
                            grade: Grade::Note,
                            line: Some(at + 1),
                            setting: String::new(),
                            says: format!(
                                "no setting (name:type:value), clients skip it: {}",
                                text.chars().take(60).collect::<String>()
                            ),
                        });
                    }
                }
            }
        }
        if !self.file.is_connection_file() {
            let arguments = self.file.lines.iter().any(|line| {
                matches!(&line.content, Content::Other(text)
                    if ["/v:", "/u:", "/p:", "/cert", "/size:", "/gateway:", "--"].iter().any(|start| text.trim_start().starts_with(start)))
            });
            self.say(
                Grade::Unusable,
                "",
                if arguments {
                    "not a connection file: these are command line arguments of FreeRDP"
                } else {
                    "not a connection file: no line has the form name:type:value"
                },
            );
        }
    }

    fn duplicates(&mut self) {
        let mut seen: BTreeMap<String, (usize, String)> = BTreeMap::new();
        let mut twice = Vec::new();
        for (line, setting) in self.file.settings() {
            let value = setting.value.trim().to_owned();
            if let Some((first, earlier)) = seen.insert(setting.folded(), (line, value.clone())) {
                twice.push((line, setting.folded(), first, earlier != value));
            }
        }
        for (line, name, first, differs) in twice {
            self.list.push(Remark {
                grade: if differs { Grade::Suspect } else { Grade::Note },
                line: Some(line),
                says: if differs {
                    format!("set before in line {first} to another value; clients differ in which they take")
                } else {
                    format!("set before in line {first} to the same value")
                },
                setting: name,
            });
        }
    }

    fn address(&mut self) {
        let file = self.file;
        let raw = |name: &str| file.setting(name).map(|setting| setting.value.as_str());
        let Some(full) = file
            .text("full address")
            .or_else(|| file.text("alternate full address"))
        else {
            self.say(
                Grade::Note,
                "full address",
                "no host: the client asks the user for one",
            );
            return;
        };
        if raw("full address").is_some_and(|value| value != value.trim()) {
            self.say(
                Grade::Suspect,
                "full address",
                "blanks around the host: some clients look up a name that contains them",
            );
        }
        if ["{{", "}}", "${", "<%", "%host", "$(", "__"]
            .iter()
            .any(|mark| full.contains(mark))
        {
            self.say(
                Grade::Unusable,
                "full address",
                format!("the placeholder {full} was never filled in"),
            );
            return;
        }
        let Some(address) = Address::of(full) else {
            self.say(
                Grade::Unusable,
                "full address",
                format!("{full} is no host with a port"),
            );
            return;
        };
        if full.contains("://") {
            self.say(
                Grade::Unusable,
                "full address",
                "a web address where a host belongs",
            );
        }
        let port = file
            .number("server port")
            .and_then(|port| u16::try_from(port).ok());
        match (address.port, port) {
            (Some(written), Some(server)) if written != server => self.say(
                Grade::Suspect,
                "server port",
                format!(
                    "port {server} here and port {written} in full address: the latter is used"
                ),
            ),
            _ => {}
        }
        let used = address.port.or(port).unwrap_or(model::target::RDP_PORT);
        let loopback = address
            .address
            .map_or(address.host.folded() == "localhost", |a| a.is_loopback());
        if loopback {
            self.say(
                Grade::Note,
                "full address",
                format!("this machine itself, port {used}: a tunnel or proxy has to run here"),
            );
        } else if used != model::target::RDP_PORT {
            self.say(
                Grade::Note,
                "full address",
                format!("port {used}, not the usual 3389"),
            );
        }
        if let (Some(full), Some(alternate)) = (
            file.text("full address"),
            file.text("alternate full address"),
        ) && !full.eq_ignore_ascii_case(alternate)
        {
            self.say(
                Grade::Suspect,
                "alternate full address",
                format!(
                    "{alternate} here and {full} in full address: clients differ in which they take"
                ),
            );
        }
    }

    fn security(&mut self) {
        let nla_off = self.is("enablecredsspsupport", 0);
        if nla_off {
            self.say(
                Grade::Suspect,
                "enablecredsspsupport",
                "NLA is not offered: a host that requires it refuses with HYBRID_REQUIRED_BY_SERVER",
            );
        }
        if self.is("negotiate security layer", 0) {
            self.say(
                Grade::Suspect,
                "negotiate security layer",
                "the client starts TLS at once, without negotiation: hosts that wait for the negotiation drop it",
            );
        }
        match self.file.number("authentication level") {
            Some(0) => self.say(
                Grade::Weak,
                "authentication level",
                "level 0: connects even when the host cannot prove who it is",
            ),
            Some(1) => self.say(
                Grade::Note,
                "authentication level",
                "level 1: the client refuses when the host cannot be authenticated, without asking",
            ),
            _ => {}
        }
        if self.is("targetisaadjoined", 1) && !self.is("enablerdsaadauth", 1) {
            self.say(
                Grade::Note,
                "targetisaadjoined",
                "the host is joined to Microsoft Entra and Entra authentication (enablerdsaadauth) is off: a user \
                 name and password are needed, as AzureAD\\name",
            );
        }
        if self.is("enablerdsaadauth", 1)
            && self
                .file
                .address()
                .is_some_and(|address| address.address.is_some())
        {
            self.say(
                Grade::Suspect,
                "enablerdsaadauth",
                "Entra authentication needs the name of the host, not an address",
            );
        }
    }

    fn gateway(&mut self) {
        let file = self.file;
        let method = file.number("gatewayusagemethod");
        let Some(gateway) = file.gateway() else {
            if file.text("gatewayhostname").is_some() {
                self.say(
                    Grade::Suspect,
                    "gatewayhostname",
                    "no host with a port: the gateway cannot be used",
                );
            } else if matches!(method, Some(1 | 2)) {
                self.say(
                    Grade::Suspect,
                    "gatewayusagemethod",
                    "a gateway is to be used and none is named",
                );
            } else if matches!(method, Some(0 | 4)) {
                self.say(Grade::Note, "gatewayusagemethod", "no gateway is used");
            }
            return;
        };
        let name = &gateway.address.host;
        match gateway.used {
            GatewayUse::Never => self.say(
                Grade::Suspect,
                "gatewayusagemethod",
                format!(
                    "the gateway {name} is named and not used (gatewayusagemethod {})",
                    method.map_or("not set".to_owned(), |method| method.to_string())
                ),
            ),
            GatewayUse::Always | GatewayUse::Detect | GatewayUse::Policy => {
                if !self.is("gatewayprofileusagemethod", 1) {
                    self.say(
                        Grade::Suspect,
                        "gatewayprofileusagemethod",
                        format!("the system's gateway settings hold, not the gateway {name} of this file"),
                    );
                }
            }
        }
        if gateway.used == GatewayUse::Detect {
            self.say(
                Grade::Note,
                "gatewayusagemethod",
                "the host is tried directly first, which takes its time where nothing answers",
            );
        }
        if gateway.credentials == Some(3) {
            self.say(
                Grade::Weak,
                "gatewaycredentialssource",
                "basic authentication: the password goes to the gateway as it is",
            );
        }
    }

    fn broker(&mut self) {
        let file = self.file;
        let cloud = file.text("wvd endpoint pool").is_some()
            || self.is("gatewaybrokeringtype", 1)
            || file.text("armpath").is_some();
        if cloud {
            self.say(
                Grade::Note,
                "gatewayhostname",
                "Azure Virtual Desktop: the host is reached only through its gateway, its own port 3389 need not answer",
            );
        }
        if file.load_balance_token().is_some() {
            self.say(
                Grade::Note,
                "loadbalanceinfo",
                "must be sent as the routing token of the first message: without it a broker sends the client \
                 elsewhere",
            );
        } else if self.is("use redirection server name", 1) && self.is("remoteapplicationmode", 1) {
            self.say(
                Grade::Note,
                "use redirection server name",
                "a broker is expected and there is no loadbalanceinfo to tell it the collection",
            );
        }
        if file.setting("rdgiskdcproxy").is_some() {
            let on = self.is("rdgiskdcproxy", 1);
            if on && file.gateway().is_none() {
                self.say(
                    Grade::Suspect,
                    "rdgiskdcproxy",
                    "the gateway is to be the Kerberos proxy and none is named",
                );
            } else {
                self.say(
                    Grade::Note,
                    "rdgiskdcproxy",
                    if on {
                        "Kerberos goes through the gateway"
                    } else {
                        "Kerberos does not go through the gateway: outside the domain's network it falls back to NTLM"
                    },
                );
            }
        }
    }

    fn remote_app(&mut self) {
        let program = self.file.text("remoteapplicationprogram");
        if self.is("remoteapplicationmode", 1) {
            if program.is_none() {
                self.say(
                    Grade::Suspect,
                    "remoteapplicationmode",
                    "a RemoteApp is to be started and no program (remoteapplicationprogram) is named",
                );
            } else if let Some(shell) = self.file.text("alternate shell") {
                self.say(
                    Grade::Note,
                    "alternate shell",
                    format!("RemoteApp, started by {shell}"),
                );
            } else {
                self.say(Grade::Note, "remoteapplicationmode", "starts a RemoteApp");
            }
        } else if let Some(shell) = self.file.text("alternate shell") {
            self.say(
                Grade::Note,
                "alternate shell",
                format!("{shell} is started in place of the desktop: the session ends when it ends or is not found"),
            );
        }
    }

    fn credentials(&mut self) {
        let stored = self.file.settings().any(|(_, setting)| {
            setting.folded().starts_with("password") && !setting.value.trim().is_empty()
        });
        if stored {
            self.say(
                Grade::Note,
                "password 51",
                "holds a stored password, which only the user and machine that stored it can read",
            );
        } else if let Some(user) = self.file.text("username") {
            self.say(
                Grade::Note,
                "username",
                format!("user {user}, no stored password: the client asks, or takes a saved one"),
            );
        }
    }

    fn signature(&mut self) {
        let file = self.file;
        match (file.text("signscope"), file.text("signature")) {
            (None, None) => {}
            (Some(_), None) => self.say(
                Grade::Suspect,
                "signscope",
                "settings are named as signed and there is no signature",
            ),
            (None, Some(_)) => self.say(
                Grade::Suspect,
                "signature",
                "a signature that names no settings (signscope)",
            ),
            (Some(scope), Some(_)) => {
                let scope: Vec<String> = scope
                    .split(',')
                    .map(|name| name.trim().to_lowercase())
                    .collect();
                let open: Vec<&str> = WORTH_SIGNING
                    .iter()
                    .copied()
                    .filter(|name| {
                        file.text(name).is_some() && !scope.iter().any(|signed| signed == name)
                    })
                    .collect();
                self.say(
                    Grade::Note,
                    "signature",
                    "signed: after an edit of a signed setting clients warn, or refuse by policy",
                );
                if !open.is_empty() {
                    self.say(
                        Grade::Weak,
                        "signscope",
                        format!("not covered by the signature: {}", open.join(", ")),
                    );
                }
            }
        }
    }
}

fn about_type(line: usize, setting: &Setting) -> Option<Remark> {
    let name = setting.folded();
    let remark = |grade, says| {
        Some(Remark {
            grade,
            line: Some(line),
            setting: name.clone(),
            says,
        })
    };
    let Some(entry) = known(&name) else {
        return remark(
            Grade::Note,
            "not a setting we know; clients skip what they do not know".to_owned(),
        );
    };
    if setting.kind != entry.kind {
        return remark(
            Grade::Suspect,
            format!(
                "type {} where {} belongs: clients skip it",
                setting.kind, entry.kind
            ),
        );
    }
    match setting.kind {
        'i' => match setting.number() {
            None => remark(
                Grade::Suspect,
                format!("{} is no whole number", setting.value.trim()),
            ),
            Some(number)
                if !entry.values.is_empty()
                    && !entry.values.iter().any(|&(value, _)| value == number) =>
            {
                remark(
                    Grade::Suspect,
                    format!("{number} is not a value we know for it"),
                )
            }
            Some(_) => None,
        },
        'b' if !setting
            .value
            .trim()
            .chars()
            .all(|digit| digit.is_ascii_hexdigit()) =>
        {
            remark(Grade::Suspect, "not hexadecimal digits".to_owned())
        }
        _ => None,
    }
}

//! The envelope of a line: who wrote it, where and when. Syslog, journald as text and as JSON, and the
//! formats of the programs themselves.

use std::borrow::Cow;

use model::UnixMicros;

/// The program that wrote a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// xrdp.
    Xrdp,
    /// xrdp-sesman and its helpers.
    Sesman,
    /// FreeRDP, and what is made from it.
    FreeRdp,
    /// guacd.
    Guacd,
    /// gnome-remote-desktop.
    Gnome,
}

impl Origin {
    /// The name of its table.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Xrdp => "log-xrdp",
            Self::Sesman => "log-xrdp-sesman",
            Self::FreeRdp => "log-freerdp",
            Self::Guacd => "log-guacd",
            Self::Gnome => "log-gnome-remote-desktop",
        }
    }

    fn of_tag(tag: &str) -> Option<Self> {
        let name = tag.split(['[', ':']).next().unwrap_or(tag).trim();
        Some(match name {
            "xrdp" => Self::Xrdp,
            "xrdp-sesman" | "xrdp-sesexec" | "xrdp-chansrv" => Self::Sesman,
            "guacd" => Self::Guacd,
            "gnome-remote-desktop" | "gnome-remote-de" | "gnome-remote-desktop-daemon" => {
                Self::Gnome
            }
            "xfreerdp"
            | "xfreerdp3"
            | "wlfreerdp"
            | "wlfreerdp3"
            | "sdl-freerdp"
            | "sdl-freerdp3"
            | "remmina"
            | "org.remmina.Remmina" => Self::FreeRdp,
            _ => return None,
        })
    }
}

/// A line without its envelope.
#[derive(Debug)]
pub struct Line<'t> {
    /// What is said.
    pub message: Cow<'t, str>,
    /// Who said it, when the line tells.
    pub origin: Option<Origin>,
    /// The machine, when the line tells.
    pub host: Option<&'t str>,
    /// When, when the line tells it with its zone.
    pub at: Option<UnixMicros>,
    /// It has the form of xrdp's own log files, in which the program is not named.
    pub own_stamp: bool,
}

impl<'t> Line<'t> {
    /// Takes a line apart.
    pub fn of(text: &'t str) -> Self {
        if text.starts_with('{')
            && let Some(line) = Self::of_journal(text)
        {
            return line;
        }
        let mut line = Self {
            message: Cow::Borrowed(text),
            origin: None,
            host: None,
            at: None,
            own_stamp: false,
        };
        if text.contains("[com.freerdp")
            || text.contains("[com.winpr")
            || text.contains("com.freerdp.")
        {
            line.origin = Some(Origin::FreeRdp);
        } else if let Some((host, tag)) = syslog(text) {
            line.origin = Origin::of_tag(tag);
            line.host = line.origin.map(|_| host);
            line.at = text
                .split_once(' ')
                .and_then(|(stamp, _)| stamp.parse::<jiff::Timestamp>().ok())
                .map(|at| UnixMicros(at.as_microsecond()));
        } else if own_stamp(text) {
            line.own_stamp = true;
            line.origin = Some(Origin::Xrdp);
        }
        line
    }

    fn of_journal(text: &'t str) -> Option<Self> {
        let entry: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).ok()?;
        let field = |name: &str| entry.get(name).and_then(serde_json::Value::as_str);
        let message = field("MESSAGE")?.to_owned();
        let tag = field("SYSLOG_IDENTIFIER")
            .or_else(|| field("_COMM"))
            .unwrap_or("");
        let at = field("__REALTIME_TIMESTAMP")
            .and_then(|micros| micros.parse().ok())
            .map(UnixMicros);
        Some(Self {
            origin: Origin::of_tag(tag),
            message: Cow::Owned(message),
            host: None,
            at,
            own_stamp: false,
        })
    }
}

/// The host and the tag of a line of syslog: `Mar 16 15:52:46 host tag[1]: …` or with a moment of ISO 8601.
fn syslog(text: &str) -> Option<(&str, &str)> {
    let mut words = text.split_ascii_whitespace();
    let first = words.next()?;
    if first.as_bytes().get(4) == Some(&b'-') && first.contains('T') {
        return Some((words.next()?, words.next()?));
    }
    let (_day, time) = (words.next()?, words.next()?);
    let clock = |time: &str| {
        time.len() == 8
            && time.bytes().enumerate().all(|(at, byte)| {
                if at % 3 == 2 {
                    byte == b':'
                } else {
                    byte.is_ascii_digit()
                }
            })
    };
    clock(time).then_some(())?;
    Some((words.next()?, words.next()?))
}

/// `[20240313-10:31:32] [INFO ]`, as xrdp writes it.
fn own_stamp(text: &str) -> bool {
    let Some(stamp) = text
        .strip_prefix('[')
        .and_then(|rest| rest.split_once("] ["))
        .map(|(stamp, _)| stamp)
    else {
        return false;
    };
    let (date, time) = stamp.split_once('-').unwrap_or(("", ""));
    date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit()) && time.contains(':')
}

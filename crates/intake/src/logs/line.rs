//! The envelope of a line: who wrote it, where and when. Syslog, journald as text and as JSON, and the
//! formats of the programs themselves.

use std::borrow::Cow;

use model::UnixMicros;

use crate::story::Dated;

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
    /// Remmina itself; what the library below it says is FreeRDP's.
    Remmina,
    /// The X server that xrdp starts, with its modules.
    Xorg,
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
            Self::Remmina => "log-remmina",
            Self::Xorg => "log-xorg-xrdp",
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
            | "freerdp-shadow-cli"
            | "freerdp-shadow-cli3" => Self::FreeRdp,
            "remmina" | "org.remmina.Remmina" => Self::Remmina,
            "Xorg" => Self::Xorg,
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
    pub host: Option<Cow<'t, str>>,
    /// When, when the line tells it with its zone.
    pub at: Option<UnixMicros>,
    /// It has the form of xrdp's own log files, in which the program is not named.
    pub own_stamp: bool,
    /// When, as far as the line tells it, and how far that can be believed.
    pub written: Option<(UnixMicros, Dated)>,
    /// The process that wrote it.
    pub process: Option<Cow<'t, str>>,
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
            written: None,
            process: None,
        };
        if text.contains("[com.freerdp")
            || text.contains("[com.winpr")
            || text.contains("com.freerdp.")
        {
            line.origin = Some(Origin::FreeRdp);
            line.written = bracketed(text)
                .and_then(time_of_day)
                .map(|at| (at, Dated::WithoutDay));
            line.process = text
                .split_once("] [")
                .and_then(|(_, rest)| rest.split_once([':', ']']))
                .map(|(process, _)| Cow::Borrowed(process));
        } else if let Some((host, tag)) = syslog(text) {
            line.origin = Origin::of_tag(tag);
            line.host = line.origin.map(|_| Cow::Borrowed(host));
            line.process = tag
                .split_once('[')
                .and_then(|(_, rest)| rest.split_once(']'))
                .map(|(process, _)| Cow::Borrowed(process));
            line.at = text
                .split_once(' ')
                .and_then(|(stamp, _)| stamp.parse::<jiff::Timestamp>().ok())
                .map(|at| UnixMicros(at.as_microsecond()));
            line.written = day_of_year(text).map(|at| (at, Dated::WithoutDay));
        } else if let Some((at, dated)) = own_stamp(text) {
            line.own_stamp = true;
            line.origin = Some(Origin::Xrdp);
            line.written = Some((at, dated));
            line.at = (dated == Dated::Wholly).then_some(at);
        } else if let Some((process, stamp)) = glib(text) {
            line.process = Some(Cow::Borrowed(process));
            line.written = time_of_day(stamp).map(|at| (at, Dated::WithoutDay));
            if text.contains("(gnome-remote-d") {
                line.origin = Some(Origin::Gnome);
            } else if text.contains("(remmina:") || text.contains("(org.remmina.Remmina:") {
                line.origin = Some(Origin::Remmina);
            }
        } else if x_server(text) {
            line.origin = Some(Origin::Xorg);
        }
        if let Some(at) = line.at {
            line.written = Some((at, Dated::Wholly));
        }
        line
    }

    fn of_journal(text: &'t str) -> Option<Self> {
        let entry: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).ok()?;
        let field = |name: &str| entry.get(name).and_then(serde_json::Value::as_str);
        let message = match entry.get("MESSAGE")? {
            serde_json::Value::String(message) => message.clone(),
            // What is no text is written as a list of its bytes.
            serde_json::Value::Array(bytes) => {
                let bytes: Vec<u8> = bytes
                    .iter()
                    .filter_map(|byte| u8::try_from(byte.as_u64()?).ok())
                    .collect();
                String::from_utf8_lossy(&bytes).into_owned()
            }
            _ => return None,
        };
        Some(Self::of_entry(message, &field))
    }

    /// An entry of the journal, by its fields.
    pub fn of_entry<'f>(message: String, field: &dyn Fn(&str) -> Option<&'f str>) -> Self {
        let tag = field("SYSLOG_IDENTIFIER")
            .or_else(|| field("_COMM"))
            .unwrap_or("");
        let at = field("__REALTIME_TIMESTAMP")
            .or_else(|| field("_SOURCE_REALTIME_TIMESTAMP"))
            .and_then(|micros| micros.parse().ok())
            .map(UnixMicros);
        let inside = Line::of(&message);
        let origin = inside.origin.or_else(|| Origin::of_tag(tag));
        Self {
            origin,
            process: field("_PID")
                .or_else(|| field("SYSLOG_PID"))
                .map(|process| Cow::Owned(process.to_owned())),
            host: field("_HOSTNAME")
                .filter(|_| origin.is_some())
                .map(|host| Cow::Owned(host.to_owned())),
            at,
            own_stamp: false,
            written: at.map(|at| (at, Dated::Wholly)),
            message: Cow::Owned(message),
        }
    }
}

/// What stands in brackets at the front.
fn bracketed(text: &str) -> Option<&str> {
    Some(text.trim_start().strip_prefix('[')?.split_once(']')?.0)
}

/// `11:12:13:456` or `11:12:13.456`, as the time since midnight.
fn time_of_day(text: &str) -> Option<UnixMicros> {
    let mut parts = text.trim().split([':', '.']);
    let mut number = |most: i64| -> Option<i64> {
        parts
            .next()?
            .parse()
            .ok()
            .filter(|&number| (0..most).contains(&number))
    };
    let (hours, minutes, seconds) = (number(24)?, number(60)?, number(61)?);
    let millis = number(1000).unwrap_or(0);
    Some(UnixMicros(
        (((hours * 60 + minutes) * 60 + seconds) * 1000 + millis) * 1000,
    ))
}

/// `Mar 16 15:52:46`, as the time since the beginning of a year that is not told.
fn day_of_year(text: &str) -> Option<UnixMicros> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let mut words = text.split_ascii_whitespace();
    let month = words.next()?;
    let month = MONTHS.iter().position(|&known| known == month)?;
    let day: i8 = words.next()?.parse().ok()?;
    let month = i8::try_from(month + 1).ok()?;
    // A leap year, so that every date exists.
    let date = jiff::civil::Date::new(1972, month, day).ok()?;
    let time = time_of_day(words.next()?)?;
    let midnight = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    Some(UnixMicros(midnight.as_microsecond().saturating_add(time.0)))
}

/// `[  1234.567] (II) …`, as the X server writes it: the time since the machine started, which no clock ties.
fn x_server(text: &str) -> bool {
    bracketed(text).is_some_and(|stamp| {
        stamp.contains('.')
            && stamp
                .trim()
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'.')
    })
}

/// `(program:123): Domain-LEVEL **: 11:12:13.456: …`, as GLib writes it: the process and the time.
fn glib(text: &str) -> Option<(&str, &str)> {
    let inside = text.trim_start().trim_start_matches("** ");
    let (program, rest) = inside.strip_prefix('(')?.split_once("): ")?;
    let (_, process) = program.rsplit_once(':')?;
    process
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then_some(())?;
    // `Domain-LEVEL **: 11:12:13.456: …`, and without a domain `LEVEL: 11:12:13.456: …`.
    let stamp = rest
        .split_once("**: ")
        .or_else(|| rest.split_once(": "))
        .and_then(|(_, rest)| rest.split_once(": "))
        .map_or("", |(stamp, _)| stamp);
    Some((process, stamp))
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

/// `[20240313-10:31:32] [INFO ]`, or since xrdp 0.10 `[2024-03-13T10:31:32.123+0100] [INFO ]`.
fn own_stamp(text: &str) -> Option<(UnixMicros, Dated)> {
    let stamp = text
        .strip_prefix('[')
        .and_then(|rest| rest.split_once("] ["))
        .map(|(stamp, _)| stamp)?;
    if let Some((date, _)) = stamp.split_once('T') {
        let plain = date.len() == 10
            && date
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'-');
        let at = jiff::fmt::strtime::parse("%Y-%m-%dT%H:%M:%S%.f%z", stamp)
            .and_then(|parsed| parsed.to_timestamp())
            .ok()
            .filter(|_| plain)?;
        return Some((UnixMicros(at.as_microsecond()), Dated::Wholly));
    }
    let (date, time) = stamp.split_once('-')?;
    let whole = date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit());
    let number = |range: std::ops::Range<usize>| date.get(range)?.parse::<i16>().ok();
    let small = |range| number(range).and_then(|number| i8::try_from(number).ok());
    let time = time_of_day(time).filter(|_| whole)?;
    let midnight = jiff::civil::Date::new(number(0..4)?, small(4..6)?, small(6..8)?)
        .ok()?
        .to_zoned(jiff::tz::TimeZone::UTC)
        .ok()?
        .timestamp();
    let at = UnixMicros(midnight.as_microsecond().saturating_add(time.0));
    Some((at, Dated::WithoutZone))
}

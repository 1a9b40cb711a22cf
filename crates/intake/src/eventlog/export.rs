//! Event logs as people export them: the XML of `wevtutil qe` and of the Event Viewer, and the JSON of
//! `Get-WinEvent | ConvertTo-Json`, of `Get-EventLog | ConvertTo-Json` and of `evtx_dump`.

use std::io::Read;

use memchr::memmem;
use quick_xml::events::Event as Xml;
use serde_json::{Map, Value};

use super::{Event, Events, moment, wanted};
use crate::encoding::{AsUtf8, text_of};
use crate::findings::Findings;
use crate::reader::gathered;

/// The bytes are the beginning of events in XML.
pub fn recognises_xml(head: &[u8]) -> bool {
    let head = head.get(..head.len().min(4096)).unwrap_or(head);
    let (_, text, _) = text_of(head);
    text.contains("<Event ") && text.contains("schemas.microsoft.com/win/2004/08/events/event")
}

/// The bytes are the beginning of events in JSON.
pub fn recognises_json(head: &[u8]) -> bool {
    let (_, text, _) = text_of(head);
    let start = text.trim_start();
    let has = |names: &[&str]| names.iter().any(|name| text.contains(name));
    let whole = has(&["\"ProviderName\"", "\"EventID\""])
        && has(&["\"TimeCreated\"", "\"System\"", "\"TimeGenerated\""]);
    // Without their providers, which is said where they are read.
    let anonymous = has(&["\"Id\""]) && has(&["\"TimeCreated\""]);
    start.starts_with(['[', '{']) && (whole || anonymous)
}

pub(crate) fn read_xml(file: &str, input: &mut dyn Read, findings: &mut Findings) -> String {
    let mut events = Events::default();
    stream_xml(input, &mut events);
    gathered(file, events, findings)
}

pub(crate) fn read_json(file: &str, input: &mut dyn Read, findings: &mut Findings) -> String {
    let mut events = Events::default();
    stream_json(input, &mut events);
    gathered(file, events, findings)
}

pub(super) fn stream_xml(input: &mut dyn Read, events: &mut Events) {
    each(input, events, element, xml);
}

pub(super) fn stream_json(input: &mut dyn Read, events: &mut Events) {
    each(input, events, braces, json);
}

/// The longest event that is read, in bytes.
const LONGEST_EVENT: usize = 1 << 20;

/// Where the next event of a text lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// It begins here and ends before there.
    Whole(usize, usize),
    /// It begins here, and its end is still to come.
    Cut(usize),
    /// None begins before here.
    None(usize),
}

/// Reads events one after another, so that what is held does not grow with the file. What stands between them
/// is passed over.
fn each(
    input: &mut dyn Read,
    events: &mut Events,
    next: fn(&[u8]) -> Next,
    read: fn(&str, &mut Events),
) {
    let mut input = match AsUtf8::new(input) {
        Ok(input) => input,
        Err(error) => return events.damaged("the beginning".to_owned(), &error.to_string()),
    };
    let mut held = Vec::new();
    let mut before = 0_u64;
    loop {
        let step = u64::try_from(STEP.max(held.len())).unwrap_or(u64::MAX);
        let read_on = Read::take(&mut input, step).read_to_end(&mut held);
        let over = !matches!(read_on, Ok(1..));
        if let Err(error) = read_on {
            events.damaged(
                format!("byte {before}"),
                &format!("reading stopped: {error}"),
            );
        }
        let mut at = 0;
        let kept = loop {
            let rest = held.get(at..).unwrap_or_default();
            match next(rest) {
                Next::Whole(start, end) => {
                    let event = rest.get(start..end).unwrap_or_default();
                    read(&String::from_utf8_lossy(event), events);
                    at += end;
                }
                Next::Cut(start) if rest.len() - start > LONGEST_EVENT => {
                    let place = format!("byte {}", before.saturating_add(wide(at + start)));
                    events.damaged(place, "an event longer than any; passed over");
                    at += start + 1;
                }
                Next::Cut(start) if over => {
                    events.damaged("the end".to_owned(), "the last event is cut off");
                    break at + start;
                }
                Next::Cut(start) => break at + start,
                Next::None(end) => break at + end,
            }
        };
        held.drain(..kept.min(held.len()));
        before = before.saturating_add(wide(kept));
        if over {
            return;
        }
    }
}

/// So much is read at a time.
const STEP: usize = 64 * 1024;

fn wide(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// The next `Event` element.
fn element(text: &[u8]) -> Next {
    const START: &[u8] = b"<Event";
    const END: &[u8] = b"</Event>";
    let mut from = 0;
    while let Some(found) = memmem::find(text.get(from..).unwrap_or_default(), START) {
        let start = from + found;
        let after = start + START.len();
        match text.get(after) {
            Some(b' ' | b'>' | b'\t' | b'\r' | b'\n') => {
                let inside = text.get(after..).unwrap_or_default();
                return match memmem::find(inside, END) {
                    Some(end) => Next::Whole(start, after + end + END.len()),
                    None => Next::Cut(start),
                };
            }
            Some(_) => from = after,
            None => return Next::Cut(start),
        }
    }
    Next::None(text.len().saturating_sub(START.len() - 1).max(from))
}

/// The next JSON object that is in no other.
fn braces(text: &[u8]) -> Next {
    let Some(start) = memchr::memchr(b'{', text) else {
        return Next::None(text.len());
    };
    let mut depth = 0_u32;
    let mut quoted = false;
    let mut escaped = false;
    for (at, &byte) in text.iter().enumerate().skip(start) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' if !quoted => depth += 1,
            b'}' if !quoted => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Next::Whole(start, at + 1);
                }
            }
            _ => {}
        }
    }
    Next::Cut(start)
}

fn keep(event: Event, events: &mut Events) {
    events.saw(event.at);
    if wanted::of(&event.provider).is_some_and(|wanted| wanted.has(event.id)) {
        events.add(event);
    }
}

/// Reads events in XML, one after another, with or without an element around them.
pub fn xml(text: &str, events: &mut Events) {
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    let mut event: Option<Event> = None;
    let mut path: Vec<String> = Vec::new();
    let mut called: Option<String> = None;
    let mut said = String::new();
    loop {
        match reader.read_event() {
            Ok(Xml::Start(element)) => {
                let name = element.local_name().as_ref().to_owned();
                if name == "Event" {
                    event = Some(Event::default());
                    path.clear();
                }
                said.clear();
                attributes(&name, &element, event.as_mut(), &mut called);
                if path.len() < 64 {
                    path.push(name);
                }
            }
            Ok(Xml::Empty(element)) => {
                let name = element.local_name().as_ref().to_owned();
                attributes(&name, &element, event.as_mut(), &mut called);
                called = None;
            }
            Ok(Xml::Text(text)) => said.push_str(&text),
            Ok(Xml::CData(text)) => said.push_str(&text),
            Ok(Xml::GeneralRef(reference)) => match reference.resolve_char_ref() {
                Ok(Some(character)) => said.push(character),
                _ => said.push_str(match &*reference {
                    "amp" => "&",
                    "lt" => "<",
                    "gt" => ">",
                    "quot" => "\"",
                    "apos" => "'",
                    _ => "",
                }),
            },
            Ok(Xml::End(element)) => {
                let name = element.local_name().as_ref().to_owned();
                path.pop();
                if name == "Event" {
                    if let Some(event) = event.take() {
                        keep(event, events);
                    }
                } else if let Some(event) = &mut event {
                    let value = std::mem::take(&mut said);
                    let inside = path.last().map_or("", String::as_str);
                    match (inside, name.as_str()) {
                        ("System", "EventID") => event.id = value.trim().parse().unwrap_or(0),
                        ("System", "Computer") => value.trim().clone_into(&mut event.computer),
                        ("System", "Channel") => value.trim().clone_into(&mut event.channel),
                        // The words are in the language of the machine that exported them.
                        ("RenderingInfo" | "Keywords", _) => {}
                        _ => event.take(called.take().unwrap_or(name), value),
                    }
                }
                called = None;
            }
            Ok(Xml::Eof) => break,
            Ok(_) => {}
            Err(error) => {
                events.damaged(
                    format!("byte {}", reader.buffer_position()),
                    &format!("not well-formed: {error}"),
                );
                break;
            }
        }
    }
    if event.is_some() {
        events.damaged("the end".to_owned(), "the last event is cut off");
    }
}

fn attributes(
    element: &str,
    start: &quick_xml::events::BytesStart<'_>,
    event: Option<&mut Event>,
    called: &mut Option<String>,
) {
    let Some(event) = event else {
        return;
    };
    for attribute in start.attributes().with_checks(false).flatten() {
        let name = attribute.key.local_name().as_ref().to_owned();
        let value = attribute.value.as_ref().to_owned();
        match (element, name.as_str()) {
            ("Provider", "Name") => event.provider = value,
            ("TimeCreated", "SystemTime") => event.at = moment(&value),
            ("Correlation", "ActivityID") => event.activity = Some(value),
            ("Data" | "ComplexData", "Name") => *called = Some(value),
            _ => {}
        }
    }
}

/// Reads events in JSON: a list, one object, or an object to a line.
pub fn json(text: &str, events: &mut Events) {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    loop {
        match values.next() {
            Some(Ok(Value::Array(list))) => {
                for value in list {
                    object(value, events);
                }
            }
            Some(Ok(value)) => object(value, events),
            Some(Err(error)) => {
                events.damaged(
                    format!("line {}", error.line()),
                    &format!("not well-formed: {error}"),
                );
                break;
            }
            None => break,
        }
    }
}

fn object(value: Value, events: &mut Events) {
    let Value::Object(map) = value else {
        return;
    };
    let event = match map.get("Event").and_then(Value::as_object) {
        Some(inner) => dumped(inner),
        None => listed(&map),
    };
    match event {
        Some(event) if event.provider.is_empty() => once(events, "an event", NO_PROVIDER),
        Some(event) => {
            let is_flat = event.fields.is_empty() && flattened(&map);
            keep(event, events);
            if is_flat {
                once(events, "an event", FLAT);
            }
        }
        None => events.damaged("an object".to_owned(), "it is no event"),
    }
}

/// What is said of events without the name of who logged them.
const NO_PROVIDER: &str = "it does not name its provider, without which its number means nothing; export whole \
                           events: Get-WinEvent ... | ConvertTo-Json -Depth 4";
/// What is said of events whose values were lost in the export.
const FLAT: &str = "its values were lost in the export; ConvertTo-Json -Depth 4 keeps them";

/// Notes damage that every event of a file may have.
fn once(events: &mut Events, place: &str, says: &str) {
    if !events.damage.iter().any(|damage| damage.says == says) {
        events.damaged(place.to_owned(), says);
    }
}

/// The export holds the names of types where the values were: it was cut at a depth.
fn flattened(map: &Map<String, Value>) -> bool {
    match map.get("Properties") {
        Some(Value::Array(list)) => list.first().is_some_and(Value::is_string),
        Some(Value::String(text)) => !text.is_empty(),
        _ => false,
    }
}

fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Array(list) => list.iter().map(words).collect::<Vec<_>>().join("\n"),
        Value::Object(map) => map
            .get("#text")
            .or_else(|| map.get("Value"))
            .map(words)
            .unwrap_or_default(),
        other => other.to_string(),
    }
}

/// A value of an event. PowerShell writes codes such as a status as signed decimal numbers.
fn property_words(name: &str, value: &Value) -> String {
    let held = value.get("Value").unwrap_or(value);
    match held.as_i64() {
        Some(number) if number < 0 || name.ends_with("Status") => i32::try_from(number)
            .map(i32::cast_unsigned)
            .ok()
            .or_else(|| u32::try_from(number).ok())
            .map_or_else(|| words(value), |code| format!("0x{code:08x}")),
        _ => words(value),
    }
}

/// What can be read from the words of an event whose values were lost: where a value stands is the same in every
/// language, what stands before it is not.
fn from_message(event: &mut Event, message: &str) {
    match (event.provider.as_str(), event.id) {
        ("Microsoft-Windows-Security-Auditing", 4625) => {
            let values: Vec<&str> = message
                .lines()
                .filter_map(|line| line.split_once(":\t"))
                .map(|(_, value)| value.trim())
                .collect();
            for (at, name) in REFUSED_LOGON {
                if let Some(value) = values.get(*at) {
                    event.take((*name).to_owned(), (*value).to_owned());
                }
            }
        }
        ("Microsoft-Windows-RemoteDesktopServices-RdpCoreTS", 131) => {
            let address = message
                .split_whitespace()
                .map(|word| word.trim_end_matches('.'))
                .find(|word| word.parse::<std::net::SocketAddr>().is_ok());
            if let Some(address) = address {
                let kind = if message.contains("UDP") {
                    "UDP"
                } else {
                    "TCP"
                };
                event.take("ConnType".to_owned(), kind.to_owned());
                event.take("ClientIP".to_owned(), address.to_owned());
            }
        }
        ("Microsoft-Windows-RemoteDesktopServices-RdpCoreTS", 140) => {
            let address = message
                .split_whitespace()
                .map(|word| word.trim_end_matches('.'))
                .find(|word| word.parse::<std::net::IpAddr>().is_ok());
            if let Some(address) = address {
                event.take("IPString".to_owned(), address.to_owned());
            }
        }
        _ => {}
    }
}

/// Where the values of a refused logon (4625) stand among those of its words.
const REFUSED_LOGON: &[(usize, &str)] = &[
    (4, "LogonType"),
    (6, "TargetUserName"),
    (7, "TargetDomainName"),
    (9, "Status"),
    (10, "SubStatus"),
    (13, "WorkstationName"),
    (14, "IpAddress"),
    (15, "IpPort"),
];

/// An event as PowerShell lists it.
fn listed(map: &Map<String, Value>) -> Option<Event> {
    let text = |name: &str| map.get(name).map(words).unwrap_or_default();
    let mut event = Event {
        provider: match map.get("ProviderName") {
            Some(name) => words(name),
            // As `Get-EventLog` calls it.
            None => text("Source"),
        },
        id: map
            .get("Id")
            .or_else(|| map.get("EventID"))?
            .as_u64()?
            .try_into()
            .ok()?,
        channel: text("LogName"),
        computer: text("MachineName"),
        at: map
            .get("TimeCreated")
            .or_else(|| map.get("TimeGenerated"))
            .and_then(time),
        activity: map
            .get("ActivityId")
            .map(words)
            .filter(|activity| !activity.is_empty()),
        fields: Vec::new(),
    };
    let is_flat = flattened(map);
    let properties = map
        .get("Properties")
        .or_else(|| map.get("ReplacementStrings"))
        .and_then(Value::as_array)
        .filter(|_| !is_flat);
    let names = wanted::in_order(&event.provider, event.id);
    for (at, property) in properties.into_iter().flatten().enumerate() {
        let name = names
            .get(at)
            .map_or_else(|| format!("Param{}", at + 1), |name| (*name).to_owned());
        let value = property_words(&name, property);
        event.take(name, value);
    }
    if event.fields.is_empty() {
        from_message(&mut event, &text("Message"));
    }
    Some(event)
}

/// A moment as PowerShell writes it: `/Date(1600000000000)/`, or as ISO 8601, or inside an object.
fn time(value: &Value) -> Option<model::UnixMicros> {
    let text = match value {
        Value::Object(map) => map
            .get("value")
            .or_else(|| map.get("DateTime"))
            .map(words)?,
        other => words(other),
    };
    match text
        .strip_prefix("/Date(")
        .and_then(|rest| rest.split([')', '+']).next())
    {
        Some(millis) => millis
            .parse::<i64>()
            .ok()
            .map(|millis| model::UnixMicros(millis.saturating_mul(1000))),
        None => moment(&text),
    }
}

/// An event as `evtx_dump` writes it.
fn dumped(map: &Map<String, Value>) -> Option<Event> {
    let system = map.get("System")?.as_object()?;
    let attribute = |element: &str, name: &str| {
        system
            .get(element)
            .and_then(|value| {
                value
                    .pointer(&format!("/#attributes/{name}"))
                    .or_else(|| value.get(name))
            })
            .or_else(|| {
                system
                    .get(&format!("{element}_attributes"))
                    .and_then(|value| value.get(name))
            })
            .map(words)
            .unwrap_or_default()
    };
    let text = |name: &str| system.get(name).map(words).unwrap_or_default();
    let mut event = Event {
        provider: attribute("Provider", "Name"),
        id: text("EventID").parse().ok()?,
        channel: text("Channel"),
        computer: text("Computer"),
        at: moment(&attribute("TimeCreated", "SystemTime")),
        activity: Some(attribute("Correlation", "ActivityID"))
            .filter(|activity| !activity.is_empty()),
        fields: Vec::new(),
    };
    for part in ["EventData", "UserData"] {
        if let Some(data) = map.get(part).and_then(Value::as_object) {
            leaves(data, &mut event, 0);
        }
    }
    Some(event)
}

fn leaves(map: &Map<String, Value>, event: &mut Event, depth: usize) {
    for (name, value) in map {
        match value {
            _ if name.starts_with('#') => {}
            Value::Object(inner) if depth < 8 && !inner.contains_key("#text") => {
                leaves(inner, event, depth + 1)
            }
            value => event.take(name.clone(), words(value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Fact;

    const XML: &str = r#"<?xml version="1.0" encoding="utf-8"?><Events>
<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Schannel' Guid='{x}'/>
<EventID>36870</EventID><Version>0</Version><TimeCreated SystemTime='2026-11-21T08:00:00.123456700Z'/>
<Correlation ActivityID='{A}'/><Channel>System</Channel><Computer>srv.example</Computer></System>
<EventData><Data Name='Type'>server</Data><Data Name='ErrorCode'>0x8009030d</Data></EventData>
<RenderingInfo Culture='de-DE'><Message>Schwerwiegender Fehler &amp; mehr</Message></RenderingInfo></Event>
<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Other'/>
<EventID>1</EventID></System></Event></Events>"#;

    const JSON: &str = r#"[{"Id":36870,"ProviderName":"Schannel","LogName":"System","MachineName":"srv.example",
"TimeCreated":"\/Date(1795248000123)\/","ActivityId":"a","Properties":[{"Value":"server"},{"Value":"0x8009030d"}],
"Message":"Schwerwiegender Fehler"}]"#;

    fn of(read: fn(&str, &mut Events), text: &str) -> (u64, Vec<Fact>, usize) {
        let mut events = Events::default();
        read(text, &mut events);
        let damage = events.all_damage().len();
        let records = events.records;
        let facts = std::mem::take(&mut events.tally).facts();
        (
            records,
            facts.into_iter().map(|(_, fact)| fact).collect(),
            damage,
        )
    }

    fn fields(fact: &Fact) -> (u32, Vec<String>, i64) {
        match fact {
            Fact::EventLogged {
                id, fields, first, ..
            } => (
                *id,
                fields.values().cloned().collect(),
                first.unwrap().seconds().0,
            ),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn both_forms_say_the_same() {
        assert!(recognises_xml(XML.as_bytes()) && recognises_json(JSON.as_bytes()));
        let (records, facts, damage) = of(xml, XML);
        assert_eq!((records, facts.len(), damage), (2, 1, 0));
        let mut from_xml = fields(&facts[0]);
        let (records, facts, damage) = of(json, JSON);
        assert_eq!((records, facts.len(), damage), (1, 1, 0));
        let mut from_json = fields(&facts[0]);
        from_xml.1.sort();
        from_json.1.sort();
        assert_eq!(from_xml, from_json);
    }

    /// What `Get-WinEvent | ConvertTo-Json` of Windows PowerShell makes of a refused logon, by how deep it goes.
    #[test]
    fn refused_logons_keep_their_status() {
        let whole = |fields: &str, message: &str| {
            format!(
                r#"[{{"Id":4625,"ProviderName":"Microsoft-Windows-Security-Auditing","LogName":"Security",
"MachineName":"SRV01","TimeCreated":"\/Date(1795248000123)\/","Properties":{fields},"Message":"{message}"}}]"#
            )
        };
        let values = r#"[{"Value":{"BinaryLength":12,"AccountDomainSid":null,"Value":"S-1-0-0"}},{"Value":"-"},
{"Value":"-"},{"Value":0},{"Value":"S-1-0-0"},{"Value":"bob"},{"Value":"FIRMA"},{"Value":-1073741715},
{"Value":"%%2313"},{"Value":-1073741718},{"Value":3},{"Value":"NtLmSsp "},{"Value":"NTLM"},{"Value":"WS7"},
{"Value":"-"},{"Value":"-"},{"Value":0},{"Value":0},{"Value":"-"},{"Value":"10.1.2.3"},{"Value":"51234"}]"#;
        let words = "Fehler beim Anmelden eines Kontos.\\r\\n\\r\\nAntragsteller:\\r\\n\\tSicherheits-ID:\\t\\tS-1-0-0\\r\\n\
            \\tKontoname:\\t\\t-\\r\\n\\tKontodom\u{e4}ne:\\t\\t-\\r\\n\\tAnmelde-ID:\\t\\t0x0\\r\\n\\r\\nAnmeldetyp:\\t\\t\\t3\\r\\n\
            \\r\\nKonto:\\r\\n\\tSicherheits-ID:\\t\\tS-1-0-0\\r\\n\\tKontoname:\\t\\tbob\\r\\n\\tKontodom\u{e4}ne:\\t\\t\\r\\n\\r\\n\
            Fehlerinformationen:\\r\\n\\tFehlerursache:\\t\\tFalsch.\\r\\n\\tStatus:\\t\\t\\t0xC000006D\\r\\n\
            \\tUnterstatus::\\t\\t0xC000006A\\r\\n\\r\\nProzess:\\r\\n\\tID:\\t0x0\\r\\n\\tName:\\t-\\r\\n\\r\\n\
            Netzwerk:\\r\\n\\tArbeitsstation:\\tWS7\\r\\n\\tAdresse:\\t10.1.2.3\\r\\n\\tPort:\\t\\t51234\\r\\n";
        let flat = r#"["System.Diagnostics.Eventing.Reader.EventProperty","System.Diagnostics.Eventing.Reader.EventProperty"]"#;
        for text in [whole(values, ""), whole(flat, words)] {
            let (_, facts, damage) = of(json, &text);
            let Some(Fact::EventLogged { fields, .. }) = facts.first() else {
                panic!("{facts:?}");
            };
            let told: Vec<String> = [
                "LogonType",
                "Status",
                "SubStatus",
                "IpAddress",
                "TargetUserName",
            ]
            .iter()
            .map(|name| {
                fields
                    .get(*name)
                    .cloned()
                    .unwrap_or_default()
                    .to_lowercase()
            })
            .collect();
            assert_eq!(told, ["3", "0xc000006d", "0xc000006a", "10.1.2.3", "bob"]);
            assert_eq!(damage, 0);
        }
        let (_, facts, damage) = of(json, &whole(flat, ""));
        assert_eq!((facts.len(), damage), (1, 1), "what was lost is said");
    }

    #[test]
    fn events_without_a_provider_are_said_to_be_so() {
        let text = r#"[{"TimeCreated":"2026-11-22T07:00:00Z","Id":4625,"Message":"x"}]"#;
        assert!(recognises_json(text.as_bytes()));
        let (_, facts, damage) = of(json, &text.repeat(3));
        assert_eq!((facts.len(), damage), (0, 1));
    }

    #[test]
    fn the_older_command_is_read() {
        let text = r#"[{"MachineName":"SRV","EventID":36888,"Source":"Schannel","TimeGenerated":"2026-11-22T07:00:00Z",
"ReplacementStrings":["70","1205"],"InstanceId":36888}]"#;
        assert!(recognises_json(text.as_bytes()));
        let (_, facts, _) = of(json, text);
        assert!(
            matches!(facts.first(), Some(Fact::EventLogged { fields, .. })
            if fields.get("AlertDesc").is_some_and(|alert| alert == "70")),
            "{facts:?}"
        );
    }

    #[test]
    fn values_without_names_stand_together() {
        let text = XML
            .replace("Data Name='Type'", "Data")
            .replace("Data Name='ErrorCode'", "Data");
        let (_, facts, _) = of(xml, &text);
        assert_eq!(fields(&facts[0]).1, ["server\n0x8009030d"]);
    }

    #[test]
    fn dumps_are_read() {
        let text = r##"{"Event":{"#attributes":{"xmlns":"x"},"System":{"Provider":{"#attributes":{"Name":"TermDD"}},
"EventID":{"#attributes":{"Qualifiers":1},"#text":56},"TimeCreated":{"#attributes":{"SystemTime":"2026-11-21T08:00:00Z"}},
"Computer":"srv"},"EventData":{"Data":{"#text":["a","b"]}}}}"##;
        let (records, facts, _) = of(json, text);
        assert_eq!((records, fields(&facts[0]).0), (1, 56));
    }

    #[test]
    fn streams_are_read_event_by_event() {
        let mut events = Events::default();
        let wide: Vec<u8> = [0xFF, 0xFE]
            .into_iter()
            .chain(XML.repeat(400).encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        each(&mut wide.as_slice(), &mut events, element, xml);
        assert_eq!((events.records, events.all_damage()), (800, Vec::new()));
        let mut events = Events::default();
        each(&mut JSON.repeat(2000).as_bytes(), &mut events, braces, json);
        assert_eq!((events.records, events.all_damage()), (2000, Vec::new()));
    }

    #[test]
    fn what_is_broken_costs_itself_alone() {
        let endless = format!("{}<Event xmlns='x'>{}{XML}", XML, "y".repeat(LONGEST_EVENT));
        let mut events = Events::default();
        each(&mut endless.as_bytes(), &mut events, element, xml);
        // The whole events before it, and those after it but the one that its missing end swallowed.
        assert!(events.records >= 3, "{}", events.records);
        let broken = format!("{JSON}{{\"Id\": }}{JSON}");
        let mut events = Events::default();
        each(&mut broken.as_bytes(), &mut events, braces, json);
        assert_eq!((events.records, events.all_damage().len()), (2, 1));
    }

    #[test]
    fn any_prefix_is_calm() {
        for cut in 0..XML.len() {
            let _ = of(xml, XML.get(..cut).unwrap_or(""));
        }
        for cut in 0..JSON.len() {
            let _ = of(json, JSON.get(..cut).unwrap_or(""));
            let mut events = Events::default();
            each(
                &mut JSON.get(..cut).unwrap_or("").as_bytes(),
                &mut events,
                braces,
                json,
            );
        }
    }
}

//! The XML of `gpresult /x`: which policies reached a machine and its user. Policies are named in the
//! language of the system; only their registry settings are read. The page of `gpresult /h` holds none of these.

use std::io::Read;

use model::SettingValue;
use quick_xml::events::Event;

use super::{Value, told};
use crate::encoding::text_of;
use crate::findings::Findings;

/// The bytes are the beginning of a report.
pub fn recognises(head: &[u8]) -> bool {
    let head = head.get(..head.len().min(4096)).unwrap_or(head);
    let (_, text, _) = text_of(head);
    text.contains("<Rsop") && text.contains("GroupPolicy") || text.contains(PAGE)
}

/// What only the page for people of `gpresult /h` holds.
const PAGE: &str = "gpmc_";

pub(crate) fn read(file: &str, input: &mut dyn Read, findings: &mut Findings) -> String {
    let bytes = crate::reader::whole(file, input, findings);
    let (_, text, _) = text_of(&bytes);
    if text.contains(PAGE) && !text.contains("<Rsop") {
        findings.damaged(
            file,
            "",
            "a page for people: it names policies in the words of one language; gpresult /x FILE.xml writes what is read",
        );
        return "a page for people".to_owned();
    }
    let (values, damage) = values(&text);
    if let Some(damage) = damage {
        findings.damaged(file, "", damage);
    }
    let all = values.len();
    let kept = told(file, values, true, findings);
    format!("{kept} of {all} registry settings")
}

#[derive(Default)]
struct Setting {
    key: String,
    name: String,
    number: Option<u64>,
    text: Option<String>,
}

/// The registry settings of a report, and why the reading stopped before its end if it did.
pub fn values(text: &str) -> (Vec<Value>, Option<String>) {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut values = Vec::new();
    let mut root = "HKLM";
    let mut setting: Option<Setting> = None;
    let mut path: Vec<String> = Vec::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(element)) => {
                let name = element.local_name().as_ref().to_owned();
                match name.as_str() {
                    "ComputerResults" => root = "HKLM",
                    "UserResults" => root = "HKCU",
                    "RegistrySetting" => setting = Some(Setting::default()),
                    _ => {}
                }
                if path.len() < 256 {
                    path.push(name);
                }
            }
            Ok(Event::End(element)) => {
                path.pop();
                if element.local_name().as_ref() == "RegistrySetting"
                    && let Some(setting) = setting.take()
                    && !setting.key.is_empty()
                {
                    let value = match (setting.number, setting.text) {
                        (Some(number), _) => SettingValue::Number(number),
                        (None, Some(text)) => SettingValue::Text(text),
                        (None, None) => continue,
                    };
                    values.push(Value {
                        key: format!("{root}\\{}", setting.key),
                        name: setting.name,
                        value,
                    });
                }
            }
            Ok(Event::Text(text)) => {
                let Some(setting) = &mut setting else {
                    continue;
                };
                let text = text.trim().to_owned();
                let inside =
                    |parent: &str| path.iter().rev().nth(1).is_some_and(|name| name == parent);
                match path.last().map_or("", String::as_str) {
                    "KeyPath" => setting.key.push_str(&text),
                    "Name" if inside("Value") => setting.name.push_str(&text),
                    "Number" => setting.number = text.parse().ok(),
                    "String" | "Data" => setting.text = Some(text),
                    _ => {}
                }
            }
            Ok(Event::Eof) => return (values, None),
            Ok(_) => {}
            Err(error) => return (values, Some(format!("not well-formed: {error}"))),
        }
    }
}

//! Certificates as Windows keeps them in the registry: one key each, named by the thumbprint, with a value that
//! holds a row of properties. The store "Remote Desktop" holds the certificate the listener made for itself;
//! the store "MY" one that somebody bound to it.

use model::{Bytes, Fact, Phase, Place, SettingValue, Source, UnixSeconds};

use super::Value;
use crate::bytes::{u32_at, utf16};
use crate::findings::Findings;

/// The name of the value that holds the certificate and what belongs to it.
pub(crate) const BLOB: &str = "Blob";
/// The longest of them that is kept.
pub(crate) const LONGEST: usize = 64 * 1024;
/// CERT_CERT_PROP_ID: the certificate itself.
const CERTIFICATE: u32 = 32;
/// CERT_KEY_PROV_INFO_PROP_ID: where its private key is.
const KEY: u32 = 2;
/// Properties of one certificate that are looked at.
const MOST: usize = 100;

/// Where a private key is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
struct KeyPlace {
    container: String,
    provider: String,
}

/// The key is that of a certificate: its store and its thumbprint.
fn stored(key: &str) -> Option<(&str, &str)> {
    let rest = key
        .get(..r"HKLM\SOFTWARE\Microsoft\SystemCertificates\".len())
        .filter(|start| start.eq_ignore_ascii_case(r"HKLM\SOFTWARE\Microsoft\SystemCertificates\"))
        .and_then(|start| key.get(start.len()..))?;
    let (store, rest) = rest.split_once('\\')?;
    let (folder, thumbprint) = rest.split_once('\\')?;
    folder
        .eq_ignore_ascii_case("Certificates")
        .then_some((store, thumbprint))
}

/// The value is a certificate that the listener may use; `bound` is the thumbprint it is told to use.
pub(crate) fn is_certificate(value: &Value) -> bool {
    value.name.eq_ignore_ascii_case(BLOB) && stored(&value.key).is_some()
}

/// Tells that a certificate is there, and everything about one that the listener uses. `bound` is the thumbprint
/// it is told to use, empty for its own, and `None` when its settings were not read with these values.
pub(crate) fn told(
    file: &str,
    value: &Value,
    bound: Option<&[u8]>,
    now: Option<UnixSeconds>,
    findings: &mut Findings,
) {
    let (Some((store, thumbprint)), SettingValue::Bytes(Bytes(blob))) =
        (stored(&value.key), &value.value)
    else {
        return;
    };
    let properties = properties(blob);
    let find = |id| {
        properties
            .iter()
            .find(|(known, _)| *known == id)
            .map(|(_, data)| *data)
    };
    let place = Some(Place::host(Phase::Secure));
    let setting = |name: &str, value: SettingValue, findings: &mut Findings, key: &str| {
        let fact = Fact::SettingFound {
            key: key.to_owned(),
            name: name.to_owned(),
            value,
            policy: false,
        };
        findings.see(file, Source::Registry, None, None, fact);
    };
    let certificate = find(CERTIFICATE).and_then(|encoded| wire::certificate::read(encoded, 0));
    let name = certificate.as_ref().map_or("", |certificate| {
        certificate
            .common_name
            .as_ref()
            .unwrap_or(&certificate.subject)
    });
    setting(
        "Certificate",
        SettingValue::Text(name.to_owned()),
        findings,
        &value.key,
    );
    let Some(bound) = bound else { return };
    let bound_to: String = bound.iter().map(|byte| format!("{byte:02x}")).collect();
    // Without a binding the listener uses its own; with one, that one alone.
    let own = bound.is_empty() && store.eq_ignore_ascii_case("Remote Desktop");
    if !own && !thumbprint.eq_ignore_ascii_case(&bound_to) {
        return;
    }
    match find(CERTIFICATE) {
        Some(encoded) => match (wire::certificate::read(encoded, 0), now) {
            (Some(certificate), Some(seen_at)) => {
                let fact = Fact::CertificateSeen {
                    certificate: Box::new(certificate),
                    seen_at,
                };
                findings.see(file, Source::Registry, place, None, fact);
            }
            (Some(_), None) => {}
            (None, _) => {
                let fact = Fact::CertificateUnreadable {
                    first_bytes: Bytes::first_of(encoded),
                };
                findings.see(file, Source::Registry, place, None, fact);
            }
        },
        None => findings.damaged(file, &value.key, "the certificate in it cannot be found"),
    }
    match find(KEY).and_then(key_place) {
        Some(KeyPlace {
            container,
            provider,
        }) => {
            setting(
                "KeyContainer",
                SettingValue::Text(container),
                findings,
                &value.key,
            );
            setting(
                "KeyProvider",
                SettingValue::Text(provider),
                findings,
                &value.key,
            );
        }
        // Nothing says where its key is: it has none here.
        None => setting("KeyContainer", SettingValue::Removed, findings, &value.key),
    }
}

/// The properties: a number, a number that is always one, a length, and that many bytes.
fn properties(blob: &[u8]) -> Vec<(u32, &[u8])> {
    let mut all = Vec::new();
    let mut rest = blob;
    while all.len() < MOST {
        let (Some(id), Some(length)) = (u32_at(rest, 0), u32_at(rest, 8)) else {
            break;
        };
        let Some((data, after)) = usize::try_from(length)
            .ok()
            .and_then(|length| rest.get(12..)?.split_at_checked(length))
        else {
            break;
        };
        all.push((id, data));
        rest = after;
    }
    all
}

/// CRYPT_KEY_PROV_INFO as it is stored: places of two texts from its own beginning, then four numbers.
fn key_place(data: &[u8]) -> Option<KeyPlace> {
    let text = |at: usize| {
        let start = usize::try_from(u32_at(data, at)?).ok()?;
        let rest = data.get(start..)?;
        let end = rest.chunks_exact(2).position(|unit| unit == [0, 0])?;
        Some(utf16(rest.get(..end * 2)?))
    };
    Some(KeyPlace {
        container: text(0)?,
        provider: text(4)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wide(text: &str) -> Vec<u8> {
        text.encode_utf16()
            .chain([0])
            .flat_map(u16::to_le_bytes)
            .collect()
    }

    fn property(id: u32, data: &[u8]) -> Vec<u8> {
        let mut bytes = id.to_le_bytes().to_vec();
        bytes.extend(1_u32.to_le_bytes());
        bytes.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
        bytes.extend(data);
        bytes
    }

    /// A key of the listener, as the key store of old keeps it.
    fn key_info() -> Vec<u8> {
        let (container, provider) = (
            wide("TSSecKeySet1"),
            wide("Microsoft RSA SChannel Cryptographic Provider"),
        );
        let mut data = Vec::new();
        data.extend(28_u32.to_le_bytes());
        data.extend(u32::try_from(28 + container.len()).unwrap().to_le_bytes());
        for number in [12_u32, 0x20, 0, 0, 1] {
            data.extend(number.to_le_bytes());
        }
        data.extend(container);
        data.extend(provider);
        data
    }

    fn read(store: &str, blob: Vec<u8>, bound: &[u8]) -> Vec<Fact> {
        let value = Value {
            key: format!(r"HKLM\SOFTWARE\Microsoft\SystemCertificates\{store}\Certificates\0A0B"),
            name: "Blob".to_owned(),
            value: SettingValue::Bytes(Bytes(blob)),
        };
        assert!(is_certificate(&value));
        let mut findings = Findings::default();
        told(
            "x",
            &value,
            Some(bound),
            Some(UnixSeconds(0)),
            &mut findings,
        );
        let mut facts: Vec<Fact> = findings
            .seen
            .into_iter()
            .map(|seen| seen.observation.fact)
            .collect();
        assert!(
            matches!(facts.remove(0), Fact::SettingFound { name, .. } if name == "Certificate")
        );
        facts
    }

    fn container(facts: &[Fact]) -> Option<&SettingValue> {
        facts.iter().find_map(|fact| match fact {
            Fact::SettingFound { name, value, .. } if name == "KeyContainer" => Some(value),
            _ => None,
        })
    }

    #[test]
    fn where_the_key_is_kept_is_told() {
        let blob = [property(2, &key_info()), property(32, b"no certificate")].concat();
        let facts = read("Remote Desktop", blob, &[]);
        assert_eq!(
            container(&facts),
            Some(&SettingValue::Text("TSSecKeySet1".into()))
        );
        assert!(
            matches!(facts[0], Fact::CertificateUnreadable { .. }),
            "{facts:?}"
        );
        let without = read("Remote Desktop", property(32, b"x"), &[]);
        assert_eq!(container(&without), Some(&SettingValue::Removed));
    }

    #[test]
    fn only_the_certificate_in_use_is_told() {
        let blob = || property(32, b"x");
        assert_eq!(read("MY", blob(), &[]), []);
        assert_eq!(read("MY", blob(), &[0x0C]), []);
        assert!(!read("MY", blob(), &[0x0A, 0x0B]).is_empty());
        assert_eq!(
            read("Remote Desktop", blob(), &[0x0C]),
            [],
            "another one is bound"
        );
    }

    #[test]
    fn any_blob_is_calm() {
        let whole = [property(2, &key_info()), property(32, b"x")].concat();
        for end in 0..whole.len() {
            let _ = read("Remote Desktop", whole[..end].to_vec(), &[]);
        }
        let _ = read("Remote Desktop", property(2, &[0xFF; 40]), &[]);
    }
}

//! What security policies of Linux kept programs of Remote Desktop from: lines of AppArmor and SELinux in the
//! log of the kernel or of the audit daemon.

use std::collections::BTreeMap;

use model::{Fact, UnixMicros};

/// Programs whose troubles are ours, as the kernel shortens their names.
const PROGRAMS: &[&str] = &[
    "xrdp",
    "xrdp-sesman",
    "xrdp-sesexec",
    "xrdp-chansrv",
    "gnome-remote-de",
    "freerdp-shadow-",
    "krdpserver",
    "guacd",
    "Xorg",
    "Xvnc",
    "xfreerdp",
    "xfreerdp3",
    "remmina",
];
/// Different denials that are kept.
const MOST: usize = 200;

/// Denials, counted.
#[derive(Debug, Default)]
pub(super) struct Denials {
    counts: BTreeMap<(&'static str, String, String), (u32, Option<UnixMicros>)>,
}

impl Denials {
    /// Reads a line.
    pub(super) fn line(&mut self, text: &str) {
        let policy = if text.contains("apparmor=\"DENIED\"") {
            "AppArmor"
        } else if text.contains("avc:  denied") || text.contains("avc: denied") {
            "SELinux"
        } else {
            return;
        };
        let Some(program) = field(text, "comm=").filter(|program| PROGRAMS.contains(program))
        else {
            return;
        };
        let object = field(text, "path=")
            .or_else(|| field(text, "name="))
            .or_else(|| field(text, "dest="))
            .or_else(|| field(text, "capname="))
            .or_else(|| field(text, "tclass="))
            .unwrap_or("something");
        let at = text
            .split_once("audit(")
            .and_then(|(_, rest)| rest.split(':').next()?.split_once('.'))
            .and_then(|(seconds, millis)| {
                let seconds: i64 = seconds.parse().ok()?;
                let millis: i64 = millis.parse().ok()?;
                let millis = seconds.checked_mul(1000)?.checked_add(millis)?;
                Some(UnixMicros(millis.checked_mul(1000)?))
            });
        let key = (policy, program.to_owned(), object.to_owned());
        if self.counts.len() >= MOST && !self.counts.contains_key(&key) {
            return;
        }
        let (times, last) = self.counts.entry(key).or_default();
        *times = times.saturating_add(1);
        *last = (*last).max(at);
    }

    /// Something was understood.
    pub(super) fn knows_something(&self) -> bool {
        !self.counts.is_empty()
    }

    /// What was understood.
    pub(super) fn told(self) -> impl Iterator<Item = Fact> {
        self.counts
            .into_iter()
            .map(
                |((policy, program, object), (times, last))| Fact::AccessDenied {
                    policy: policy.to_owned(),
                    program,
                    object,
                    times,
                    last,
                },
            )
    }
}

/// The value behind a name, with its quotes taken off.
fn field<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(&format!(" {name}"))?;
    match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => rest.split_ascii_whitespace().next(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&str]) -> Vec<Fact> {
        let mut denials = Denials::default();
        for line in lines {
            denials.line(line);
        }
        denials.told().collect()
    }

    #[test]
    fn denials_of_both_policies_are_counted() {
        let apparmor = "2026-11-21T10:00:00+0000 desk kernel: audit: type=1400 audit(1795255200.123:45): apparmor=\"DENIED\" operation=\"open\" class=\"file\" profile=\"/usr/sbin/xrdp\" name=\"/etc/ssl/private/a.key\" pid=1 comm=\"xrdp\" requested_mask=\"r\" denied_mask=\"r\"";
        let selinux = "type=AVC msg=audit(1795255201.5:46): avc:  denied  { read } for  pid=2 comm=\"xrdp\" name=\"key.pem\" dev=\"dm-0\" ino=9 scontext=system_u:system_r:unconfined_service_t:s0 tclass=file permissive=0";
        let other = apparmor.replace("comm=\"xrdp\"", "comm=\"cupsd\"");
        assert_eq!(
            read(&[
                apparmor,
                apparmor,
                selinux,
                &other,
                "avc:  denied",
                "apparmor=\"DENIED\" comm=\"xrdp"
            ]),
            [
                Fact::AccessDenied {
                    policy: "AppArmor".to_owned(),
                    program: "xrdp".to_owned(),
                    object: "/etc/ssl/private/a.key".to_owned(),
                    times: 2,
                    last: Some(UnixMicros(1_795_255_200_123_000)),
                },
                Fact::AccessDenied {
                    policy: "AppArmor".to_owned(),
                    program: "xrdp".to_owned(),
                    object: "something".to_owned(),
                    times: 1,
                    last: None,
                },
                Fact::AccessDenied {
                    policy: "SELinux".to_owned(),
                    program: "xrdp".to_owned(),
                    object: "key.pem".to_owned(),
                    times: 1,
                    last: Some(UnixMicros(1_795_255_201_005_000)),
                },
            ]
        );
    }
}

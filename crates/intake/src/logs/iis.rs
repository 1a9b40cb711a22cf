//! The log of a web server in the W3C form, in which the gateway's requests stand with status, sub-status and the
//! error of Windows. The fields are named in the file itself.

use std::collections::BTreeMap;
use std::net::IpAddr;

use model::UnixMicros;

/// Clients whose refusals wait for what becomes of them.
const MOST_CLIENTS: usize = 4_096;

/// A request for a gateway, in words that the tables know.
#[derive(Debug, PartialEq, Eq)]
pub struct Request {
    /// What became of it.
    pub says: String,
    /// When it began, as far as the row tells.
    pub at: Option<UnixMicros>,
    /// Who asked.
    pub from: Option<IpAddr>,
    /// The machine that logged it.
    pub computer: String,
    /// The row.
    pub row: String,
}

/// Rows while they are read.
#[derive(Debug, Default)]
pub struct Rows {
    fields: Vec<String>,
    /// The last refusal of each client that was not let in yet, and how many there were.
    refused: BTreeMap<String, (u32, Request)>,
}

impl Rows {
    /// Reads a line; what it tells of the gateway.
    pub fn line(&mut self, text: &str) -> Vec<Request> {
        if let Some(fields) = text.strip_prefix("#Fields:") {
            self.fields = fields.split_ascii_whitespace().map(str::to_owned).collect();
            return Vec::new();
        }
        if self.fields.is_empty() || text.starts_with('#') {
            return Vec::new();
        }
        let values: Vec<&str> = text.split_ascii_whitespace().collect();
        if values.len() != self.fields.len() {
            return Vec::new();
        }
        let field = |name: &str| {
            self.fields
                .iter()
                .position(|field| field == name)
                .and_then(|at| values.get(at))
                .copied()
                .filter(|value| *value != "-")
        };
        let path = field("cs-uri-stem").unwrap_or("").to_ascii_lowercase();
        let gateway = [
            "/remotedesktopgateway",
            "/rpc/rpcproxy.dll",
            "/rpcwithcert/rpcproxy.dll",
            "/kdcproxy",
        ];
        if !gateway.iter().any(|known| path.starts_with(known)) {
            return Vec::new();
        }
        let number = |name: &str| field(name).and_then(|value| value.parse::<i64>().ok());
        let (Some(status), sub) = (number("sc-status"), number("sc-substatus").unwrap_or(0)) else {
            return Vec::new();
        };
        let windows = number("sc-win32-status").unwrap_or(0);
        let ended = field("date")
            .zip(field("time"))
            .and_then(|(date, time)| crate::eventlog::moment(&format!("{date}T{time}Z")));
        // The row is written when the request ends.
        let at = ended
            .map(|at| UnixMicros(at.0 - number("time-taken").unwrap_or(0).saturating_mul(1000)));
        let client = field("c-ip").unwrap_or("").to_owned();
        let method = field("cs-method").unwrap_or("");
        let request = |says: String| Request {
            says,
            at,
            from: client.parse::<IpAddr>().ok().map(|ip| ip.to_canonical()),
            computer: field("s-computername").unwrap_or("").to_owned(),
            row: text.chars().take(300).collect(),
        };
        let detail = format!("{status}.{sub}, Windows error {windows}, {method} {path}");
        let mut told = Vec::new();
        match status {
            401 => {
                let count = self.refused.get(&client).map_or(0, |(count, _)| *count);
                if self.refused.len() < MOST_CLIENTS || count > 0 {
                    let waiting = request(format!(
                        "gateway request answered 401 and never let in: {detail}"
                    ));
                    self.refused
                        .insert(client, (count.saturating_add(1), waiting));
                }
            }
            200 | 101 => {
                if let Some((_, waiting)) = self.refused.remove(&client) {
                    told.push(Request {
                        says: "gateway request answered 401 and later let in".to_owned(),
                        ..waiting
                    });
                }
                // A name that is gone, an operation that was given up, a connection cut by this machine.
                let cut = matches!(windows, 64 | 995 | 1236);
                told.push(request(if cut {
                    format!("gateway request cut off: {detail}")
                } else {
                    format!("gateway request answered {detail}")
                }));
            }
            _ => told.push(request(format!("gateway request answered {detail}"))),
        }
        told
    }

    /// The file is over: who was refused was never let in.
    pub fn finish(&mut self) -> Vec<Request> {
        std::mem::take(&mut self.refused)
            .into_values()
            .map(|(_, waiting)| waiting)
            .collect()
    }

    /// The file named its fields.
    pub fn knows_something(&self) -> bool {
        self.fields.iter().any(|field| field == "cs-uri-stem")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) \
        cs(Referer) sc-status sc-substatus sc-win32-status time-taken";

    fn said(rows: &[&str]) -> Vec<String> {
        let mut read = Rows::default();
        read.line(HEAD);
        let mut all: Vec<Request> = rows.iter().flat_map(|row| read.line(row)).collect();
        all.extend(read.finish());
        all.into_iter().map(|one| one.says).collect()
    }

    #[test]
    fn the_first_refusal_of_a_logon_is_none() {
        let row = |client: &str, status: &str| {
            format!(
                "2026-11-21 08:00:05 10.0.0.4 RDG_OUT_DATA /remoteDesktopGateway/ - 443 - {client} MS-RDGateway/1.0 - {status} 4000"
            )
        };
        let (a, b, c, d) = (
            row("203.0.113.9", "401 1 2148074254"),
            row("203.0.113.9", "200 0 0"),
            row("203.0.113.10", "401 1 1326"),
            row("203.0.113.11", "503 0 0"),
        );
        let said = said(&[&a, &b, &c, &d]);
        assert_eq!(said[0], "gateway request answered 401 and later let in");
        assert!(
            said[1].starts_with("gateway request answered 200.0"),
            "{said:?}"
        );
        assert!(
            said[2].starts_with("gateway request answered 503.0"),
            "{said:?}"
        );
        assert!(
            said[3].starts_with(
                "gateway request answered 401 and never let in: 401.1, Windows error 1326"
            ),
            "{said:?}"
        );
    }

    #[test]
    fn requests_begin_when_they_begin_and_others_are_left_out() {
        let mut read = Rows::default();
        read.line(HEAD);
        let told = read.line(
            "2026-11-21 08:00:05 10.0.0.4 RDG_IN_DATA /remoteDesktopGateway/ - 443 - ::ffff:203.0.113.9 x - 200 0 64 5000",
        );
        assert!(told[0].says.starts_with("gateway request cut off"));
        assert_eq!(told[0].at, crate::eventlog::moment("2026-11-21T08:00:00Z"));
        assert_eq!(told[0].from, "203.0.113.9".parse().ok());
        assert!(
            read.line("2026-11-21 08:00:05 10.0.0.4 GET /index.html - 443 - 1.2.3.4 x - 500 0 0 1")
                .is_empty()
        );
        assert!(read.line("cut off").is_empty());
    }
}

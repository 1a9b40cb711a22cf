//! The services that Remote Desktop needs, from the service manager.

use windows_service::service::{ServiceAccess, ServiceState};
use windows_service::service_manager::{ServiceManager, ServiceManagerAccess};

use crate::local::Inspection;
use crate::probes::SERVER;

/// The services, the one that listens first.
const SERVICES: &[&str] = &[
    "TermService",
    "SessionEnv",
    "UmRdpService",
    "KeyIso",
    "CryptSvc",
    "RpcSs",
    "MpsSvc",
    "Netlogon",
    "W32Time",
];

/// Which of the services there are, and whether they run.
pub(super) fn read(found: &mut Inspection) -> Vec<(&'static str, bool)> {
    let manager = match ServiceManager::local_computer(None::<&str>, ServiceManagerAccess::CONNECT)
    {
        Ok(manager) => manager,
        Err(error) => {
            found.broke(
                &SERVER,
                "services",
                format!("the service manager refuses: {error}"),
            );
            return Vec::new();
        }
    };
    let mut states = Vec::new();
    for name in SERVICES {
        let Ok(service) = manager.open_service(*name, ServiceAccess::QUERY_STATUS) else {
            continue;
        };
        match service.query_status() {
            Ok(status) => states.push((*name, status.current_state == ServiceState::Running)),
            Err(error) => found.broke(&SERVER, format!("the service {name}"), error.to_string()),
        }
    }
    found.ran(&SERVER, "services");
    states
}

//! Services, as the service manager keeps them.

use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use model::plan::Start;
use windows_registry::LOCAL_MACHINE;
use windows_service::service::{Service, ServiceAccess, ServiceStartType, ServiceState};
use windows_service::service_manager::{ServiceManager, ServiceManagerAccess};

use super::super::tool;
use super::system;
use crate::error::Error;

/// How long a service may take to start or stop.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often it is asked.
const PACE: Duration = Duration::from_millis(100);
/// How many services lean on one another in a row.
const DEEPEST: usize = 8;

/// What Windows says when there is no such service.
const NO_SUCH_SERVICE: i32 = 1060;
/// What it says to one that is started twice.
const RUNS_ALREADY: i32 = 1056;
/// What it says to one that is stopped twice.
const RUNS_NOT: i32 = 1062;

fn code(error: &windows_service::Error) -> Option<i32> {
    match error {
        windows_service::Error::Winapi(error) => error.raw_os_error(),
        _ => None,
    }
}

fn failed(doing: &str, error: &windows_service::Error) -> Error {
    Error::Action {
        doing: doing.to_owned(),
        says: match error {
            windows_service::Error::Winapi(error) => error.to_string(),
            other => other.to_string(),
        },
    }
}

fn open(name: &str, access: ServiceAccess, doing: &str) -> Result<Service, Error> {
    let manager = ServiceManager::local_computer(None::<&str>, ServiceManagerAccess::CONNECT)
        .map_err(|error| failed(doing, &error))?;
    manager.open_service(name, access).map_err(|error| {
        if code(&error) == Some(NO_SUCH_SERVICE) {
            Error::NoSuchService {
                service: name.to_owned(),
            }
        } else {
            failed(doing, &error)
        }
    })
}

/// The service runs.
pub(in crate::machine) fn runs(name: &str) -> Result<bool, Error> {
    let doing = format!("ask whether {name} runs");
    let service = open(name, ServiceAccess::QUERY_STATUS, &doing)?;
    state(&service, &doing).map(|state| {
        matches!(
            state,
            ServiceState::Running | ServiceState::StartPending | ServiceState::ContinuePending
        )
    })
}

fn state(service: &Service, doing: &str) -> Result<ServiceState, Error> {
    service
        .query_status()
        .map(|status| status.current_state)
        .map_err(|error| failed(doing, &error))
}

/// Starts or stops the service, and waits until it is so.
pub(in crate::machine) fn run(name: &str, on: bool) -> Result<(), Error> {
    if on {
        begin(name)
    } else {
        halt(name, DEEPEST).map(drop)
    }
}

/// Restarts the service, and what leans on it and ran.
pub(in crate::machine) fn restart(name: &str) -> Result<(), Error> {
    let halted = halt(name, DEEPEST)?;
    begin(name)?;
    for leaning in halted.iter().rev() {
        begin(leaning)?;
    }
    Ok(())
}

fn begin(name: &str) -> Result<(), Error> {
    let doing = format!("start {name}");
    let access = ServiceAccess::START | ServiceAccess::QUERY_STATUS;
    let service = open(name, access, &doing)?;
    match service.start::<&str>(&[]) {
        Err(error) if code(&error) != Some(RUNS_ALREADY) => return Err(failed(&doing, &error)),
        _ => {}
    }
    wait(&service, ServiceState::Running, &doing)
}

/// Stops a service and before it what leans on it; what ran of the latter comes back, the first stopped first.
fn halt(name: &str, depth: usize) -> Result<Vec<String>, Error> {
    let doing = format!("stop {name}");
    let mut halted = Vec::new();
    if let Some(depth) = depth.checked_sub(1) {
        for leaning in leaning_on(name) {
            // One that is only named in the registry does not run.
            if runs(&leaning).unwrap_or(false) {
                halted.extend(halt(&leaning, depth)?);
                halted.push(leaning);
            }
        }
    }
    let access = ServiceAccess::STOP | ServiceAccess::QUERY_STATUS;
    let service = open(name, access, &doing)?;
    match service.stop() {
        Err(error) if code(&error) != Some(RUNS_NOT) => return Err(failed(&doing, &error)),
        _ => {}
    }
    wait(&service, ServiceState::Stopped, &doing)?;
    Ok(halted)
}

/// The services that need this one to run.
fn leaning_on(name: &str) -> Vec<String> {
    let Ok(all) = LOCAL_MACHINE
        .options()
        .read()
        .open(r"SYSTEM\CurrentControlSet\Services")
    else {
        return Vec::new();
    };
    let Ok(names) = all.keys() else {
        return Vec::new();
    };
    names
        .filter(|other| {
            let needs = all
                .options()
                .read()
                .open(other)
                .and_then(|key| key.get_multi_string("DependOnService"));
            needs.is_ok_and(|needs| needs.iter().any(|need| need.eq_ignore_ascii_case(name)))
        })
        .collect()
}

fn wait(service: &Service, wanted: ServiceState, doing: &str) -> Result<(), Error> {
    let begun = Instant::now();
    // Nobody sends: it only paces.
    let (_quiet, pace) = channel::<()>();
    loop {
        let now = state(service, doing)?;
        if now == wanted {
            return Ok(());
        }
        if begun.elapsed() > PATIENCE {
            return Err(Error::Action {
                doing: doing.to_owned(),
                says: format!("it is {now:?} still after {} seconds", PATIENCE.as_secs()),
            });
        }
        let _ = pace.recv_timeout(PACE);
    }
}

/// How the service starts.
pub(in crate::machine) fn start(name: &str) -> Result<Start, Error> {
    let doing = format!("ask how {name} starts");
    let service = open(name, ServiceAccess::QUERY_CONFIG, &doing)?;
    let config = service
        .query_config()
        .map_err(|error| failed(&doing, &error))?;
    Ok(match config.start_type {
        ServiceStartType::Disabled => Start::Disabled,
        ServiceStartType::OnDemand => Start::Manual,
        _ if is_delayed(name) => Start::Delayed,
        _ => Start::Automatic,
    })
}

fn is_delayed(name: &str) -> bool {
    LOCAL_MACHINE
        .options()
        .read()
        .open(format!(r"SYSTEM\CurrentControlSet\Services\{name}"))
        .and_then(|key| key.get_u32("DelayedAutostart"))
        .is_ok_and(|delayed| delayed == 1)
}

/// Changes how the service starts, and nothing else of it.
pub(in crate::machine) fn set_start(name: &str, to: Start) -> Result<(), Error> {
    let doing = format!("change how {name} starts");
    let word = match to {
        Start::Automatic => "auto",
        Start::Delayed => "delayed-auto",
        Start::Manual => "demand",
        Start::Disabled => "disabled",
    };
    tool::run(&system("sc.exe"), &["config", name, "start=", word], &doing).map(drop)
}

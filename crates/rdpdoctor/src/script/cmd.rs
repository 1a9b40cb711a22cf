//! A batch file, for consoles without PowerShell. Texts that cmd could read as anything but themselves are refused:
//! there is no way to quote them that every version of it agrees on.

use std::fmt::Write as _;

use model::plan::{
    Action, Condition, Guarded, Key, PlannedStep, RegistryValue, Rights, Start, Step, Value,
};

use super::quote::{cmd as quoted, comment};
use super::{Job, Script, Unfit};
use crate::fix_command::words;

/// Writes the batch file.
pub(super) fn script(job: &Job<'_>) -> Result<Script, Unfit> {
    let plan = job.plan;
    let unfit = |index| {
        job.unfit(
            index,
            "cmd has no safe way to do it and to take it back",
            "powershell",
        )
    };
    let (mut keep, mut make, mut back, mut acts) =
        (String::new(), String::new(), String::new(), String::new());
    let mut restarts = String::new();
    for (index, planned) in job.mine() {
        match &planned.step {
            Step::Set { key, to } => {
                let part = set(index, planned, key, to).ok_or_else(|| unfit(index))?;
                keep.push_str(&part.keep);
                make.push_str(&part.make);
                // The last is taken back first.
                back = format!("{}{back}", part.back);
            }
            Step::Act(action) => {
                let act = act(index, action).ok_or_else(|| unfit(index))?;
                if matches!(action, Action::RestartService { .. }) {
                    restarts.push_str(&act);
                }
                acts.push_str(&act);
            }
        }
    }
    let mut asks = String::new();
    for (index, says) in job.asked() {
        let _ = writeln!(asks, "echo   {}. By hand: {}", index + 1, remark(&says));
        let _ = writeln!(asks, "call :result {index} person");
    }
    let mut out = "@echo off\nsetlocal EnableExtensions DisableDelayedExpansion\n".to_owned();
    for line in job.head() {
        let _ = writeln!(out, "rem {}", remark(&line));
    }
    let id = &plan.id;
    let _ = write!(
        out,
        "rem Run it: THIS     Take it back: THIS undo\n\
         reg query HKU\\S-1-5-19 >nul 2>&1\n\
         if errorlevel 1 (echo Administrator rights are needed. Nothing was changed. & exit /b 3)\n\
         set \"SHELF=%ProgramData%\\rdpdoctor\\{id}\"\n\
         set \"RESULTS=\"\nset \"OUTCOME=done\"\nset \"MODE=apply\"\n\
         if /i \"%~1\"==\"undo\" goto undo\n\
         if not exist \"%SHELF%\\\" mkdir \"%SHELF%\"\n\
         if errorlevel 1 (echo %SHELF% cannot be made. Nothing was changed. & exit /b 3)\n\
         if exist \"%SHELF%\\whole\" goto make\n\
         rem Everything is kept before anything is changed.\n{keep}\
         echo kept>\"%SHELF%\\whole\"\n\
         :make\n{make}{acts}{asks}goto receipt\n\n\
         :failed\necho What was changed is taken back.\nset \"OUTCOME=failed\"\ngoto back\n\n\
         :undo\nset \"MODE=undo\"\nset \"OUTCOME=undone\"\n\
         if not exist \"%SHELF%\\whole\" (echo Nothing of this plan is kept: there is nothing to take back. & exit /b 3)\n\
         :back\n{back}\
         if \"%MODE%\"==\"apply\" goto receipt\n{restarts}\
         if \"%OUTCOME%\"==\"undone\" del \"%SHELF%\\whole\" \"%SHELF%\\*.was\" \"%SHELF%\\*.none\" \"%SHELF%\\*.begun\" >nul 2>&1\n\n\
         :receipt\n\
         echo {{\"schema\":\"rdpdoctor/receipt/1\",\"plan\":\"{id}\",\"cause\":\"{}\",\"remedy\":\"{}\",\"script\":\"cmd\",\
         \"machine\":\"%COMPUTERNAME%\",\"began\":\"\",\"mode\":\"%MODE%\",\"outcome\":\"%OUTCOME%\",\"kept\":\"\",\"steps\":[%RESULTS%]}}\n\
         if \"%OUTCOME%\"==\"done\" exit /b 0\nif \"%OUTCOME%\"==\"undone\" exit /b 0\nexit /b 1\n\n\
         :result\n\
         if defined RESULTS set \"RESULTS=%RESULTS%,\"\n\
         set RESULTS=%RESULTS%{{\"step\":%1,\"outcome\":\"%2\",\"was\":null,\"says\":\"\"}}\n\
         exit /b 0\n",
        plan.cause, plan.remedy,
    );
    Ok(Script {
        text: out.replace('\n', "\r\n"),
        undo: None,
        notes: vec!["Take it back: the same file with the word undo.".to_owned()],
    })
}

/// Words in a line that cmd prints or passes over: letters that mean something to it are left out.
fn remark(text: &str) -> String {
    comment(text)
        .chars()
        .map(|c| if "%!^&|<>\"()".contains(c) { ' ' } else { c })
        .collect()
}

/// How something is kept, made and taken back.
struct Part {
    keep: String,
    make: String,
    back: String,
}

fn set(index: usize, planned: &PlannedStep, key: &Key, to: &Value) -> Option<Part> {
    match key {
        Key::Registry { hive, path, name } | Key::Policy { hive, path, name } => value(
            index,
            planned,
            &format!(r"{}\{path}", hive.short()),
            name,
            to,
        ),
        Key::CertificateBinding { listener } => value(
            index,
            planned,
            &format!(
                r"HKLM\SYSTEM\CurrentControlSet\Control\Terminal Server\WinStations\{listener}"
            ),
            "SSLCertificateSHA1Hash",
            to,
        ),
        Key::RegistryTree { hive, path } if *to == Value::Absent => {
            let key = quoted(&format!(r"{}\{path}", hive.short()))?;
            Some(Part {
                keep: format!(
                    "reg query {key} >nul 2>&1\n\
                     if errorlevel 1 (echo none>\"%SHELF%\\{index}.none\") else reg export {key} \"%SHELF%\\{index}.was\" /y >nul\n\
                     if not exist \"%SHELF%\\{index}.*\" (echo {}. cannot be kept. Nothing was changed. & exit /b 3)\n",
                    index + 1
                ),
                make: format!(
                    "if exist \"%SHELF%\\{index}.none\" (call :result {index} skipped) else (\n\
                     echo begun>\"%SHELF%\\{index}.begun\"\n\
                     reg query {key} >nul 2>&1 && reg delete {key} /f >nul || ver >nul\n\
                     reg query {key} >nul 2>&1 && goto failed\n\
                     call :result {index} changed\n)\n"
                ),
                back: format!(
                    "if exist \"%SHELF%\\{index}.begun\" (reg import \"%SHELF%\\{index}.was\" >nul 2>&1 && call :result {index} undone || (set \"OUTCOME=partly\" & call :result {index} left))\n"
                ),
            })
        }
        Key::ServiceStart { service } => {
            let Value::Start(start) = to else { return None };
            let only_disabled = match planned.only_if.as_slice() {
                [] => false,
                [
                    Condition::Is {
                        value: Value::Start(Start::Disabled),
                        ..
                    },
                ] => true,
                _ => return None,
            };
            let word = match start {
                Start::Automatic => "auto",
                Start::Delayed => "delayed-auto",
                Start::Manual => "demand",
                Start::Disabled => "disabled",
            };
            let key = quoted(&format!(
                r"HKLM\SYSTEM\CurrentControlSet\Services\{service}"
            ))?;
            let service = quoted(service)?;
            let skip = if only_disabled {
                format!("findstr /c:\"0x4\" \"%SHELF%\\{index}.was\" >nul || ")
            } else {
                "ver >nul & if 1==2 ".to_owned()
            };
            Some(Part {
                keep: format!(
                    "for /f \"tokens=2,3\" %%A in ('reg query {key} /v Start') do if \"%%A\"==\"REG_DWORD\" echo %%B>\"%SHELF%\\{index}.was\"\n\
                     if not exist \"%SHELF%\\{index}.was\" (echo {}. cannot be read. Nothing was changed. & exit /b 3)\n",
                    index + 1
                ),
                make: format!(
                    "{skip}(call :result {index} skipped & goto made{index})\n\
                     echo begun>\"%SHELF%\\{index}.begun\"\n\
                     sc config {service} start= {word} >nul\n\
                     if errorlevel 1 goto failed\n\
                     call :result {index} changed\n:made{index}\n"
                ),
                back: format!(
                    "if not exist \"%SHELF%\\{index}.begun\" goto back{index}\n\
                     set \"WORD=demand\"\n\
                     findstr /c:\"0x2\" \"%SHELF%\\{index}.was\" >nul && set \"WORD=auto\"\n\
                     findstr /c:\"0x4\" \"%SHELF%\\{index}.was\" >nul && set \"WORD=disabled\"\n\
                     sc config {service} start= %WORD% >nul && call :result {index} undone || (set \"OUTCOME=partly\" & call :result {index} left)\n\
                     :back{index}\n"
                ),
            })
        }
        Key::ServiceState { service } => {
            let Value::Switch(on) = to else { return None };
            let service = quoted(service)?;
            let (there, away) = if *on {
                ("start", "stop")
            } else {
                ("stop", "start")
            };
            let same = if *on { "" } else { "not " };
            let yes = |verb: &str| if verb == "stop" { " /y" } else { "" };
            Some(Part {
                // The number of the state is the same in every language.
                keep: format!(
                    "sc query {service} | findstr /r /c:\": 4 \" >nul && echo running>\"%SHELF%\\{index}.was\" || echo stopped>\"%SHELF%\\{index}.none\"\n"
                ),
                make: format!(
                    "if {same}exist \"%SHELF%\\{index}.was\" (call :result {index} already) else (\n\
                     echo begun>\"%SHELF%\\{index}.begun\"\n\
                     net {there} {service}{} >nul || goto failed\n\
                     call :result {index} changed\n)\n",
                    yes(there)
                ),
                back: format!(
                    "if exist \"%SHELF%\\{index}.begun\" (net {away} {service}{} >nul && call :result {index} undone || (set \"OUTCOME=partly\" & call :result {index} left))\n",
                    yes(away)
                ),
            })
        }
        Key::AccessEntry {
            of: Guarded::Path(path),
            sid,
        } => {
            let Value::Access(rights) = to else {
                return None;
            };
            let (folder, name) = path.rsplit_once('\\')?;
            let place = |text: &str| match text.strip_prefix(r"%ProgramData%\") {
                Some(rest) => quoted(rest).map(|rest| rest.replacen('"', "\"%ProgramData%\\", 1)),
                None => quoted(text),
            };
            let (folder, path, _) = (place(folder)?, place(path)?, quoted(name)?);
            let sid = sid
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '-')
                .then_some(sid)?;
            let letters = match rights {
                Rights::Read => "R",
                Rights::ReadAndCreate => "R,W",
                Rights::Full => "F",
            };
            Some(Part {
                keep: format!(
                    "icacls {path} /save \"%SHELF%\\{index}.was\" >nul\n\
                     if errorlevel 1 (echo {}. cannot be read. Nothing was changed. & exit /b 3)\n",
                    index + 1
                ),
                make: format!(
                    "echo begun>\"%SHELF%\\{index}.begun\"\n\
                     icacls {path} /grant *{sid}:({letters}) >nul\n\
                     if errorlevel 1 goto failed\n\
                     call :result {index} changed\n"
                ),
                back: format!(
                    "if exist \"%SHELF%\\{index}.begun\" (icacls {folder} /restore \"%SHELF%\\{index}.was\" >nul && call :result {index} undone || (set \"OUTCOME=partly\" & call :result {index} left))\n"
                ),
            })
        }
        _ => None,
    }
}

/// A value of the registry. What stands there is kept when it is a number or bytes; a text could not be given back
/// safely, so the script stops before it changes one.
fn value(index: usize, planned: &PlannedStep, path: &str, name: &str, to: &Value) -> Option<Part> {
    // The columns of reg query are told apart by blanks.
    if name.is_empty() || name.contains(' ') {
        return None;
    }
    let (key, name) = (quoted(path)?, quoted(name)?);
    let write = match to {
        Value::Absent => format!("reg delete {key} /v {name} /f >nul 2>&1 || ver >nul"),
        Value::Registry(value) => {
            let (kind, data) = match value {
                RegistryValue::Dword(number) => ("REG_DWORD", format!("0x{number:x}")),
                RegistryValue::Qword(number) => ("REG_QWORD", format!("0x{number:x}")),
                RegistryValue::Binary(bytes) => ("REG_BINARY", bytes.to_string()),
                RegistryValue::Text(text) => ("REG_SZ", quoted(text)?),
                RegistryValue::Expand(text) => ("REG_EXPAND_SZ", quoted(text)?),
                RegistryValue::Texts(_) => return None,
            };
            format!("reg add {key} /v {name} /t {kind} /d {data} /f >nul")
        }
        Value::Thumbprint(thumbprint) if thumbprint.chars().all(|c| c.is_ascii_hexdigit()) => {
            format!("reg add {key} /v {name} /t REG_BINARY /d {thumbprint} /f >nul")
        }
        _ => return None,
    };
    let skip = match planned.only_if.as_slice() {
        [] => String::new(),
        [Condition::Present(_)] => format!(
            "if exist \"%SHELF%\\{index}.none\" (call :result {index} skipped & goto made{index})\n"
        ),
        [Condition::Missing(_)] => format!(
            "if exist \"%SHELF%\\{index}.was\" (call :result {index} skipped & goto made{index})\n"
        ),
        _ => return None,
    };
    let number = index + 1;
    Some(Part {
        keep: format!(
            "reg query {key} /v {name} >nul 2>&1\n\
             if errorlevel 1 (echo none>\"%SHELF%\\{index}.none\") else (\n\
             for /f \"tokens=2,3\" %%A in ('reg query {key} /v {name}') do (\n\
             if \"%%A\"==\"REG_DWORD\" echo %%A %%B>\"%SHELF%\\{index}.was\"\n\
             if \"%%A\"==\"REG_QWORD\" echo %%A %%B>\"%SHELF%\\{index}.was\"\n\
             if \"%%A\"==\"REG_BINARY\" echo %%A %%B>\"%SHELF%\\{index}.was\"\n\
             )\n)\n\
             if not exist \"%SHELF%\\{index}.*\" (echo {number}. holds a text, which cmd cannot give back safely: use PowerShell. Nothing was changed. & exit /b 3)\n"
        ),
        make: format!(
            "{skip}echo begun>\"%SHELF%\\{index}.begun\"\n{write}\nif errorlevel 1 goto failed\ncall :result {index} changed\n:made{index}\n"
        ),
        back: format!(
            "if not exist \"%SHELF%\\{index}.begun\" goto back{index}\n\
             if exist \"%SHELF%\\{index}.none\" (reg delete {key} /v {name} /f >nul 2>&1 & ver >nul) else for /f \"usebackq tokens=1,2\" %%A in (\"%SHELF%\\{index}.was\") do reg add {key} /v {name} /t %%A /d %%B /f >nul\n\
             if errorlevel 1 (set \"OUTCOME=partly\" & call :result {index} left) else call :result {index} undone\n\
             :back{index}\n"
        ),
    })
}

fn act(index: usize, action: &Action) -> Option<String> {
    let line = match action {
        Action::RefreshPolicy => "gpupdate /force >nul".to_owned(),
        Action::ForgetNames => "ipconfig /flushdns >nul".to_owned(),
        Action::RegisterNames => "ipconfig /registerdns >nul".to_owned(),
        Action::SyncClock => "w32tm /resync >nul".to_owned(),
        Action::ForgetCredential { target } => format!("cmdkey /delete:{} >nul", quoted(target)?),
        Action::LogOff { session } => format!("logoff {session}"),
        Action::RestartService { service } => {
            let name = quoted(service)?;
            // What depends on it is stopped with it and has to be started again.
            let also = if service == "TermService" {
                "\nnet start UmRdpService >nul 2>&1"
            } else {
                ""
            };
            return Some(format!(
                "net stop {name} /y >nul 2>&1\nnet start {name} >nul\n\
                 if errorlevel 1 (set \"OUTCOME=partly\" & call :result {index} failed) else call :result {index} done{also}\n"
            ));
        }
        Action::Unban { .. } | Action::LookAgain { .. } | Action::AskPerson { .. } => return None,
    };
    let words = remark(&words::step(&Step::Act(action.clone())));
    Some(format!(
        "echo   {}. {words}\n{line}\n\
         if errorlevel 1 (set \"OUTCOME=partly\" & call :result {index} failed) else call :result {index} done\n",
        index + 1
    ))
}

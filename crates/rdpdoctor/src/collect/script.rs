//! The script that collects on a Windows machine.

/// The script. The values that are chosen here are the defaults of its parameters.
pub fn collector(part: Option<u32>, redact: bool) -> String {
    include_str!("collector.ps1")
        .replace("__PART__", &part.unwrap_or(0).to_string())
        .replace("__NO_REDACT__", if redact { "" } else { " = $true" })
        // Windows PowerShell reads a script without a mark in the code page of the machine; it holds ASCII alone.
        .replace('\n', "\r\n")
}

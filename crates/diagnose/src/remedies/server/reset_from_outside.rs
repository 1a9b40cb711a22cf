//! The remedy `server.reset-from-outside`.

use crate::prescription::*;

remedy! {
    /// Reset Remote Desktop through the hypervisor or the cloud.
    ///
    /// # How
    ///
    /// The agent inside a virtual machine takes orders while the network is down. Azure: Reset password, Reset
    /// configuration only (az vm user reset-remote-desktop), or Run Command with a script of this program.
    /// Hyper-V: Enter-PSSession -VMName. VMware: Invoke-VMScript. Prefer a script of the plan for the cause: a
    /// reset changes more than it has to.
    ///
    /// # Sources
    ///
    /// Microsoft Learn: reset Remote Desktop Services or its administrator password in a Windows VM.
    pub static REMEDY = {
        id: "server.reset-from-outside",
        side: Side::Server,
        title: "Reset Remote Desktop through the hypervisor or the cloud",
        risk: Risk::Medium,
        draft: |case| {
            let host = if case.host().is_empty() { "NAME" } else { case.host() };
            ask(
                Machine::Server,
                format!("Look and mend from outside. Azure: az vm run-command invoke -g GROUP -n {host} --command-id RunPowerShellScript --scripts @mend.ps1 (rdpdoctor fix CAUSE --script azure writes it), or az vm user reset-remote-desktop -g GROUP -n {host}, which resets more. Hyper-V: Invoke-Command -VMName {host} -FilePath mend.ps1. VMware: Invoke-VMScript -VM {host} -ScriptText (Get-Content -Raw mend.ps1)."),
                "The agent inside the machine takes orders while its network does not.",
            )
        },
    };
}

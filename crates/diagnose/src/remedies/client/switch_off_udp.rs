//! The remedy `client.switch-off-udp`.

use crate::prescription::*;

remedy! {
    /// Let the client use TCP alone.
    ///
    /// # How
    ///
    /// HKLM\SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services\Client, fClientDisableUDP = 1: the client
    /// no longer tries the side transport over UDP. FreeRDP: -multitransport.
    ///
    /// # Sources
    ///
    /// Microsoft Learn: policy "Turn Off UDP On Client".
    pub static REMEDY = {
        id: "client.switch-off-udp",
        side: Side::Client,
        title: "Let the client use TCP alone",
        risk: Risk::Low,
        draft: |case| if case.client == System::Windows {
            Draft::Steps(vec![on_client(set(
                policy(&format!(r"{POLICY}\Client"), "fClientDisableUDP"),
                dword(1),
                "The client no longer tries UDP, which this path loses. On lossy lines sessions are less smooth over TCP.",
            ))])
        } else {
            ask(
                Machine::Client,
                "Connect with xfreerdp -multitransport.",
                "The client no longer tries UDP, which this path loses.",
            )
        },
    };
}

//! The remedy `server.several-sessions-per-user`.

use crate::prescription::*;

remedy! {
    /// Allow a user more than one session.
    ///
    /// # How
    ///
    /// fSingleSessionPerUser = 0 (policy "Restrict Remote Desktop Services users to a single session"): a second
    /// logon of the same account no longer takes over the first. Only a Windows server has room for it.
    ///
    /// # Sources
    ///
    /// Microsoft Learn: Win32_TerminalServiceSetting.
    pub static REMEDY = {
        id: "server.several-sessions-per-user",
        side: Side::Server,
        title: "Allow a user more than one session",
        risk: Risk::Medium,
        draft: |case| {
            if !case.windows() {
                return Draft::Steps(vec![
                    set(
                        Key::Ini { file: "/etc/xrdp/sesman.ini".to_owned(), section: "Sessions".to_owned(), key: "Policy".to_owned() },
                        Value::Text("Separate".to_owned()),
                        "Every connection gets a session of its own.",
                    ),
                    restart("xrdp-sesman", "The session manager reads the new policy. Sessions that run stay."),
                ]);
            }
            Draft::Steps(local_and_policy(
                TERMINAL,
                "fSingleSessionPerUser",
                0,
                "A second logon of the same account no longer takes over the first. It counts from the next logon on.",
            ))
        },
    };
}

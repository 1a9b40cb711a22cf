//! NTSTATUS and SSPI results that servers answer with during CredSSP ([MS-ERREF] 2.3.1).

use super::macros::codes;

codes! {
    /// An NTSTATUS, or an SSPI HRESULT, as `errorCode` of a TSRequest carries it ([MS-CSSP] 2.2.1).
    NtStatus(u32) {
        STATUS_LOGON_FAILURE = 0xC000_006D, "wrong user name or password";
        STATUS_ACCOUNT_RESTRICTION = 0xC000_006E, "an account restriction forbids the logon";
        STATUS_PASSWORD_EXPIRED = 0xC000_0071, "the password has expired";
        STATUS_ACCOUNT_DISABLED = 0xC000_0072, "the account is disabled";
        STATUS_ACCOUNT_LOCKED_OUT = 0xC000_0234, "the account is locked out";
        SEC_E_UNSUPPORTED_FUNCTION = 0x8009_0302, "the function asked for is not supported";
    }
}

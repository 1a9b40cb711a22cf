//! A logon with NTLM at something that is no RDP server, such as the web server of a gateway: two tokens that prove a
//! password and do not hold it, and the signatures that such a logon gives to what is said after it.

use ironrdp_connector::sspi::{
    self, AuthIdentity, AuthIdentityBuffers, BufferType, ClientRequestFlags, CredentialUse,
    DataRepresentation, Ntlm, SecurityBuffer, SecurityBufferRef, SecurityStatus, Sspi as _,
    SspiImpl as _, Username,
};

use crate::Error;

/// A logon that waits for the challenge of the server.
pub struct NtlmLogon {
    ntlm: Ntlm,
    credentials: Option<AuthIdentityBuffers>,
    service: String,
    asks_for: ClientRequestFlags,
    /// Messages signed, and signatures checked.
    signed: u32,
    checked: u32,
}

/// The bytes of a signature ([MS-NLMP] 2.2.2.9).
///
/// [MS-NLMP]: https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/
pub const SIGNATURE: usize = 16;

impl NtlmLogon {
    /// Begins a logon of this user at a service such as `HTTP/gw.example`, tied to a TLS session by these bindings
    /// (RFC 5929), or to none where they are empty. The token asks for a challenge.
    pub fn begin(
        user: &str,
        password: &str,
        service: &str,
        bindings: &[u8],
    ) -> Result<(Self, Vec<u8>), Error> {
        let nothing = ClientRequestFlags::empty();
        Self::begin_with(user, password, service, bindings, nothing)
    }

    /// Begins a logon that signs what is said after it, as DCE/RPC does at the level of integrity.
    pub fn begin_signing(
        user: &str,
        password: &str,
        service: &str,
    ) -> Result<(Self, Vec<u8>), Error> {
        // Signatures are encrypted with a key that was exchanged, as those of Windows are.
        let asks_for = ClientRequestFlags::INTEGRITY | ClientRequestFlags::USE_DCE_STYLE;
        Self::begin_with(user, password, service, &[], asks_for)
    }

    fn begin_with(
        user: &str,
        password: &str,
        service: &str,
        bindings: &[u8],
        asks_for: ClientRequestFlags,
    ) -> Result<(Self, Vec<u8>), Error> {
        let username = Username::parse(user).map_err(|error| Error::Library {
            at: "the name of the user",
            why: error.to_string(),
        })?;
        let identity = AuthIdentity {
            username,
            password: password.to_owned().into(),
        };
        let mut ntlm = Ntlm::new();
        if !bindings.is_empty() {
            ntlm.set_channel_bindings(bindings);
        }
        let credentials = ntlm
            .acquire_credentials_handle()
            .with_credential_use(CredentialUse::Outbound)
            .with_auth_data(&identity)
            .execute(&mut ntlm)
            .map_err(stopped)?
            .credentials_handle;
        let mut logon = Self {
            ntlm,
            credentials,
            service: service.to_owned(),
            asks_for: asks_for | ClientRequestFlags::ALLOCATE_MEMORY,
            signed: 0,
            checked: 0,
        };
        let token = logon.step(Vec::new())?;
        Ok((logon, token))
    }

    /// The token that answers this challenge.
    pub fn answer(&mut self, challenge: Vec<u8>) -> Result<Vec<u8>, Error> {
        self.step(challenge)
    }

    /// The signature of the next message that is sent.
    pub fn sign(&mut self, message: &[u8]) -> Result<[u8; SIGNATURE], Error> {
        let mut covered = message.to_vec();
        let mut signature = [0; SIGNATURE];
        let mut parts = [
            SecurityBufferRef::data_buf(&mut covered),
            SecurityBufferRef::token_buf(&mut signature),
        ];
        self.ntlm
            .make_signature(0, &mut parts, self.signed)
            .map_err(stopped)?;
        self.signed = self.signed.wrapping_add(1);
        Ok(signature)
    }

    /// Whether this is the server's signature of the next message that came.
    pub fn checks(&mut self, message: &[u8], signature: &[u8]) -> bool {
        let (mut covered, mut signature) = (message.to_vec(), signature.to_vec());
        let mut parts = [
            SecurityBufferRef::data_buf(&mut covered),
            SecurityBufferRef::token_buf(&mut signature),
        ];
        let number = self.checked;
        self.checked = number.wrapping_add(1);
        self.ntlm.verify_signature(&mut parts, number).is_ok()
    }

    fn step(&mut self, token: Vec<u8>) -> Result<Vec<u8>, Error> {
        let mut input = vec![SecurityBuffer::new(token, BufferType::Token)];
        let mut output = vec![SecurityBuffer::new(Vec::new(), BufferType::Token)];
        let mut request = self
            .ntlm
            .initialize_security_context()
            .with_credentials_handle(&mut self.credentials)
            .with_context_requirements(self.asks_for)
            .with_target_data_representation(DataRepresentation::Native)
            .with_target_name(&self.service)
            .with_input(&mut input)
            .with_output(&mut output);
        let status = self
            .ntlm
            .initialize_security_context_impl(&mut request)
            .and_then(|mut steps| steps.resolve_to_result())
            .map_err(stopped)?
            .status;
        let completes = [
            SecurityStatus::CompleteNeeded,
            SecurityStatus::CompleteAndContinue,
        ];
        if completes.contains(&status) {
            self.ntlm
                .complete_auth_token(&mut output)
                .map_err(stopped)?;
        }
        Ok(output
            .into_iter()
            .next()
            .map(|buffer| buffer.buffer)
            .unwrap_or_default())
    }
}

fn stopped(error: sspi::Error) -> Error {
    Error::Library {
        at: "a logon with NTLM",
        why: format!("{:?}", error.error_type),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ironrdp_connector::sspi::{ServerRequestFlags, SspiEx as _};

    #[test]
    fn a_logon_begins_without_the_password() {
        let (mut logon, token) =
            NtlmLogon::begin("CORP\\alice", "tell nobody", "HTTP/gw.test", b"x").unwrap();
        assert!(token.starts_with(b"NTLMSSP\0\x01\0\0\0"), "{token:?}");
        let held: Vec<u8> = "tell nobody"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert!(!token.windows(held.len()).any(|part| part == held));
        assert!(logon.answer(b"no challenge".to_vec()).is_err());
    }

    /// A server of the library's, which knows the user.
    fn answered(server: &mut Ntlm, token: Vec<u8>) -> Vec<u8> {
        let mut input = [SecurityBuffer::new(token, BufferType::Token)];
        let mut output = vec![SecurityBuffer::new(Vec::new(), BufferType::Token)];
        let mut handle = server
            .acquire_credentials_handle()
            .with_credential_use(CredentialUse::Inbound)
            .execute(server)
            .unwrap()
            .credentials_handle;
        let request = server
            .accept_security_context()
            .with_credentials_handle(&mut handle)
            .with_context_requirements(ServerRequestFlags::ALLOCATE_MEMORY)
            .with_target_data_representation(DataRepresentation::Native)
            .with_input(&mut input)
            .with_output(&mut output);
        let _ = server
            .accept_security_context_impl(request)
            .unwrap()
            .resolve_to_result()
            .unwrap();
        output.remove(0).buffer
    }

    #[test]
    fn both_sides_sign_and_check() {
        let (mut logon, token) =
            NtlmLogon::begin_signing("CORP\\alice", "secret", "host/gw.test").unwrap();
        let mut server = Ntlm::new();
        let challenge = answered(&mut server, token);
        let proof = logon.answer(challenge).unwrap();
        let _ = answered(&mut server, proof);
        server
            .custom_set_auth_identity(AuthIdentity {
                username: Username::parse("CORP\\alice").unwrap(),
                password: "secret".to_owned().into(),
            })
            .unwrap();
        server.complete_auth_token(&mut []).unwrap();
        for number in 0..3 {
            let mut message = b"a PDU".to_vec();
            let mut signature = logon.sign(&message).unwrap();
            let mut parts = [
                SecurityBufferRef::data_buf(&mut message),
                SecurityBufferRef::token_buf(&mut signature),
            ];
            server.verify_signature(&mut parts, number).unwrap();
            let mut answer = b"its answer".to_vec();
            let mut signature = [0; SIGNATURE];
            let mut parts = [
                SecurityBufferRef::data_buf(&mut answer),
                SecurityBufferRef::token_buf(&mut signature),
            ];
            server.make_signature(0, &mut parts, number).unwrap();
            assert!(logon.checks(b"its answer", &signature), "{number}");
        }
        assert!(!logon.checks(b"its answer", &[0; SIGNATURE]));
        assert!(!logon.checks(b"its answer", b"short"));
    }

    #[test]
    fn nothing_is_signed_before_the_logon() {
        let (mut logon, _) = NtlmLogon::begin_signing("alice", "secret", "host/gw.test").unwrap();
        assert!(logon.sign(b"a PDU").is_err());
        assert!(!logon.checks(b"a PDU", &[0; SIGNATURE]));
    }
}

//! A logon with NTLM at something that is no RDP server, such as the web server of a gateway: two tokens that prove a
//! password and do not hold it.

use ironrdp_connector::sspi::{
    self, AuthIdentity, AuthIdentityBuffers, BufferType, ClientRequestFlags, CredentialUse,
    DataRepresentation, Ntlm, SecurityBuffer, SecurityStatus, Sspi as _, SspiImpl as _, Username,
};

use crate::Error;

/// A logon that waits for the challenge of the server.
pub struct NtlmLogon {
    ntlm: Ntlm,
    credentials: Option<AuthIdentityBuffers>,
    service: String,
}

impl NtlmLogon {
    /// Begins a logon of this user at a service such as `HTTP/gw.example`, tied to a TLS session by these bindings
    /// (RFC 5929), or to none where they are empty. The token asks for a challenge.
    pub fn begin(
        user: &str,
        password: &str,
        service: &str,
        bindings: &[u8],
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
        };
        let token = logon.step(Vec::new())?;
        Ok((logon, token))
    }

    /// The token that answers this challenge.
    pub fn answer(&mut self, challenge: Vec<u8>) -> Result<Vec<u8>, Error> {
        self.step(challenge)
    }

    fn step(&mut self, token: Vec<u8>) -> Result<Vec<u8>, Error> {
        let mut input = vec![SecurityBuffer::new(token, BufferType::Token)];
        let mut output = vec![SecurityBuffer::new(Vec::new(), BufferType::Token)];
        let mut request = self
            .ntlm
            .initialize_security_context()
            .with_credentials_handle(&mut self.credentials)
            .with_context_requirements(ClientRequestFlags::ALLOCATE_MEMORY)
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
}

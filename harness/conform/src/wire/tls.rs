//! TLS: whom to believe, and what a failed handshake means.

use std::{io, path::PathBuf, sync::Arc};

use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject};
use thiserror::Error;

use super::{CertificateProblem, WireError};
use crate::target::{Target, Trust};

/// Why the user's wishes about TLS cannot be met.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TrustError {
    /// The file cannot be read.
    #[error("the certificates in {}: {problem}", .path.display())]
    Authorities {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// There is no certificate in the file.
    #[error("{} holds no certificate in PEM form (`-----BEGIN CERTIFICATE-----`)", .0.display())]
    NoCertificate(PathBuf),
    /// No certificate can carry this name.
    #[error("`{0}` cannot be the name in a certificate: see `--servername`")]
    ServerName(String),
    /// The cryptography is not there.
    #[error("TLS cannot be set up: {0}")]
    Setup(String),
}

pub(super) fn config(trust: &Trust) -> Result<Arc<ClientConfig>, TrustError> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|error| TrustError::Setup(error.to_string()))?;
    let config = match trust {
        Trust::System => builder.with_root_certificates(system_authorities()),
        Trust::Authorities(path) => builder.with_root_certificates(authorities_in(path)?),
        Trust::Anything => {
            builder.dangerous().with_custom_certificate_verifier(Arc::new(Credulous { provider }))
        }
    };
    Ok(Arc::new(config.with_no_client_auth()))
}

pub(super) fn server_name(target: &Target) -> Result<ServerName<'static>, TrustError> {
    let name = target.server_name();
    ServerName::try_from(name.to_owned()).map_err(|_| TrustError::ServerName(name.to_owned()))
}

/// What a failed handshake says about the server.
pub(super) fn handshake_error(error: &io::Error) -> WireError {
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match tls {
        Some(rustls::Error::InvalidCertificate(problem)) => {
            WireError::Certificate(certificate_problem(problem))
        }
        Some(rustls::Error::InvalidMessage(_)) => WireError::NotTls,
        Some(error) => WireError::TlsFailed(error.to_string()),
        None if error.kind() == io::ErrorKind::UnexpectedEof => WireError::Closed,
        None => WireError::Broken(error.to_string()),
    }
}

fn certificate_problem(problem: &CertificateError) -> CertificateProblem {
    match problem {
        CertificateError::UnknownIssuer => CertificateProblem::UnknownIssuer,
        CertificateError::BadSignature => CertificateProblem::NotSigned,
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            CertificateProblem::Expired
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            CertificateProblem::NotValidYet
        }
        CertificateError::NotValidForNameContext { expected, presented } => {
            CertificateProblem::WrongName {
                wanted: expected.to_str().into_owned(),
                presented: match presented.as_slice() {
                    [] => "nor for any name".to_owned(),
                    names => format!(
                        "but for {}",
                        names.iter().map(|name| bare(name)).collect::<Vec<_>>().join(", ")
                    ),
                },
            }
        }
        CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
            CertificateProblem::Authority
        }
        other => CertificateProblem::Other(other.to_string()),
    }
}

/// The name in `DnsName("…")`, which is how rustls writes it.
fn bare(name: &str) -> &str {
    name.split('"').nth(1).unwrap_or(name)
}

/// The system's authorities. Where there are none every certificate has an unknown issuer, and
/// that error says what to do.
fn system_authorities() -> RootCertStore {
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    store
}

fn authorities_in(path: &PathBuf) -> Result<RootCertStore, TrustError> {
    let unreadable = |problem: String| TrustError::Authorities { path: path.clone(), problem };
    let mut store = RootCertStore::empty();
    let certificates =
        CertificateDer::pem_file_iter(path).map_err(|error| unreadable(error.to_string()))?;
    for certificate in certificates {
        let certificate = certificate.map_err(|error| unreadable(error.to_string()))?;
        store.add(certificate).map_err(|error| unreadable(error.to_string()))?;
    }
    if store.is_empty() { Err(TrustError::NoCertificate(path.clone())) } else { Ok(store) }
}

/// Believes any certificate, and still checks that the server has its key: `--insecure`.
#[derive(Debug)]
struct Credulous {
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Credulous {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

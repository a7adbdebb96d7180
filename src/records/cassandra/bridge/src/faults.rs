//! What the driver's many errors come down to.

use crate::ffi::{Fault, Outcome};
use scylla::errors::{
    BrokenConnectionErrorKind, ConnectionError, ConnectionPoolError,
    ConnectionSetupRequestErrorKind, DbError, ExecutionError, FrameHeaderParseError, MetadataError,
    NewSessionError, PrepareError, RequestAttemptError,
};

impl Outcome {
    pub fn fault(fault: Fault, message: impl std::fmt::Display) -> Self {
        // One line, whatever the cluster said.
        let message = message.to_string().replace(['\n', '\r'], " ");
        Outcome { fault, message, columns: 0, values: Vec::new() }
    }

    pub fn success() -> Self {
        Outcome::fault(Fault::None, "")
    }
}

impl Fault {
    /// May the same request do later?
    pub fn passes(self) -> bool {
        matches!(self, Fault::Unreachable | Fault::Failed | Fault::TimedOut)
    }
}

fn of_database(error: &DbError) -> Fault {
    match error {
        DbError::Unavailable { .. } | DbError::Overloaded | DbError::IsBootstrapping => {
            Fault::Unreachable
        }
        DbError::ReadTimeout { .. } | DbError::WriteTimeout { .. } => Fault::TimedOut,
        DbError::SyntaxError
        | DbError::Invalid
        | DbError::AlreadyExists { .. }
        | DbError::AuthenticationError
        | DbError::Unauthorized
        | DbError::ConfigError
        | DbError::ProtocolError => Fault::Refused,
        _ => Fault::Failed,
    }
}

fn of_attempt(error: &RequestAttemptError) -> Fault {
    match error {
        RequestAttemptError::DbError(error, _) => of_database(error),
        RequestAttemptError::SerializationError(_)
        | RequestAttemptError::CqlRequestSerialization(_) => Fault::Refused,
        RequestAttemptError::UnableToAllocStreamId => Fault::Unreachable,
        _ => Fault::Failed,
    }
}

fn of_preparing(error: &PrepareError) -> Fault {
    match error {
        PrepareError::ConnectionPoolError(_) => Fault::Unreachable,
        PrepareError::AllAttemptsFailed { first_attempt } => of_attempt(first_attempt),
        _ => Fault::Failed,
    }
}

fn of_execution(error: &ExecutionError) -> Fault {
    match error {
        ExecutionError::BadQuery(_) => Fault::Refused,
        ExecutionError::PrepareError(error) => of_preparing(error),
        ExecutionError::ConnectionPoolError(_) | ExecutionError::EmptyPlan => Fault::Unreachable,
        ExecutionError::LastAttemptError(error) => of_attempt(error),
        ExecutionError::RequestTimeout(_) => Fault::TimedOut,
        _ => Fault::Failed,
    }
}

/// A pool without a connection: in the words of what its last one met. It may pass: others may be
/// let in, and a password is set right without our doing.
fn of_pool(error: &ConnectionPoolError) -> Outcome {
    let message = match error {
        ConnectionPoolError::Broken { last_connection_error } => {
            of_connection(last_connection_error, None).message
        }
        _ => error.to_string(),
    };
    Outcome::fault(Fault::Unreachable, message)
}

impl From<ExecutionError> for Outcome {
    fn from(error: ExecutionError) -> Self {
        match &error {
            ExecutionError::ConnectionPoolError(pool)
            | ExecutionError::PrepareError(PrepareError::ConnectionPoolError(pool)) => {
                of_pool(pool)
            }
            _ => Outcome::fault(of_execution(&error), error),
        }
    }
}

impl From<PrepareError> for Outcome {
    fn from(error: PrepareError) -> Self {
        match &error {
            PrepareError::ConnectionPoolError(pool) => of_pool(pool),
            _ => Outcome::fault(of_preparing(&error), error),
        }
    }
}

impl Outcome {
    /// Why there is no session; with what OpenSSL found wrong with the node's certificate.
    pub fn of_connecting(error: &NewSessionError, distrust: Option<String>) -> Self {
        match error {
            NewSessionError::IllegalConfig(_) => Outcome::fault(Fault::Senseless, error),
            NewSessionError::MetadataError(MetadataError::ConnectionPoolError(
                ConnectionPoolError::Broken { last_connection_error, .. },
            )) => of_connection(last_connection_error, distrust.as_deref()),
            _ => Outcome::fault(Fault::Unreachable, error),
        }
    }
}

/// Did a node take the connection and break it off at the first word?
pub fn is_broken_off(error: &NewSessionError) -> bool {
    let NewSessionError::MetadataError(MetadataError::ConnectionPoolError(
        ConnectionPoolError::Broken {
            last_connection_error: ConnectionError::ConnectionSetupRequestError(setup),
            ..
        },
    )) = error
    else {
        return false;
    };
    matches!(setup.get_error(), ConnectionSetupRequestErrorKind::BrokenConnection(_))
}

const CREDENTIALS: &str = "they come from user= and password_file= in the URL, or from \
     LONGHAND_CASSANDRA_USER and LONGHAND_CASSANDRA_PASSWORD";
pub const AUTHORITIES: &str =
    "ca=FILE names the authority that signed its certificate, where that is none of the system's";
pub const CERTIFICATE: &str = "a file in PEM begins with -----BEGIN CERTIFICATE-----";

/// How a connection failed: in words that say what would be right where a node refuses us or we it.
fn of_connection(error: &ConnectionError, distrust: Option<&str>) -> Outcome {
    if let Some(outcome) = tls_reason(error).and_then(|reason| of_tls(&reason, distrust)) {
        return outcome;
    }
    let ConnectionError::ConnectionSetupRequestError(setup) = error else {
        return Outcome::fault(Fault::Unreachable, error);
    };
    let refusal = match setup.get_error() {
        ConnectionSetupRequestErrorKind::MissingAuthentication => {
            "Cassandra asks for a user and a password, and there are none".to_owned()
        }
        // It says the same where the node can't read its table of users just then.
        ConnectionSetupRequestErrorKind::DbError(DbError::AuthenticationError, text)
            if !text.starts_with("Unable to perform") =>
        {
            format!("Cassandra refuses the user or the password: {text}")
        }
        _ => return Outcome::fault(Fault::Unreachable, error),
    };
    Outcome::fault(Fault::Refused, format!("{refusal}; {CREDENTIALS}"))
}

/// What OpenSSL says, if it was TLS that failed.
fn tls_reason(error: &ConnectionError) -> Option<String> {
    let setup = match error {
        ConnectionError::IoError(error) => return openssl_reason(error),
        ConnectionError::ConnectionSetupRequestError(setup) => setup,
        _ => return None,
    };
    // With TLS 1.3 a node refuses us only when we think that all is done.
    let ConnectionSetupRequestErrorKind::BrokenConnection(broken) = setup.get_error() else {
        return None;
    };
    match broken.downcast_ref::<BrokenConnectionErrorKind>()? {
        BrokenConnectionErrorKind::FrameHeaderParseError(FrameHeaderParseError::HeaderIoError(
            error,
        ))
        | BrokenConnectionErrorKind::WriteError(error) => openssl_reason(error),
        _ => None,
    }
}

pub fn openssl_reason(error: &std::io::Error) -> Option<String> {
    reason_of(error.get_ref()?.downcast_ref::<openssl::ssl::Error>()?)
}

pub fn reason_of(error: &openssl::ssl::Error) -> Option<String> {
    let reasons = error.ssl_error()?.errors().iter().filter_map(|error| error.reason());
    Some(reasons.last().unwrap_or("without a reason").to_owned())
}

/// None where TLS broke off as any connection may.
pub fn of_tls(reason: &str, distrust: Option<&str>) -> Option<Outcome> {
    let (fault, message) = if reason.contains("certificate verify failed") {
        let distrust = distrust.unwrap_or(reason);
        let wanted = format!("it must name the node's address, and {AUTHORITIES}");
        (Fault::Refused, format!("Cassandra's certificate is not trusted: {distrust}; {wanted}"))
    } else if reason.contains("certificate required") {
        let wanted = "cert=FILE and key=FILE name it";
        (Fault::Refused, format!("Cassandra asks for a client's certificate; {wanted}"))
    } else if reason.contains("alert") {
        let wanted =
            "where it asks for a client's certificate, that of cert=FILE must be signed by \
                      an authority that it trusts";
        (Fault::Refused, format!("Cassandra ends TLS ({reason}); {wanted}"))
    } else if reason.contains("wrong version number") {
        (
            Fault::Senseless,
            "Cassandra doesn't speak TLS there: tls=1 is for nodes that do".to_owned(),
        )
    } else {
        return None;
    };
    Some(Outcome::fault(fault, message))
}

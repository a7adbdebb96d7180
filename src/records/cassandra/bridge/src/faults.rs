//! What the driver's many errors come down to.

use crate::ffi::{Fault, Outcome};
use scylla::errors::{DbError, ExecutionError, NewSessionError, PrepareError, RequestAttemptError};

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

impl From<ExecutionError> for Outcome {
    fn from(error: ExecutionError) -> Self {
        Outcome::fault(of_execution(&error), error)
    }
}

impl From<PrepareError> for Outcome {
    fn from(error: PrepareError) -> Self {
        Outcome::fault(of_preparing(&error), error)
    }
}

impl From<NewSessionError> for Outcome {
    fn from(error: NewSessionError) -> Self {
        // The driver buries a refused password in the text of a broken pool.
        let text = error.to_string();
        let refused = matches!(error, NewSessionError::IllegalConfig(_))
            || text.contains("Authentication failed")
            || text.contains("uthentication is required")
            || text.contains("certificate verify failed");
        Outcome::fault(if refused { Fault::Refused } else { Fault::Unreachable }, text)
    }
}

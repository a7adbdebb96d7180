//! What is sent to the cluster, and sent again.

use crate::ffi::{Bound, Fault, Outcome};
use crate::values::Values;
use scylla::client::session::Session;
use scylla::errors::ExecutionError;
use scylla::response::query_result::QueryResult;
use scylla::statement::batch::{Batch, BatchType};
use scylla::statement::bound::BoundStatement;
use scylla::statement::prepared::PreparedStatement;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::time::Instant;

const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

pub enum Request {
    One(BoundStatement),
    Several(Batch, Vec<Values<Vec<u8>>>),
}

impl Request {
    pub fn new(prepared: &[PreparedStatement], bound: &[Bound]) -> Result<Self, Outcome> {
        let statement_of = |bound: &Bound| {
            let found = prepared.get(bound.statement).cloned();
            found.ok_or_else(|| Outcome::fault(Fault::Refused, "there is no such statement"))
        };
        if let [one] = bound {
            return match statement_of(one)?.bind(&Values(one.values)) {
                Ok(bound) => Ok(Request::One(bound)),
                Err(error) => Err(Outcome::fault(Fault::Refused, error)),
            };
        }
        let mut batch = Batch::new(BatchType::Logged);
        batch.set_is_idempotent(true);
        for one in bound {
            let statement = statement_of(one)?;
            batch.set_is_idempotent(batch.get_is_idempotent() && statement.get_is_idempotent());
            batch.append_statement(statement);
        }
        let values = bound.iter().map(|one| Values(one.values.to_vec())).collect();
        Ok(Request::Several(batch, values))
    }

    fn is_idempotent(&self) -> bool {
        match self {
            Request::One(bound) => bound.prepared().get_is_idempotent(),
            Request::Several(batch, _) => batch.get_is_idempotent(),
        }
    }

    async fn attempt(&self, session: &Session) -> Result<QueryResult, ExecutionError> {
        match self {
            Request::One(bound) => session.execute_bound_unpaged(bound).await,
            Request::Several(batch, values) => session.batch(batch, values).await,
        }
    }

    /// The driver gives up on a request after its attempts, and on a write after a timeout at once.
    /// All that is tried here again is safe to be applied twice, or was surely not applied.
    pub async fn run_until(
        &self,
        session: &Session,
        deadline: Instant,
        retries: &AtomicU64,
    ) -> Outcome {
        let mut pause = FIRST_PAUSE;
        let mut reason = "no answer before the deadline".to_owned();
        loop {
            let attempt = self.attempt(session);
            let outcome: Outcome = match tokio::time::timeout_at(deadline, attempt).await {
                Ok(Ok(result)) => return result.into(),
                Ok(Err(error)) => error.into(),
                // What the attempt before met says more.
                Err(_) => return Outcome::fault(Fault::TimedOut, reason),
            };
            let again = outcome.fault == Fault::Unreachable
                || (self.is_idempotent() && outcome.fault.passes());
            if !again || Instant::now() + pause >= deadline {
                return outcome;
            }
            retries.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
            reason = outcome.message;
        }
    }
}

//! A session of the driver's, its runtime and its prepared statements.

use crate::connect;
use crate::ffi::{Bound, Config, Fault, Outcome};
use crate::request::Request;
use scylla::client::session::Session;
use scylla::statement::prepared::PreparedStatement;
use scylla::statement::unprepared::Statement;
use std::future::{poll_fn, Future};
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, RwLock};
use std::task::Poll;
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::time::Instant;

/// How long a client that is closed waits for its thread.
const CLOSING: Duration = Duration::from_secs(2);
/// How long what must still be said may take after the client was cancelled.
const PARTING: Duration = Duration::from_secs(1);

pub struct Client {
    runtime: Option<Runtime>, // always there, but for the destructor
    session: OnceLock<Arc<Session>>,
    statements: RwLock<Vec<PreparedStatement>>,
    retries: Arc<AtomicU64>,
    cancelled: watch::Sender<bool>,
}

impl Client {
    pub fn new() -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("cassandra")
            .enable_all()
            .build()?;
        Ok(Client {
            runtime: Some(runtime),
            session: OnceLock::new(),
            statements: RwLock::new(Vec::new()),
            retries: Arc::new(AtomicU64::new(0)),
            cancelled: watch::Sender::new(false),
        })
    }

    fn runtime(&self) -> &Runtime {
        self.runtime.as_ref().expect("a client that lives has a runtime")
    }

    pub fn connect(&self, config: &Config) -> Outcome {
        let patience = Duration::from_millis(config.connect_ms);
        self.block_on(Duration::ZERO, async {
            match tokio::time::timeout(patience, connect::open(config)).await {
                Ok(Ok(session)) => {
                    let first = self.session.set(Arc::new(session)).is_ok();
                    assert!(first, "a client connects once");
                    Outcome::success()
                }
                Ok(Err(outcome)) => outcome,
                Err(_) => Outcome::fault(Fault::Unreachable, "no node answered in time"),
            }
        })
    }

    pub fn cancel(&self) {
        self.cancelled.send_replace(true);
    }

    fn block_on(&self, grace: Duration, work: impl Future<Output = Outcome>) -> Outcome {
        self.runtime().block_on(unless_cancelled(self.cancelled.subscribe(), grace, work))
    }

    /// Blocks on what `ask` does with the session.
    fn ask<F: Future<Output = Outcome>>(
        &self,
        grace: Duration,
        ask: impl FnOnce(Arc<Session>) -> F,
    ) -> Outcome {
        match self.session.get() {
            Some(session) => self.block_on(grace, ask(session.clone())),
            None => not_connected(),
        }
    }

    pub fn query(&self, cql: &str, patience_ms: u64, parting: bool) -> Outcome {
        let mut statement = Statement::new(cql);
        statement.set_request_timeout(Some(Duration::from_millis(patience_ms)));
        let grace = if parting { PARTING } else { Duration::ZERO };
        self.ask(grace, |session| async move {
            match session.query_unpaged(statement, ()).await {
                Ok(result) => result.into(),
                Err(error) => error.into(),
            }
        })
    }

    pub fn prepare(&self, cql: &str, idempotent: bool, number: &mut usize) -> Outcome {
        self.ask(Duration::ZERO, |session| async move {
            match session.prepare(cql).await {
                Ok(mut statement) => {
                    statement.set_is_idempotent(idempotent);
                    let mut all = self.statements.write().unwrap_or_else(|e| e.into_inner());
                    *number = all.len();
                    all.push(statement);
                    Outcome::success()
                }
                Err(error) => error.into(),
            }
        })
    }

    pub fn await_schema(&self) -> Outcome {
        self.ask(Duration::ZERO, |session| async move {
            match session.await_schema_agreement().await {
                Ok(_) => Outcome::success(),
                Err(error) => Outcome::fault(Fault::TimedOut, error),
            }
        })
    }

    /// See `execute` of the bridge. `told` may be dropped without a call where the runtime ends
    /// first.
    pub fn start(
        &self,
        bound: &[Bound],
        deadline_ms: u64,
        told: impl FnOnce(Outcome) + Send + 'static,
    ) {
        let Some(session) = self.session.get().cloned() else {
            return told(not_connected());
        };
        let request = match self.request(bound) {
            Ok(request) => request,
            Err(outcome) => return told(outcome),
        };
        let deadline = Instant::now() + Duration::from_millis(deadline_ms);
        let retries = self.retries.clone();
        let cancelled = self.cancelled.subscribe();
        self.runtime().spawn(async move {
            let work = request.run_until(&session, deadline, &retries);
            told(unless_cancelled(cancelled, Duration::ZERO, work).await);
        });
    }

    fn request(&self, bound: &[Bound]) -> Result<Request, Outcome> {
        let all = self.statements.read().unwrap_or_else(|e| e.into_inner());
        Request::new(&all, bound)
    }

    pub fn retries(&self) -> u64 {
        self.retries.load(Ordering::Relaxed)
    }
}

impl Drop for Client {
    // Requests under way are dropped with the runtime, and their completions report it.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(CLOSING);
        }
    }
}

fn not_connected() -> Outcome {
    Outcome::fault(Fault::Unreachable, "no connection to the cluster yet")
}

/// What `work` comes to, unless the client is cancelled and `grace` has passed since.
async fn unless_cancelled(
    mut cancelled: watch::Receiver<bool>,
    grace: Duration,
    work: impl Future<Output = Outcome>,
) -> Outcome {
    let end = async move {
        // An error: the client itself is gone.
        let _ = cancelled.wait_for(|cancelled| *cancelled).await;
        tokio::time::sleep(grace).await;
        Outcome::fault(Fault::Cancelled, "the store was closed first")
    };
    let (mut work, mut end) = (pin!(work), pin!(end));
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Pending => end.as_mut().poll(context),
        done => done,
    })
    .await
}

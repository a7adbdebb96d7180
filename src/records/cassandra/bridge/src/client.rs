//! A session of the driver's, its runtime and its prepared statements.

use crate::ffi::{Config, Fault, Outcome};
use crate::values::Bound;
use openssl::ssl::{SslContext, SslContextBuilder, SslFiletype, SslMethod, SslVerifyMode};
use scylla::client::execution_profile::ExecutionProfile;
use scylla::client::session::Session;
use scylla::client::session_builder::SessionBuilder;
use scylla::frame::types::Consistency;
use scylla::policies::retry::DefaultRetryPolicy;
use scylla::policies::speculative_execution::SimpleSpeculativeExecutionPolicy;
use scylla::statement::bound::BoundStatement;
use scylla::statement::prepared::PreparedStatement;
use scylla::statement::unprepared::Statement;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, RwLock};
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::time::Instant;

/// How long a client that is closed waits for its thread.
const CLOSING: Duration = Duration::from_secs(2);
const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);
const KEEPALIVE: Duration = Duration::from_secs(2);

pub struct Client {
    runtime: Option<Runtime>, // always there, but for the destructor
    session: OnceLock<Arc<Session>>,
    statements: RwLock<Vec<PreparedStatement>>,
    retries: Arc<AtomicU64>,
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
        })
    }

    fn runtime(&self) -> &Runtime {
        self.runtime.as_ref().expect("a client that lives has a runtime")
    }

    pub fn connect(&self, config: &Config) -> Outcome {
        let builder = match builder(config) {
            Ok(builder) => builder,
            Err(message) => return Outcome::fault(Fault::Refused, message),
        };
        let patience = Duration::from_millis(config.connect_ms);
        let connected = self
            .runtime()
            .block_on(async { tokio::time::timeout(patience, builder.build()).await });
        match connected {
            Ok(Ok(session)) => {
                let first = self.session.set(Arc::new(session)).is_ok();
                assert!(first, "a client connects once");
                Outcome::success()
            }
            Ok(Err(error)) => error.into(),
            Err(_) => Outcome::fault(Fault::Unreachable, "no node answered in time"),
        }
    }

    /// Blocks on what `ask` does with the session.
    fn ask<F: Future<Output = Outcome>>(&self, ask: impl FnOnce(Arc<Session>) -> F) -> Outcome {
        match self.session.get() {
            Some(session) => self.runtime().block_on(ask(session.clone())),
            None => not_connected(),
        }
    }

    pub fn query(&self, cql: &str, patience_ms: u64) -> Outcome {
        let mut statement = Statement::new(cql);
        statement.set_request_timeout(Some(Duration::from_millis(patience_ms)));
        self.ask(|session| async move {
            match session.query_unpaged(statement, ()).await {
                Ok(result) => result.into(),
                Err(error) => error.into(),
            }
        })
    }

    pub fn prepare(&self, cql: &str, idempotent: bool, number: &mut usize) -> Outcome {
        self.ask(|session| async move {
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
        self.ask(|session| async move {
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
        statement: usize,
        values: &[u8],
        deadline_ms: u64,
        told: impl FnOnce(Outcome) + Send + 'static,
    ) {
        let Some(session) = self.session.get().cloned() else {
            return told(not_connected());
        };
        let bound = match self.bind(statement, values) {
            Ok(bound) => bound,
            Err(outcome) => return told(outcome),
        };
        let deadline = Instant::now() + Duration::from_millis(deadline_ms);
        let retries = self.retries.clone();
        self.runtime().spawn(async move {
            told(run_until(&session, &bound, deadline, &retries).await);
        });
    }

    fn bind(&self, statement: usize, values: &[u8]) -> Result<BoundStatement, Outcome> {
        let all = self.statements.read().unwrap_or_else(|e| e.into_inner());
        let statement = all
            .get(statement)
            .cloned()
            .ok_or_else(|| Outcome::fault(Fault::Refused, "there is no such statement"))?;
        drop(all);
        statement
            .bind(&Bound(values))
            .map_err(|error| Outcome::fault(Fault::Refused, error))
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

/// The driver gives up on a request after its attempts, and on a write after a timeout at once. All
/// that is tried here again is safe to be applied twice, or was surely not applied.
async fn run_until(
    session: &Session,
    bound: &BoundStatement,
    deadline: Instant,
    retries: &AtomicU64,
) -> Outcome {
    let mut pause = FIRST_PAUSE;
    loop {
        let attempt = session.execute_bound_unpaged(bound);
        let outcome: Outcome = match tokio::time::timeout_at(deadline, attempt).await {
            Ok(Ok(result)) => return result.into(),
            Ok(Err(error)) => error.into(),
            Err(_) => return Outcome::fault(Fault::TimedOut, "no answer before the deadline"),
        };
        let again = outcome.fault == Fault::Unreachable
            || (bound.prepared().get_is_idempotent() && outcome.fault.passes());
        if !again || Instant::now() + pause >= deadline {
            return outcome;
        }
        retries.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

fn consistency(name: &str) -> Option<Consistency> {
    Some(match name {
        "one" => Consistency::One,
        "two" => Consistency::Two,
        "three" => Consistency::Three,
        "quorum" => Consistency::Quorum,
        "all" => Consistency::All,
        "local_quorum" => Consistency::LocalQuorum,
        "local_one" => Consistency::LocalOne,
        _ => return None,
    })
}

fn tls(config: &Config) -> Result<SslContext, openssl::error::ErrorStack> {
    let mut builder = SslContextBuilder::new(SslMethod::tls_client())?;
    if config.ca_file.is_empty() {
        builder.set_default_verify_paths()?;
    } else {
        builder.set_ca_file(&config.ca_file)?;
    }
    if !config.certificate_file.is_empty() {
        builder.set_certificate_chain_file(&config.certificate_file)?;
        builder.set_private_key_file(&config.key_file, SslFiletype::PEM)?;
    }
    builder.set_verify(SslVerifyMode::PEER);
    Ok(builder.build())
}

fn builder(config: &Config) -> Result<SessionBuilder, String> {
    let consistency = consistency(&config.consistency)
        .ok_or_else(|| format!("there is no consistency \"{}\"", config.consistency))?;
    let profile = ExecutionProfile::builder()
        .consistency(consistency)
        .request_timeout(Some(Duration::from_millis(config.attempt_ms)))
        .retry_policy(Arc::new(DefaultRetryPolicy::new()))
        // A node that hangs must not make those wait whom another could answer.
        .speculative_execution_policy(Some(Arc::new(SimpleSpeculativeExecutionPolicy {
            max_retry_count: 1,
            retry_interval: Duration::from_millis(config.speculate_ms),
        })))
        .build();
    let mut builder = SessionBuilder::new()
        .known_nodes(&config.hosts)
        .default_execution_profile_handle(profile.into_handle())
        .connection_timeout(Duration::from_millis(config.connect_ms))
        .keyspaces_to_fetch([config.keyspace.as_str()])
        .fetch_full_schema_metadata(false)
        .keepalive_interval(KEEPALIVE)
        .keepalive_timeout(KEEPALIVE)
        .schema_agreement_timeout(Duration::from_secs(30));
    if !config.datacenter.is_empty() {
        builder = builder.prefer_datacenter(config.datacenter.clone());
    }
    if !config.user.is_empty() {
        builder = builder.user(&config.user, &config.password);
    }
    if config.tls {
        let context = tls(config).map_err(|error| format!("TLS: {error}"))?;
        builder = builder.tls_context(Some(context));
    }
    Ok(builder)
}

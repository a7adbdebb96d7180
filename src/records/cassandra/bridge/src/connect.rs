//! Opening a session, and saying what is wrong where that can't be.

use crate::faults::{is_broken_off, of_tls, openssl_reason, reason_of, AUTHORITIES, CERTIFICATE};
use crate::ffi::{Config, Fault, Outcome};
use openssl::error::ErrorStack;
use openssl::pkey::PKey;
use openssl::ssl::{Ssl, SslContext, SslContextBuilder, SslFiletype, SslMethod, SslVerifyMode};
use scylla::client::execution_profile::ExecutionProfile;
use scylla::client::session::Session;
use scylla::client::session_builder::SessionBuilder;
use scylla::frame::types::Consistency;
use scylla::policies::retry::DefaultRetryPolicy;
use scylla::policies::speculative_execution::SimpleSpeculativeExecutionPolicy;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_openssl::SslStream;

const KEEPALIVE: Duration = Duration::from_secs(2);
/// No node is given up sooner, however many there are to be tried.
const SHORTEST_TRY: Duration = Duration::from_secs(2);
const PROBING: Duration = Duration::from_secs(2);
/// With TLS 1.3 a node refuses us after the handshake is done for us; one that takes us is silent.
const SAYING_NO: Duration = Duration::from_millis(500);
const CQL_PORT: u16 = 9042;

/// What OpenSSL last found wrong with a node's certificate: its error says only that something is.
pub type Distrust = Arc<Mutex<Option<String>>>;

/// A session with the first node that gives one, or what is wrong. Where one node refuses and
/// another doesn't answer, the refusal is told: it is what waiting won't mend.
pub async fn open(config: &Config) -> Result<Session, Outcome> {
    let first = match attempt(config, &config.hosts).await {
        Ok(session) => return Ok(session),
        Err(outcome) => outcome,
    };
    // The driver asks the nodes in an order of its own and tells the last one's error only.
    if first.fault == Fault::Unreachable && config.hosts.len() > 1 {
        for host in &config.hosts {
            match attempt(config, std::slice::from_ref(host)).await {
                Ok(session) => return Ok(session),
                Err(other) if other.fault != Fault::Unreachable => return Err(other),
                Err(_) => {}
            }
        }
    }
    Err(first)
}

async fn attempt(config: &Config, hosts: &[String]) -> Result<Session, Outcome> {
    let distrust = Distrust::default();
    let builder = builder(config, hosts, &distrust)
        .map_err(|message| Outcome::fault(Fault::Senseless, message))?;
    let session = match builder.build().await {
        Ok(session) => session,
        Err(error) => {
            let distrust = distrust.lock().unwrap_or_else(|e| e.into_inner()).take();
            if is_broken_off(&error) {
                if let Some(outcome) = look_closer(config, hosts).await {
                    return Err(outcome);
                }
            }
            return Err(Outcome::of_connecting(&error, distrust));
        }
    };
    check_datacenter(&session, &config.datacenter)?;
    Ok(session)
}

/// With a data centre that isn't there the driver has no node for any request.
fn check_datacenter(session: &Session, wanted: &str) -> Result<(), Outcome> {
    let state = session.get_cluster_state();
    let names = state.get_nodes_info().iter().filter_map(|node| node.datacenter.as_deref());
    let there: std::collections::BTreeSet<&str> = names.collect();
    if wanted.is_empty() || there.is_empty() || there.contains(wanted) {
        return Ok(());
    }
    let there = there.into_iter().collect::<Vec<_>>().join(", ");
    let message = format!("dc={wanted}: the cluster has no such data centre; there is {there}");
    Err(Outcome::fault(Fault::Senseless, message))
}

/// Nodes cut off without a word who doesn't speak TLS where they do, and may cut off whom they
/// refuse before their alert is read, since we speak first: so they are asked by a handshake alone.
async fn look_closer(config: &Config, hosts: &[String]) -> Option<Outcome> {
    let context = match config.tls {
        true => tls(config, &Distrust::default()).ok()?,
        false => SslContextBuilder::new(SslMethod::tls_client()).ok()?.build(), // trusts everybody
    };
    for host in hosts {
        let answer = shake_hands(host, &context).await;
        if config.tls {
            let outcome = answer.err().and_then(|reason| of_tls(&reason?, None));
            if outcome.is_some() {
                return outcome;
            }
        } else if answer.is_ok() {
            let message =
                format!("Cassandra speaks TLS there: tls=1 is missing, and {AUTHORITIES}");
            return Some(Outcome::fault(Fault::Senseless, message));
        }
    }
    None
}

/// Ok where the handshake is done and nothing is said against us then; else OpenSSL's reason, if it
/// was the node's TLS that ended it.
async fn shake_hands(host: &str, context: &SslContext) -> Result<(), Option<String>> {
    let has_port = host.rsplit_once(':').is_some_and(|(name, port)| {
        port.parse::<u16>().is_ok() && (!name.contains(':') || name.ends_with(']'))
    });
    let connect = async {
        match has_port {
            true => TcpStream::connect(host).await,
            false => TcpStream::connect((host.trim_matches(['[', ']']), CQL_PORT)).await,
        }
    };
    let stream = timeout(PROBING, connect).await.map_err(|_| None)?.map_err(|_| None)?;
    let stream = Ssl::new(context).and_then(|ssl| SslStream::new(ssl, stream)).map_err(|_| None)?;
    let mut stream = pin!(stream);
    let shaken = timeout(PROBING, stream.as_mut().connect()).await.map_err(|_| None)?;
    shaken.map_err(|error| reason_of(&error))?;
    match timeout(SAYING_NO, stream.read(&mut [0])).await {
        Ok(Err(error)) => Err(openssl_reason(&error)),
        _ => Ok(()),
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

/// The file's bytes, or what the system says about it.
fn read(option: &str, file: &str) -> Result<Vec<u8>, String> {
    std::fs::read(file).map_err(|error| {
        let text = error.to_string();
        let reason = text.split(" (os error").next().unwrap_or_default();
        format!("{option}={file}: {reason}")
    })
}

fn tls(config: &Config, distrust: &Distrust) -> Result<SslContext, String> {
    let broken = |error: ErrorStack| format!("TLS: {error}");
    let mut builder = SslContextBuilder::new(SslMethod::tls_client()).map_err(broken)?;
    let (ca, certificate, key) = (&config.ca_file, &config.certificate_file, &config.key_file);
    if ca.is_empty() {
        builder.set_default_verify_paths().map_err(broken)?;
    } else {
        read("ca", ca)?;
        builder
            .set_ca_file(ca)
            .map_err(|_| format!("ca={ca} holds no certificate; {CERTIFICATE}"))?;
    }
    if !certificate.is_empty() {
        read("cert", certificate)?;
        builder
            .set_certificate_chain_file(certificate)
            .map_err(|_| format!("cert={certificate} holds no certificate; {CERTIFICATE}"))?;
        // Without the callback OpenSSL would ask the terminal for a passphrase.
        PKey::private_key_from_pem_callback(&read("key", key)?, |_| Ok(0)).map_err(|_| {
            format!("key={key} holds no private key in PEM, or one that takes a passphrase")
        })?;
        builder.set_private_key_file(key, SslFiletype::PEM).map_err(|_| {
            format!("the key of key={key} is not that of the certificate of cert={certificate}")
        })?;
    }
    let distrust = distrust.clone();
    builder.set_verify_callback(SslVerifyMode::PEER, move |trusted, context| {
        if !trusted {
            let reason = context.error().error_string().to_owned();
            *distrust.lock().unwrap_or_else(|e| e.into_inner()) = Some(reason);
        }
        trusted
    });
    Ok(builder.build())
}

fn builder(
    config: &Config,
    hosts: &[String],
    distrust: &Distrust,
) -> Result<SessionBuilder, String> {
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
    // The nodes are tried one after the other: one that swallows all mustn't take the others' time.
    let share = config.connect_ms / config.hosts.len().max(1) as u64;
    let mut builder = SessionBuilder::new()
        .known_nodes(hosts)
        .default_execution_profile_handle(profile.into_handle())
        .connection_timeout(Duration::from_millis(share).max(SHORTEST_TRY))
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
        builder = builder.tls_context(Some(tls(config, distrust)?));
    }
    Ok(builder)
}

//! The crate `scylla` as the C++ side needs it and no wider: connect, prepare, run.
//!
//! Values go in and rows come out as the bytes that CQL's protocol has for them (a length of four
//! bytes, big-endian, -1 for null, then the value), so that what a column means is known in one
//! place only, the C++ code beside it. Nothing here knows what a record is.
//!
//! One runtime with one thread does the input and output of a client. Completions are called on
//! that thread; see `completion.h`.

mod client;
mod connect;
mod faults;
mod request;
mod values;

use client::Client;
use cxx::UniquePtr;

#[cxx::bridge(namespace = "longhand::records::bridge")]
mod ffi {
    /// Where the cluster is and how it is spoken to. An empty text is one that was not given.
    struct Config {
        hosts: Vec<String>, // HOST or HOST:PORT
        datacenter: String,
        keyspace: String, // the one whose replication is followed
        user: String,
        password: String,
        tls: bool,
        ca_file: String,
        certificate_file: String,
        key_file: String,
        consistency: String, // "local_quorum"
        connect_ms: u64,
        attempt_ms: u64, // for one attempt of one request
        speculate_ms: u64, // another node is asked too after this time
    }

    /// What became of a request. All but `None`, `Refused` and `Senseless` may have been applied.
    enum Fault {
        None,
        Refused,     // makes no sense to the cluster, or is not allowed: trying again is no use
        Senseless,   // of connecting: the configuration fits neither itself nor the cluster
        Unreachable, // no node can be asked, or too few are alive: nothing was applied
        Failed,      // a node or the connection failed
        TimedOut,
        Cancelled, // the client was cancelled or closed first
    }

    struct Outcome {
        fault: Fault,
        message: String,  // of a fault
        columns: usize,   // 0 where there are no rows
        values: Vec<u8>,  // of all rows, one after the other
    }

    /// A prepared statement and what is bound to its markers.
    struct Bound<'a> {
        statement: usize,
        values: &'a [u8],
    }

    extern "Rust" {
        type Client;

        /// A client with a runtime and no connection yet.
        fn make_client() -> Result<Box<Client>>;
        /// Blocks until the cluster answers, or for `connect_ms`. Once.
        fn connect(self: &Client, config: &Config) -> Outcome;
        /// From any thread, also while others block: whatever is under way and all that is asked
        /// later ends at once, `Cancelled`.
        fn cancel(self: &Client);
        /// Blocks; for what is said once. Text only, nothing is bound. With `parting` it has a second
        /// even after cancel().
        fn query(self: &Client, cql: &str, patience_ms: u64, parting: bool) -> Outcome;
        /// Blocks; the statement's number comes back in `statement`.
        fn prepare(self: &Client, cql: &str, idempotent: bool, statement: &mut usize) -> Outcome;
        /// Blocks until all nodes that are up agree on the schema.
        fn await_schema(self: &Client) -> Outcome;
        /// Runs a statement, or several writes as one logged batch, until that succeeds, is refused,
        /// or `deadline_ms` have passed. Takes a copy of the values before it returns, and never
        /// blocks. Where all are idempotent it is tried again after every fault that may pass, else
        /// only where it surely was not applied.
        fn execute(
            self: &Client,
            bound: &[Bound],
            deadline_ms: u64,
            completion: UniquePtr<Completion>,
        );
        /// Attempts that were made again, all together.
        fn retries(self: &Client) -> u64;
    }

    unsafe extern "C++" {
        include!("records/cassandra/completion.h");

        type Completion;
        fn complete(self: Pin<&mut Completion>, outcome: Outcome);
    }
}

// A completion is handed from thread to thread and used by one at a time.
unsafe impl Send for ffi::Completion {}

fn make_client() -> std::io::Result<Box<Client>> {
    Client::new().map(Box::new)
}

impl Client {
    fn execute(
        &self,
        bound: &[ffi::Bound],
        deadline_ms: u64,
        mut completion: UniquePtr<ffi::Completion>,
    ) {
        let told = move |outcome| completion.pin_mut().complete(outcome);
        self.start(bound, deadline_ms, told);
    }
}

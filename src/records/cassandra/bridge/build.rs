// The C++ side of the bridge: a header for those who include it, and its glue, which goes into the
// static library.
fn main() {
    cxx_build::bridge("src/lib.rs")
        .include("../../..")
        .std("c++20")
        .compile("longhand_cassandra_bridge");
    println!("cargo:rerun-if-changed=src/lib.rs");
    println!("cargo:rerun-if-changed=../completion.h");
}

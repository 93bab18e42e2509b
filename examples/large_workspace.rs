//! Writes a large workspace, to try abide on: `cargo run --example large_workspace -- 1000 target/large`.
//!
//! The specs are copies of the shipped ones; the same number gives the same files. `docs/performance.md` measures with it.

#[path = "../benches/large/mod.rs"]
mod large;

use std::env;
use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [count, folder] = arguments.as_slice() else {
        return Err("two arguments are needed: how many specs, and the folder to write them to".into());
    };
    large::write(count.parse()?, Path::new(folder))?;
    Ok(())
}

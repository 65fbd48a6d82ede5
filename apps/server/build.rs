//! Notices a newly built console.

#![allow(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]

use std::fs;
use std::path::Path;

fn main() {
    let console = Path::new("../console/dist");
    // A watched folder that does not exist makes every build start over. Where none can be made, that is all that happens.
    let _ = fs::create_dir_all(console);
    println!("cargo:rerun-if-changed={}", console.display());
}

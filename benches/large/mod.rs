//! A workspace of any number of specs, the same bytes every time.
//!
//! The specs are copies of shipped ones under ids of their own; the catalogue and `abide.toml` are the shipped ones. Every
//! tenth copy has a misspelt key, so that there is something to report.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Shipped specs of different kinds: proportions, means, several arms, non-inferiority, and one full of findings. None
/// names a follow-up, which would not be in a generated workspace.
const MODELS: [&str; 6] = [
    "checkout-button",
    "ad-title",
    "subject-line-abn",
    "model-swap",
    "answer-ctr-vs-cost",
    "prompt-as-first-written",
];
/// Specs of one folder.
const PER_FOLDER: usize = 50;

/// The files of a workspace with that many specs, by paths relative to its root.
pub(crate) fn workspace(specs: usize) -> io::Result<Vec<(PathBuf, String)>> {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs");
    let config = fs::read_to_string(shipped.join("abide.toml"))?;
    let mut files = vec![(
        PathBuf::from("abide.toml"),
        config.replace("[\"*.toml\"]", "[\"specs/**/*.toml\"]"),
    )];
    let mut catalogue: Vec<PathBuf> = fs::read_dir(shipped.join("metrics"))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<_>>()?;
    catalogue.sort();
    for file in catalogue {
        let name = Path::new("metrics").join(file.file_name().unwrap_or_default());
        files.push((name, fs::read_to_string(file)?));
    }
    let models: Vec<String> = MODELS
        .iter()
        .map(|model| fs::read_to_string(shipped.join(model).with_extension("toml")))
        .collect::<io::Result<_>>()?;
    for number in 0..specs {
        let which = number % MODELS.len();
        let folder = format!("specs/group-{:03}", number / PER_FOLDER);
        let name = format!("{}-{number:05}.toml", MODELS[which]);
        files.push((
            Path::new(&folder).join(name),
            copy(&models[which], MODELS[which], number),
        ));
    }
    Ok(files)
}

/// Writes the files of [`workspace`] below a folder.
#[allow(dead_code, reason = "benchmarks keep the workspace in memory")]
pub(crate) fn write(specs: usize, folder: &Path) -> io::Result<()> {
    for (path, text) in workspace(specs)? {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, text)?;
    }
    Ok(())
}

/// A spec under an id of its own that changes parameters of its own.
fn copy(model: &str, id: &str, number: usize) -> String {
    let mut text = model.replace(id, &format!("{id}-{number:05}"));
    if let Some((before, after)) = text.split_once("\ntouches ") {
        let parameters = after.replacen("[\"", &format!("[\"copy_{number:05}."), 1);
        text = format!("{before}\ntouches {parameters}");
    }
    if number % 10 == 9 {
        text = text.replacen("\ntitle ", "\ntitel ", 1);
    }
    text
}

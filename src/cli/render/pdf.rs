//! HTML to PDF by a browser that is already there: its print is tagged and bookmarked, and nothing has to be installed or
//! linked for it.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::cli::Failure;
use crate::cli::args::Paper;

/// The variable that names a browser.
const VARIABLE: &str = "ABIDE_BROWSER";
/// What browsers of the Chromium family are called.
const NAMES: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "chrome",
    "microsoft-edge-stable",
    "microsoft-edge",
    "msedge",
    "brave-browser",
];
/// Where they are when they are not in the path.
const PLACES: &[&str] = &[
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

/// The page as a PDF on that paper.
///
/// # Errors
/// When no browser is found, or it does not print.
pub(super) fn print(page: &str, paper: Paper) -> Result<Vec<u8>, Failure> {
    let browser = browser(std::env::var_os(VARIABLE), std::env::var_os("PATH"))?;
    let fail = |error: std::io::Error| Failure::new(format!("cannot print a PDF: {error}"));
    let folder = tempfile::tempdir().map_err(fail)?;
    let (html, pdf) = (folder.path().join("page.html"), folder.path().join("page.pdf"));
    let size = format!("<style>@page {{ size: {}; }}</style>\n</head>", paper.css());
    fs::write(&html, page.replacen("</head>", &size, 1)).map_err(fail)?;
    let mut output = ask(&browser, folder.path(), &html, &pdf, &[]).map_err(fail)?;
    // In a container a browser runs as root, where it refuses its sandbox. The page is ours and runs no foreign script.
    if !pdf.is_file() && String::from_utf8_lossy(&output.stderr).contains("no-sandbox") {
        output = ask(&browser, folder.path(), &html, &pdf, &["--no-sandbox"]).map_err(fail)?;
    }
    match fs::read(&pdf) {
        Ok(bytes) if bytes.starts_with(b"%PDF-") => Ok(bytes),
        _ => Err(Failure::new(format!(
            "{} did not print a PDF: {}",
            browser.display(),
            last_line(&output.stderr)
        ))),
    }
}

fn ask(browser: &Path, folder: &Path, html: &Path, pdf: &Path, more: &[&str]) -> std::io::Result<Output> {
    let mut to = OsString::from("--print-to-pdf=");
    to.push(pdf);
    let mut profile = OsString::from("--user-data-dir=");
    profile.push(folder.join("profile"));
    Command::new(browser)
        .args([
            "--headless",
            "--disable-gpu",
            "--disable-extensions",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--no-pdf-header-footer",
            "--generate-pdf-document-outline",
        ])
        .args(more)
        .arg(profile)
        .arg(to)
        .arg(html)
        .stdin(Stdio::null())
        .output()
}

/// The browser that is named, else the first that is found.
fn browser(named: Option<OsString>, path: Option<OsString>) -> Result<PathBuf, Failure> {
    if let Some(named) = named.filter(|named| !named.is_empty()) {
        let named = PathBuf::from(named);
        return if named.is_file() {
            Ok(named)
        } else {
            Err(Failure::new(format!(
                "{VARIABLE} names {}, which is no file",
                named.display()
            )))
        };
    }
    let folders: Vec<PathBuf> = path.map_or_else(Vec::new, |path| std::env::split_paths(&path).collect());
    let in_path = NAMES.iter().flat_map(|name| {
        folders
            .iter()
            .map(move |folder| folder.join(name).with_extension(std::env::consts::EXE_EXTENSION))
    });
    in_path
        .chain(PLACES.iter().map(PathBuf::from))
        .find(|candidate| candidate.is_file())
        .ok_or_else(|| {
            Failure::new(format!(
                "a PDF is printed by Chromium, Chrome or Edge, and none was found; install one, name it in {VARIABLE}, or render \
                 HTML and print that"
            ))
        })
}

fn last_line(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let line = text.lines().rev().find(|line| !line.trim().is_empty());
    line.unwrap_or("it said nothing").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_that_is_named_must_be_there() {
        let named = Some(OsString::from("/no/such/browser"));
        assert!(browser(named, None).is_err());
    }

    #[test]
    fn the_first_browser_of_the_path_is_taken() {
        let folder = tempfile::tempdir().unwrap_or_else(|error| unreachable!("{error}"));
        let file = folder
            .path()
            .join("google-chrome")
            .with_extension(std::env::consts::EXE_EXTENSION);
        assert!(fs::write(&file, "").is_ok());
        let found = browser(None, Some(folder.path().as_os_str().to_owned())).ok();
        assert_eq!(found, Some(file));
    }
}

//! Signatures of approvals, by the `ssh-keygen` of the machine where there is one.
//!
//! A signature lies beside its approval, as `FILE.sig`. Who may sign with which key stands in `approvals/allowed_signers`,
//! in the format of OpenSSH (`man ssh-keygen`, "ALLOWED SIGNERS").

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::Failure;
use crate::compilation::Session;
use crate::diagnostics::{Diagnostic, Place};
use crate::governance::{Approval, FOLDER, Signature};
use crate::source::Pointer;

const PROGRAM: &str = "ssh-keygen";
/// What the signature is for: one made for something else is not one of an approval.
const NAMESPACE: &str = "abide-approval";
/// The file that names who may sign, in the folder of approvals.
const SIGNERS: &str = "allowed_signers";

/// Signs a file with a key; gives the file of the signature.
pub(super) fn sign(key: &Path, file: &Path) -> Result<PathBuf, Failure> {
    let signature = signature_of(file);
    // The program refuses to write over an old signature, and asks.
    if signature.exists() {
        std::fs::remove_file(&signature)
            .map_err(|error| Failure::new(format!("cannot replace {}: {error}", signature.display())))?;
    }
    let made = Command::new(PROGRAM)
        .args(["-Y", "sign", "-n", NAMESPACE, "-f"])
        .arg(key)
        .arg(file)
        .stdin(Stdio::inherit())
        .output()
        .map_err(|error| cannot_run(&error))?;
    if made.status.success() {
        Ok(signature)
    } else {
        Err(Failure::new(format!(
            "the approval is written and not signed: {}",
            String::from_utf8_lossy(&made.stderr).trim()
        )))
    }
}

fn cannot_run(error: &io::Error) -> Failure {
    Failure::new(match error.kind() {
        io::ErrorKind::NotFound => {
            format!("{PROGRAM} is not installed: it is what signs approvals (OpenSSH 8.1 or newer)")
        }
        _ => format!("cannot run {PROGRAM}: {error}"),
    })
}

fn signature_of(file: &Path) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(".sig");
    PathBuf::from(name)
}

/// Verifies every signature that lies beside an approval; one that is not right is reported.
pub(super) fn verify_all(session: &mut Session<'_>) {
    let mut findings = Vec::new();
    for (root, approvals) in session.approvals_mut() {
        let signers = root.join(FOLDER).join(SIGNERS);
        for approval in approvals.iter_mut() {
            approval.signature = verify(approval, &signers);
            if let Signature::Bad(why) = &approval.signature {
                findings.push(
                    Diagnostic::error(
                        "invalid-approval",
                        Place::new(approval.span, Pointer::root()),
                        format!("the approval is not signed by `{}`: {why}", approval.who),
                    )
                    .with_label("does not count")
                    .with_help(
                        "approve again with `abide approve --sign KEY`, or correct `approvals/allowed_signers` if the key is right",
                    ),
                );
            }
        }
    }
    for finding in findings {
        session.sink.push(finding);
    }
}

fn verify(approval: &Approval, signers: &Path) -> Signature {
    let file = Path::new(&approval.path);
    let signature = signature_of(file);
    if !signature.is_file() {
        return Signature::None;
    }
    if !signers.is_file() {
        return Signature::Unknown(format!("{FOLDER}/{SIGNERS} does not exist"));
    }
    let Ok(content) = File::open(file) else {
        return Signature::Unknown("the approval cannot be read again".to_owned());
    };
    let ran = Command::new(PROGRAM)
        .args(["-Y", "verify", "-n", NAMESPACE, "-I", &approval.who, "-f"])
        .arg(signers)
        .arg("-s")
        .arg(&signature)
        .stdin(content)
        .output();
    match ran {
        Err(error) => Signature::Unknown(cannot_run(&error).to_string()),
        Ok(ran) if ran.status.success() => Signature::Good,
        Ok(ran) => {
            let said = [ran.stderr, ran.stdout].concat();
            let said = String::from_utf8_lossy(&said)
                .trim()
                .lines()
                .collect::<Vec<_>>()
                .join(", ");
            Signature::Bad(said)
        }
    }
}

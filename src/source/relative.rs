//! Paths that do not depend on how a file was named.

use std::path::{Component, Path, PathBuf};

/// A path as it was shown in `cwd`, from the folder `base`: with `/` between folders, `.` and `..` resolved by name. What
/// lies outside `base` stays absolute.
pub fn relative(shown: &str, cwd: &Path, base: &Path) -> String {
    let full = plain(&cwd.join(shown));
    let base = plain(base);
    let path = full.strip_prefix(&base).unwrap_or(&full);
    path.to_string_lossy().replace('\\', "/")
}

/// A path without `.` and without `..` where a name before it can be taken back.
fn plain(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_file_has_one_path_however_it_is_named() {
        let cwd = Path::new("/r/specs");
        for shown in ["a.toml", "./a.toml", "/r/specs/a.toml", "../specs/./a.toml"] {
            assert_eq!(relative(shown, cwd, cwd), "a.toml", "{shown}");
            assert_eq!(relative(shown, cwd, Path::new("/r")), "specs/a.toml", "{shown}");
        }
        assert_eq!(relative("../b.toml", cwd, cwd), "/r/b.toml");
        assert_eq!(relative("a b/c.toml", Path::new(""), Path::new("")), "a b/c.toml");
    }
}

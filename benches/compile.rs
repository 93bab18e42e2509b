//! How long the stages of a compilation take, in process: `cargo bench --bench compile`.
#![allow(clippy::unwrap_used, missing_docs)]

mod large;

use std::path::{Path, PathBuf};

use abide::compilation::{Session, check_across, compile};
use abide::diagnostics::{self, Sink};
use abide::language::edition;
use abide::plan;
use abide::resolve::resolve;
use abide::schema::{FileKind, Schemas};
use abide::source::{SourceFile, SourceMap};
use abide::syntax;
use abide::workspace::Workspace;
use abide::world::Memory;
use divan::{Bencher, black_box};
use jiff::civil::date;

fn main() {
    divan::main();
}

/// The shipped workspace and what every stage needs from the one before.
struct Shipped {
    world: Memory,
    sources: SourceMap,
    schemas: Schemas,
    workspace: Workspace,
    edition: (abide::source::FileId, syntax::Node),
    text: String,
}

fn memory(files: impl IntoIterator<Item = (PathBuf, String)>) -> Memory {
    files
        .into_iter()
        .fold(Memory::new(date(2026, 12, 14)), |world, (path, text)| {
            world.with_file(Path::new("w").join(path), text)
        })
}

impl Shipped {
    fn new() -> Self {
        let files = large::workspace(1).unwrap();
        let text = files.last().unwrap().1.clone();
        let world = memory(files);
        let (mut sources, mut sink) = (SourceMap::new(), Sink::new());
        let file = sources.add(SourceFile::new(edition::DEFAULTS_NAME, edition::DEFAULTS));
        let root = syntax::parse(sources.file(file), file, &mut sink).root;
        let schemas = Schemas::new();
        let workspace = Workspace::load(&world, Path::new("w/abide.toml"), &mut sources, &schemas, &mut sink).unwrap();
        Self {
            world,
            sources,
            schemas,
            workspace,
            edition: (file, root),
            text,
        }
    }

    fn parsed(&self) -> (SourceMap, abide::source::FileId, syntax::Parsed) {
        let mut sources = self.sources.clone();
        let file = sources.add(SourceFile::new("w/specs/a.toml", self.text.as_str()));
        let parsed = syntax::parse(sources.file(file), file, &mut Sink::new());
        (sources, file, parsed)
    }
}

#[divan::bench]
fn parse(bencher: Bencher) {
    let shipped = Shipped::new();
    let (sources, file, _) = shipped.parsed();
    bencher.bench_local(|| syntax::parse(black_box(sources.file(file)), file, &mut Sink::new()));
}

/// With schemas that are read already.
#[divan::bench]
fn validate(bencher: Bencher) {
    let shipped = Shipped::new();
    bencher
        .with_inputs(|| shipped.parsed().2)
        .bench_local_values(|parsed| shipped.schemas.validate(FileKind::Spec, parsed, &mut Sink::new()));
}

/// As the first spec of a run has it: the schema is read first.
#[divan::bench]
fn validate_cold(bencher: Bencher) {
    let shipped = Shipped::new();
    bencher
        .with_inputs(|| shipped.parsed().2)
        .bench_local_values(|parsed| Schemas::new().validate(FileKind::Spec, parsed, &mut Sink::new()));
}

#[divan::bench]
fn resolve_spec(bencher: Bencher) {
    let shipped = Shipped::new();
    let (_, file, _) = shipped.parsed();
    let edition = (shipped.edition.0, &shipped.edition.1);
    bencher
        .with_inputs(|| shipped.parsed().2)
        .bench_local_values(|parsed| resolve(file, parsed, Some(&shipped.workspace), edition, None, &mut Sink::new()));
}

#[divan::bench]
fn plan_spec(bencher: Bencher) {
    let shipped = Shipped::new();
    let (sources, file, parsed) = shipped.parsed();
    let edition = (shipped.edition.0, &shipped.edition.1);
    let experiment = resolve(file, parsed, Some(&shipped.workspace), edition, None, &mut Sink::new()).unwrap();
    bencher.bench_local(|| plan::compute(black_box(&experiment), &sources));
}

/// Everything `abide check` does for one spec of the shipped workspace, its catalogue included, without the disk.
#[divan::bench]
fn check_one(bencher: Bencher) {
    let shipped = Shipped::new();
    bencher.bench_local(|| check(&shipped.world));
}

/// The same for a workspace of 1,000 specs, on all cores.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn check_thousand(bencher: Bencher) {
    let world = memory(large::workspace(1_000).unwrap());
    bencher.bench_local(|| check(&world));
}

fn check(world: &Memory) -> String {
    let mut session = Session::new(world, None);
    session.add_path(Path::new("w")).unwrap();
    let compiled = compile(&session);
    let mut findings = check_across(&session, &compiled).findings;
    findings.extend(std::mem::take(&mut session.sink).into_vec());
    findings.extend(compiled.into_iter().flat_map(|spec| spec.findings));
    let findings = diagnostics::sorted(findings, &session.sources);
    diagnostics::concise(&findings, &session.sources)
}

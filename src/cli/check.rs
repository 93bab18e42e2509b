//! `abide check`.
use super::args::*;
use super::{Failure, Outcome, output};
use crate::compilation::{Session, compile};
use crate::world::Disk;

pub(super) fn run(global: &Global, args: &CheckArgs) -> Result<Outcome, Failure> {
    let world = Disk { as_of: global.as_of };
    let mut session = Session::new(&world, global.config.clone());
    for p in &args.inputs.paths {
        session.add_path(p).map_err(|e| Failure::new(e.to_string()))?;
    }
    let compiled = compile(&session);
    let mut all: Vec<_> = compiled.into_iter().flat_map(|c| c.findings).collect();
    let sink = std::mem::take(&mut session.sink);
    all.extend(sink.into_vec());
    let all = crate::diagnostics::sorted(all, &session.sources);
    let mut text = String::new();
    for d in &all {
        let f = session.sources.file(d.place.span.file);
        let p = f.position(d.place.span.start as usize);
        text.push_str(&format!(
            "{}:{}:{}: {}[{}]: {} ({})\n",
            f.path(),
            p.line,
            p.column,
            d.severity.as_str(),
            d.rule,
            d.message,
            d.help.clone().unwrap_or_default()
        ));
    }
    output::to_stdout(text.as_bytes())?;
    Ok(Outcome::Clean)
}

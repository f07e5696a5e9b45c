//! `cargo xtask fuzz`: each fuzz target for a while, beginning with what is in `fixtures`.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use crate::needs::Need;
use crate::{Outcome, command, tools, workspace};

/// Larger fixtures make slow seeds.
const SEED_BYTES: usize = 64 << 10;

/// Which fixtures seed a target: those whose name ends so, if the target's name has the word; else all of them.
const SEEDS: &[(&str, &[&str])] = &[
    ("policy", &["hcl"]),
    ("parse", &["hcl"]),
    ("syntax", &["hcl"]),
    ("evaluate", &["hcl"]),
    ("estate", &["hcl"]),
    ("invocation", &["json", "jsonl"]),
    ("json", &["json", "jsonl"]),
    ("decide", &["json", "jsonl"]),
    ("compact", &["json", "jsonl"]),
    ("feedback", &["json"]),
    ("compile", &["hcl"]),
    // Their input is choices: what they choose from, they read by themselves.
    ("load", &[]),
    ("engines", &[]),
];

/// Fuzzing needs an unstable compiler for its instrumentation, and its engine is C++; nothing else here needs them.
pub(crate) const NEEDS: &[Need] = &[Need::Nightly, Need::Cpp];

#[derive(clap::Args)]
pub(crate) struct Options {
    /// For how long to fuzz each target
    #[arg(long, value_name = "M", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=1440))]
    minutes: u64,
    /// Which targets, all if none is named
    #[arg(value_name = "TARGET")]
    targets: Vec<String>,
}

pub(crate) fn run(options: &Options) -> Outcome {
    let all = targets()?;
    if let Some(unknown) = options.targets.iter().find(|target| !all.contains(*target)) {
        let known: Vec<_> = all.into_iter().collect();
        return Err(format!("there is no fuzz target `{unknown}`, only {}", known.join(", ")).into());
    }
    let cargo_fuzz = tools::FUZZ.installed()?;
    let chosen: Vec<_> =
        if options.targets.is_empty() { all.iter().collect() } else { options.targets.iter().collect() };
    let mut rows = Vec::new();
    let mut good = true;
    for target in chosen {
        let (executions, findings) = fuzz(&cargo_fuzz, target, options.minutes)?;
        good &= findings.is_empty();
        rows.push(format!("{target:<24} {executions:>14} executions, {} findings", findings.len()));
        rows.extend(findings.iter().map(|finding| format!("  {finding}")));
    }
    println!("\n{}", rows.join("\n"));
    if good { Ok(()) } else { Err("keep each finding as a named fixture, then mend what it shows".into()) }
}

/// The names of the fuzz targets.
fn targets() -> Outcome<BTreeSet<String>> {
    let folder = workspace::root()?.join("fuzz/fuzz_targets");
    let entries = folder.read_dir().map_err(|_| "there are no fuzz targets yet: no folder `fuzz/fuzz_targets`")?;
    let mut names = BTreeSet::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension() == Some(OsStr::new("rs")) {
            names.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
        }
    }
    Ok(names)
}

/// Fuzzes one target; the number of executions and the findings, as paths below the workspace.
fn fuzz(cargo_fuzz: &Path, target: &str, minutes: u64) -> Outcome<(String, Vec<String>)> {
    let seeds = seeds(target)?;
    let corpus = workspace::root()?.join("fuzz/corpus").join(target);
    std::fs::create_dir_all(&corpus)?;
    println!("\n== {target}, {minutes} min");
    let mut fuzz = command::program("rustup", ["run", "nightly"])?;
    fuzz.arg(cargo_fuzz).args(["run", target]).args([&corpus, &seeds]).arg("--");
    fuzz.arg(format!("-max_total_time={}", minutes * 60)).args(["-print_final_stats=1", "-timeout=60"]);
    // Set by the cargo that runs this, and meant for its own toolchain.
    fuzz.env_remove("RUSTUP_TOOLCHAIN").env_remove("CARGO").env_remove("CARGO_TARGET_DIR");
    let (succeeded, said) = command::watched(&mut fuzz)?;
    let executions = said.iter().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    let findings = findings(target)?;
    match executions {
        Some(executions) => Ok((executions.trim().to_owned(), findings)),
        None if succeeded || !findings.is_empty() => Ok(("?".to_owned(), findings)),
        None => Err(format!("the fuzz target `{target}` did not run").into()),
    }
}

fn findings(target: &str) -> Outcome<Vec<String>> {
    let folder = workspace::root()?.join("fuzz/artifacts").join(target);
    let files = if folder.is_dir() { files(&folder)? } else { Vec::new() };
    Ok(files.iter().filter_map(|file| file.file_name()).map(|name| shown(target, name)).collect())
}

fn shown(target: &str, name: &OsStr) -> String {
    format!("fuzz/artifacts/{target}/{}", name.to_string_lossy())
}

/// Copies the fixtures that seed a target into one folder, each under the hash of its bytes; a file of many lines of JSON
/// becomes many seeds.
fn seeds(target: &str) -> Outcome<PathBuf> {
    let root = workspace::root()?;
    let folder = root.join("target/fuzz-seeds").join(target);
    std::fs::create_dir_all(&folder)?;
    let endings = SEEDS.iter().find(|(word, _)| target.contains(word)).map(|(_, endings)| *endings);
    for path in files(&root.join("fixtures"))? {
        let ending = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        if endings.is_some_and(|endings| !endings.contains(&ending.as_str())) {
            continue;
        }
        let bytes = std::fs::read(&path)?;
        let parts: Vec<&[u8]> =
            if ending == "jsonl" { bytes.split(|byte| *byte == b'\n').collect() } else { vec![&bytes] };
        for part in parts.into_iter().filter(|part| part.len() <= SEED_BYTES) {
            let mut hasher = DefaultHasher::new();
            part.hash(&mut hasher);
            std::fs::write(folder.join(format!("{:016x}", hasher.finish())), part)?;
        }
    }
    Ok(folder)
}

/// All files under `folder`, sorted; links are not followed.
fn files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in folder.read_dir()? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            found.extend(files(&entry.path())?);
        } else if entry.file_type()?.is_file() {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

//! `cargo xtask dist`: archives of the program for those who do not build it, static and the same bytes wherever they are made.

mod archive;
mod gzip;
mod licences;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use sha2::{Digest as _, Sha256};

use crate::build::{self, Program};
use crate::needs::{self, Need};
use crate::{Outcome, command, folders, workspace};
use archive::Entry;

/// The targets that archives are made for: static programs, which run on any Linux of their processor.
const TARGETS: [&str; 2] = ["x86_64-unknown-linux-musl", "aarch64-unknown-linux-musl"];
/// Where the archives are put, below the workspace.
const FOLDER: &str = "target/dist";
/// The shells that there are completions for, and what each calls the file.
const SHELLS: [(&str, &str); 5] = [
    ("bash", "portcullis.bash"),
    ("elvish", "portcullis.elv"),
    ("fish", "portcullis.fish"),
    ("powershell", "_portcullis.ps1"),
    ("zsh", "_portcullis"),
];

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Only for this target; may be given several times
    #[arg(long, value_name = "TARGET", value_parser = TARGETS)]
    target: Vec<String>,
    /// Pack this program and build none; the archive is called after the one target that is named
    #[arg(long, value_name = "FILE", requires = "target")]
    program: Option<PathBuf>,
}

impl Options {
    fn targets(&self) -> Vec<&'static str> {
        let chosen = |target: &&str| self.target.is_empty() || self.target.iter().any(|name| name == target);
        TARGETS.into_iter().filter(chosen).collect()
    }

    /// What building takes.
    pub(crate) fn needs(&self) -> Vec<Need> {
        match self.program {
            Some(_) => Vec::new(),
            // Where the program does not run here, the one of the tests says its completions and manual.
            None => self.targets().into_iter().map(Need::Target).chain([needs::MODULES]).collect(),
        }
    }
}

pub(crate) fn run(options: &Options) -> Outcome {
    let targets = options.targets();
    if options.program.is_some() && targets.len() != 1 {
        return Err("`--program` is packed for one target: name it alone".into());
    }
    let folder = workspace::root()?.join(FOLDER);
    folders::empty(&folder)?;
    let mut sums = String::new();
    for target in targets {
        let program = match &options.program {
            Some(program) => program.clone(),
            None => built(target)?,
        };
        let (name, archive) = packed(&program, target)?;
        let file = format!("{name}.tar.gz");
        fs::write(folder.join(&file), &archive)?;
        // As `sha256sum --check` reads it.
        writeln!(sums, "{}  {file}", hexadecimal(&Sha256::digest(&archive)))?;
        println!("{FOLDER}/{file}");
    }
    fs::write(folder.join("SHA256SUMS"), sums)?;
    println!("{FOLDER}/SHA256SUMS");
    Ok(())
}

/// Packs a program twice, which must give the same bytes, unpacks it, and runs it. For the gate: what is packed there is the
/// program that tests ran, since a static one takes minutes to build.
///
/// # Errors
/// Where the archives differ, `tar` does not read one, or something is not in it; also where a dependency has no licence.
pub(crate) fn check(program: &Path) -> Outcome {
    for target in TARGETS {
        licences::of_dependencies(target)?;
    }
    let [target, ..] = TARGETS;
    let (name, archive) = packed(program, target)?;
    if packed(program, target)?.1 != archive {
        return Err("the same program gives another archive".into());
    }
    let folder = workspace::root()?.join("target/unpacked");
    folders::empty(&folder)?;
    fs::write(folder.join("archive.tar.gz"), archive)?;
    command::run(command::program("tar", ["-xzf", "archive.tar.gz"])?.current_dir(&folder))?;
    let unpacked = folder.join(name);
    command::run(&mut command::program(unpacked.join("portcullis"), ["version"])?)?;
    for file in ["LICENSE", "licences/dependencies.txt", "man/man1/portcullis-decide.1", "completions/_portcullis"] {
        if fs::metadata(unpacked.join(file)).map_or(0, |file| file.len()) == 0 {
            return Err(format!("the archive has no `{file}`").into());
        }
    }
    fs::remove_dir_all(folder)?;
    Ok(())
}

/// The name of a program's archive, without what it ends in, and the archive.
fn packed(program: &Path, target: &str) -> Outcome<(String, Vec<u8>)> {
    let name = format!("portcullis-{}-{target}", env!("CARGO_PKG_VERSION"));
    let archive = gzip::compressed(&archive::tar(&name, contents(program, target)?)?);
    Ok((name, archive))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

/// Builds the program for a target: linked by the linker that comes with the compiler, against the C library that comes with
/// the target, so that nothing of the machine gets in. Without WebAssembly, whose runtime has a part in C
/// (`docs/decisions/0013-static-archives-by-rusts-own-linker.md`).
fn built(target: &str) -> Outcome<PathBuf> {
    let mut flags = vec!["-Clinker=rust-lld".to_owned(), "-Ctarget-feature=+crt-static".to_owned()];
    flags.extend(remapped()?);
    let flags: Vec<String> = flags.iter().map(|flag| format!("{flag:?}")).collect();
    let mut cargo =
        command::cargo(["build", "--release", "--locked", "--package", "policy-cli", "--bin", "portcullis"])?;
    cargo.args(["--target", target]);
    cargo.arg("--config").arg(format!("target.{target}.rustflags=[{}]", flags.join(",")));
    // They would come before these.
    cargo.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
    command::run(&mut cargo)?;
    Ok(workspace::target()?.join(target).join("release/portcullis"))
}

/// Names for the folders of this machine, which messages would tell otherwise.
fn remapped() -> Outcome<Vec<String>> {
    let mut flags = vec![format!("--remap-path-prefix={}=portcullis", workspace::root()?.display())];
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| env::home_dir().map(|home| home.join(".cargo")));
    let sources = home.ok_or("there is no home folder")?.join("registry/src");
    for source in fs::read_dir(sources)? {
        flags.push(format!("--remap-path-prefix={}=registry", source?.path().display()));
    }
    flags.sort();
    Ok(flags)
}

/// What is in an archive.
fn contents(program: &Path, target: &str) -> Outcome<Vec<Entry>> {
    let root = workspace::root()?;
    let mut entries = vec![
        Entry { path: "portcullis".to_owned(), bytes: fs::read(program)?, executable: true },
        file("LICENSE", fs::read(root.join("LICENSE"))?),
        file("CHANGELOG.md", fs::read(root.join("CHANGELOG.md"))?),
        file("licences/dependencies.txt", licences::of_dependencies(target)?.into_bytes()),
        file("licences/rust-library.html", licences::of_the_library()?),
        file("licences/musl.txt", include_bytes!("musl.txt").to_vec()),
    ];
    let speaker = runnable(program)?;
    for (shell, name) in SHELLS {
        entries.push(file(&format!("completions/{name}"), answer(&speaker, &["completions", shell])?));
    }
    let pages = root.join("target/manual");
    folders::empty(&pages)?;
    answer(&speaker, &["man", "--directory", pages.to_str().ok_or("the workspace lies at a path that is not UTF-8")?])?;
    for page in pages.read_dir()? {
        let page = page?;
        entries.push(file(&format!("man/man1/{}", page.file_name().to_string_lossy()), fs::read(page.path())?));
    }
    Ok(entries)
}

fn file(path: &str, bytes: Vec<u8>) -> Entry {
    Entry { path: path.to_owned(), bytes, executable: false }
}

/// A program that writes completions and the manual: this one, or one of this machine where this one is of another.
fn runnable(program: &Path) -> Outcome<PathBuf> {
    if needs::runs(program, &["version"]) { Ok(program.to_path_buf()) } else { build::program(&Program::Portcullis) }
}

fn answer(program: &Path, arguments: &[&str]) -> Outcome<Vec<u8>> {
    let said = Command::new(program).args(arguments).output()?;
    if said.status.success() {
        return Ok(said.stdout);
    }
    Err(format!("`portcullis {}` failed: {}", arguments.join(" "), String::from_utf8_lossy(&said.stderr)).into())
}

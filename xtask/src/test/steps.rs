//! The steps of the gate, in the order in which they run: what is quick to fail comes first.

use super::{End, Run, not_here};
use crate::needs::{CLIPPY, MODULES, Need, RUSTFMT};
use crate::{Outcome, build, command, dist, javascript, jco, python, readme, reproducible, tools, workspace};

pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) why: &'static str,
    /// What it cannot run without.
    pub(super) needs: &'static [Need],
    pub(super) run: fn(&Run) -> Outcome<End>,
}

#[rustfmt::skip]
pub(super) const STEPS: &[Step] = &[
    Step { name: "tools", why: "the tools of the next steps are there", needs: &[], run: install },
    Step { name: "format", why: "the code is laid out by rustfmt", needs: &[RUSTFMT], run: format },
    Step { name: "spelling", why: "words are spelt right", needs: &[], run: spelling },
    Step { name: "dependencies", why: "licences, duplicates, sources", needs: &[], run: dependencies },
    Step { name: "advisories", why: "no dependency has a known vulnerability", needs: &[], run: advisories },
    Step { name: "lints", why: "clippy has nothing to say, with and without WebAssembly", needs: &[CLIPPY, MODULES], run: lints },
    Step {
        name: "lints-modules",
        why: "nor about the core without its authoring half, and what is compiled to WebAssembly alone",
        needs: &[CLIPPY, MODULES],
        run: lints_modules,
    },
    Step { name: "tests", why: "cargo test", needs: &[MODULES], run: tests },
    Step { name: "without-webassembly", why: "the program does the rest without WebAssembly", needs: &[MODULES], run: without_webassembly },
    Step { name: "archives", why: "what users get is packed whole, and alike each time", needs: &[MODULES], run: archives },
    Step { name: "reproducible", why: "the decider is the same bytes wherever it is built", needs: &[MODULES], run: reproducible },
    Step { name: "components-in-javascript", why: "components work in Node too", needs: &[MODULES, Need::Node], run: components_in_javascript },
    Step { name: "documentation", why: "the documentation builds without a warning", needs: &[MODULES], run: documentation },
    Step { name: "fuzz-builds", why: "the fuzz targets compile", needs: &[], run: fuzz_builds },
    Step { name: "javascript", why: "the JavaScript package decides as the engine does in Node", needs: &[MODULES, Need::Node], run: javascript },
    Step { name: "browser", why: "and in a browser", needs: &[MODULES, Need::Node, Need::Browser], run: browser },
    Step { name: "python", why: "the Python package decides as the others do", needs: &[MODULES, Need::Python], run: python },
    Step { name: "examples", why: "the commands in the documents do what they say", needs: &[MODULES], run: examples },
];

pub(super) fn names() -> Vec<&'static str> {
    STEPS.iter().map(|step| step.name).collect()
}

fn install(_: &Run) -> Outcome<End> {
    tools::TYPOS.installed()?;
    tools::DENY.installed()?;
    if javascript::is_here() {
        jco::installed()?;
    }
    Ok(End::Passed)
}

fn format(run: &Run) -> Outcome<End> {
    run.cargo(&["fmt", "--all", "--check"])?;
    // The workspaces beside this one.
    for manifest in ["fuzz/Cargo.toml", "benches/Cargo.toml", "benches/guests/Cargo.toml"] {
        if workspace::root()?.join(manifest).is_file() {
            run.cargo(&["fmt", "--all", "--manifest-path", manifest, "--check"])?;
        }
    }
    Ok(End::Passed)
}

fn spelling(_: &Run) -> Outcome<End> {
    let typos = tools::TYPOS.installed()?;
    command::run(&mut command::program(typos, ["--hidden"])?)?;
    Ok(End::Passed)
}

/// Both ways of the program: cargo checks the rest once, since the tests need all of it anyway.
fn lints(run: &Run) -> Outcome<End> {
    for features in ["", "policy-cli/wasm"] {
        let scope = ["--workspace", "--all-targets", "--locked", "--features", features];
        run.cargo(&[&["clippy"], scope.as_slice(), &["--", "-D", "warnings"]].concat())?;
    }
    Ok(End::Passed)
}

/// What a decider consists of is checked as it is built: for WebAssembly, in each of its ways.
fn lints_modules(run: &Run) -> Outcome<End> {
    let modules = [
        ("policy-wasm", ""),
        ("policy-wasm", "author"),
        ("policy-wasm", "feedback"),
        ("policy-component", ""),
        ("policy-component", "baked"),
    ];
    for (package, features) in modules {
        let scope = ["--package", package, "--features", features, "--target", "wasm32-unknown-unknown", "--locked"];
        run.cargo(&[&["clippy"], scope.as_slice(), &["--", "-D", "warnings"]].concat())?;
    }
    Ok(End::Passed)
}

fn dependencies(_: &Run) -> Outcome<End> {
    deny(&["check", "licenses", "bans", "sources"])?;
    Ok(End::Passed)
}

/// The one step that may be left out in CI too: its database lives with a host of sources, which a build machine that
/// reaches only the registry cannot fetch from. It says so.
fn advisories(_: &Run) -> Outcome<End> {
    if deny(&["fetch", "db"]).is_err() {
        return Ok(End::NotRun("the advisory database cannot be fetched here".to_owned()));
    }
    deny(&["check", "--disable-fetch", "advisories"])?;
    Ok(End::Passed)
}

fn deny(arguments: &[&str]) -> Outcome {
    let mut deny = command::program(tools::DENY.installed()?, arguments)?;
    // The database is fetched by git, which must not stop to ask for a password.
    command::run(deny.env("GIT_TERMINAL_PROMPT", "0"))
}

fn tests(run: &Run) -> Outcome<End> {
    run.cargo(&[&["test"], build::AS_TESTED.as_slice(), &["--locked"]].concat())?;
    Ok(End::Passed)
}

/// Only the tests of the program: nothing else is another thing without WebAssembly, nor built again.
fn without_webassembly(run: &Run) -> Outcome<End> {
    run.cargo(&["test", "--workspace", "--locked", "--bin", "portcullis", "--test", "cli"])?;
    Ok(End::Passed)
}

/// Of the program that the last step has built.
fn archives(_: &Run) -> Outcome<End> {
    dist::check(&build::built(&["--workspace", "--bin", "portcullis", "--test", "architecture"], "portcullis")?)?;
    Ok(End::Passed)
}

fn reproducible(_: &Run) -> Outcome<End> {
    reproducible::check()?;
    Ok(End::Passed)
}

fn components_in_javascript(run: &Run) -> Outcome<End> {
    if !javascript::is_here() {
        return not_here(NO_NODE);
    }
    let corpus = ["--locked", "--test", "corpus", "--", "--ignored", "components_in_javascript"];
    let mut cargo = run.command(&[&["test"], build::AS_TESTED.as_slice(), &corpus].concat())?;
    command::run(cargo.env("PORTCULLIS_JCO", jco::installed()?))?;
    Ok(End::Passed)
}

fn documentation(_: &Run) -> Outcome<End> {
    let mut doc = command::cargo(["doc", "--workspace", "--no-deps", "--locked"])?;
    command::run(doc.env("RUSTDOCFLAGS", "-D warnings"))?;
    Ok(End::Passed)
}

fn fuzz_builds(run: &Run) -> Outcome<End> {
    if !workspace::root()?.join("fuzz/Cargo.toml").is_file() {
        return Ok(End::NotRun("there are no fuzz targets yet".to_owned()));
    }
    // Without the engine of the fuzzer, whose C++ takes longer to build than all else here.
    run.cargo(&["check", "--manifest-path", "fuzz/Cargo.toml", "--no-default-features", "--locked"])?;
    Ok(End::Passed)
}

fn examples(_: &Run) -> Outcome<End> {
    if !workspace::root()?.join("README.md").is_file() {
        return not_here("there is no README.md");
    }
    readme::run()?;
    Ok(End::Passed)
}

/// Why steps of JavaScript do not run.
const NO_NODE: &str = "there is no Node 20 or newer with npm";

fn javascript(run: &Run) -> Outcome<End> {
    if !javascript::is_here() {
        return not_here(NO_NODE);
    }
    let project = javascript::Project::of_this_run()?;
    project.test()?;
    run.hosts(&[project.host()?])?;
    Ok(End::Passed)
}

fn browser(run: &Run) -> Outcome<End> {
    if !javascript::is_here() {
        return not_here(NO_NODE);
    }
    let Some(browser) = javascript::browser()? else {
        return not_here("there is no Chromium, and it cannot be installed");
    };
    let page = javascript::Project::of_this_run()?.page(browser)?;
    run.hosts(std::slice::from_ref(&page.host))?;
    Ok(End::Passed)
}

fn python(run: &Run) -> Outcome<End> {
    let Some(interpreter) = python::interpreter() else {
        return not_here("there is no Python of version 3.10 or newer");
    };
    let environment = python::Environment::fresh(interpreter)?;
    environment.test()?;
    run.hosts(&[environment.host()?])?;
    Ok(End::Passed)
}

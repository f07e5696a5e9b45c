//! `cargo xtask demo`: the main job on real input, with nothing to set up first.

use std::process::Command;

use crate::{Outcome, build, command, workspace};

/// One thing to show: why, what to type, and the exit code that is right for it.
struct Step {
    why: &'static str,
    arguments: &'static [&'static str],
    code: i32,
}

const POLICY: &str = "fixtures/estates/acme/policy";
const BUNDLE: &str = "target/acme.bundle";
const CALLER: &str = "arn:aws:sts::111111111111:assumed-role/ci-main/run-17";
const REPOSITORY: &str = "git@github.com:acme/infrastructure-live.git";
const MAIN: &str = "refs/heads/main";
const PATH: &str = "dev/eu-west-1/app";

#[rustfmt::skip]
const STEPS: &[Step] = &[
    Step { why: "Is the policy valid?", arguments: &["check", POLICY], code: 0 },
    Step {
        why: "May CI plan this unit?",
        arguments: &[
            "decide", "--policy", POLICY, "--account", "dev", "--caller", CALLER, "--repository", REPOSITORY,
            "--ref", MAIN, "--path", PATH, "--command", "terragrunt-plan",
        ],
        code: 0,
    },
    Step {
        why: "May CI apply it from a branch that nobody reviewed?",
        arguments: &[
            "decide", "--policy", POLICY, "--account", "dev", "--caller", CALLER, "--repository", REPOSITORY,
            "--ref", "refs/heads/feature/retry", "--path", PATH, "--command", "terragrunt-apply",
        ],
        code: 1,
    },
    Step {
        why: "And from the main branch? That must still be shown to be reviewed",
        arguments: &[
            "decide", "--policy", POLICY, "--account", "dev", "--caller", CALLER, "--repository", REPOSITORY,
            "--ref", MAIN, "--path", PATH, "--command", "terragrunt-apply",
        ],
        code: 4,
    },
    Step {
        why: "Compile it: the digests of the bundle and of each account's rules, and what was proved",
        arguments: &["compile", POLICY, "--output", BUNDLE],
        code: 0,
    },
    Step {
        why: "The first decision again, by the bundle, for programs",
        arguments: &[
            "decide", "--policy", BUNDLE, "--account", "dev", "--caller", CALLER, "--repository", REPOSITORY,
            "--ref", MAIN, "--path", PATH, "--command", "terragrunt-plan", "--format", "json",
        ],
        code: 0,
    },
    Step {
        why: "And by the policy, with both engines, which must agree",
        arguments: &[
            "decide", "--policy", POLICY, "--account", "dev", "--caller", CALLER, "--repository", REPOSITORY,
            "--ref", MAIN, "--path", PATH, "--command", "terragrunt-plan", "--format", "json", "--engine", "both",
        ],
        code: 0,
    },
    Step {
        why: "Is the bundle what the policy says?",
        arguments: &["bundle", "verify", BUNDLE, "--policy", POLICY],
        code: 0,
    },
];

pub(crate) fn run() -> Outcome {
    let portcullis = build::built(PROGRAM, "portcullis")?;
    std::fs::create_dir_all(workspace::root()?.join("target"))?;
    let mut wrong = Vec::new();
    for step in STEPS {
        let mut shown = Command::new(&portcullis);
        shown.args(step.arguments).current_dir(workspace::root()?);
        println!("# {}\n$ {}", step.why, command::shown(&shown));
        let code = command::code(&mut shown)?;
        println!("(exit code {code})\n");
        if code != step.code {
            wrong.push(format!("\"{}\" ended with code {code}, not {}", step.why, step.code));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

/// The program without WebAssembly, of which nothing is shown; and with an engine that is not optimised, since it decides five
/// times and optimising it takes most of the build.
const PROGRAM: &[&str] =
    &["--package", "policy-cli", "--bin", "portcullis", "--config", "profile.dev.package.policy-core.opt-level=0"];

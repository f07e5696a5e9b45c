//! The engines that run the corpus. A new one is a new implementation of [`Engine`].

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use policy_core::bundle::Policy;
use policy_core::compile::compile;
use policy_core::decision::Decision;
use policy_core::invocation::RawInvocation;
use policy_core::reference::Reference;
use policy_core::{PolicyFile, Report, check};

use crate::{components, hosts, modules, transpiled};

/// Something that decides about invocations by the policy in a directory.
pub(crate) trait Engine {
    /// For messages.
    fn name(&self) -> &str;

    /// Whether its messages say all that the cases expect of them. Modules are kept small, and theirs may be terser.
    fn has_full_messages(&self) -> bool {
        true
    }

    /// One decision as JSON for each request.
    fn decide(&self, policy: &Path, requests: &[&[u8]]) -> Vec<String>;
}

/// All of them; the first is what the others are held against.
pub(crate) fn all() -> Vec<Box<dyn Engine>> {
    let mut engines: Vec<Box<dyn Engine>> = vec![Box::new(Library), Box::new(Native), Box::new(NativeByAccount)];
    if !only_the_library() {
        engines.extend(modules::engines());
        engines.extend([Box::new(Program) as Box<dyn Engine>, Box::new(ProgramByBundle), Box::new(ProgramByModule)]);
        engines.extend([Box::new(components::Decider) as Box<dyn Engine>, Box::new(components::Baked)]);
    }
    engines.extend(hosts::named());
    engines
}

/// The components as JavaScript, held against the reference.
pub(crate) fn transpiled() -> Vec<Box<dyn Engine>> {
    vec![Box::new(Library), Box::new(transpiled::Decider), Box::new(transpiled::Baked)]
}

/// Mutation tests change the library alone, and would build the program anew for each change: they set
/// `PORTCULLIS_ENGINES=library`.
pub(crate) fn only_the_library() -> bool {
    std::env::var_os("PORTCULLIS_ENGINES").is_some_and(|engines| engines == "library")
}

/// The reference engine, called as a library.
pub(crate) struct Library;

impl Engine for Library {
    fn name(&self) -> &'static str {
        "library"
    }

    fn decide(&self, policy: &Path, requests: &[&[u8]]) -> Vec<String> {
        let report = read(policy);
        let estate =
            report.estate.unwrap_or_else(|| panic!("{} does not check: {:#?}", policy.display(), report.diagnostics));
        let engine = Reference::new(&estate);
        requests.iter().map(|request| engine.decide_json(request).to_json()).collect()
    }
}

/// The compiled engine over the bundle of the whole estate, called as a library.
pub(crate) struct Native;

impl Engine for Native {
    fn name(&self) -> &'static str {
        "native"
    }

    fn decide(&self, policy: &Path, requests: &[&[u8]]) -> Vec<String> {
        let estate = read(policy).estate.expect("the policy of a case checks");
        let compiled = compile(&estate, None).unwrap_or_else(|error| panic!("{}: {error}", policy.display()));
        let policy = Policy::load(compiled.bytes).expect("what was compiled loads");
        let answer = |request: &&[u8]| {
            let decision = policy.explain_json(request);
            assert_eq!(
                policy.decide_json(request).reason(),
                decision.reason,
                "a decision with and without explanation"
            );
            // The other engines read a directory.
            Decision { bundle: None, ..decision }.to_json()
        };
        requests.iter().map(answer).collect()
    }
}

/// The compiled engine over the bundle of the account alone that a request names (D2).
pub(crate) struct NativeByAccount;

impl Engine for NativeByAccount {
    fn name(&self) -> &'static str {
        "native, one account"
    }

    fn decide(&self, policy: &Path, requests: &[&[u8]]) -> Vec<String> {
        let estate = read(policy).estate.expect("the policy of a case checks");
        let bundle = |name: &str| {
            let compiled = compile(&estate, Some(name)).unwrap_or_else(|error| panic!("{}: {error}", policy.display()));
            Policy::load(compiled.bytes).expect("what was compiled loads")
        };
        let bundles: Vec<(&str, &str, Policy)> =
            estate.accounts.iter().map(|account| (&*account.name, &*account.id, bundle(&account.name))).collect();
        let answer = |request: &&[u8]| {
            // What names no account is denied by the bundle of any.
            let asked = RawInvocation::from_json(request).map(|raw| raw.account).unwrap_or_default();
            let own = bundles.iter().find(|(name, id, _)| [*name, *id].contains(&&*asked));
            let (_, _, policy) = own.or(bundles.first()).expect("an estate of a case has an account");
            assert!(policy.is_one_account(), "a bundle of one account says so");
            let decision = policy.explain_json(request);
            assert_eq!(policy.decide_json(request).policy(), decision.policy, "a decision without explanation");
            Decision { bundle: None, ..decision }.to_json()
        };
        requests.iter().map(answer).collect()
    }
}

/// The program `portcullis`, as a process that reads the policy directory.
pub(crate) struct Program;

/// The same, as a process that reads a bundle which another compiled.
pub(crate) struct ProgramByBundle;

impl Engine for Program {
    fn name(&self) -> &'static str {
        "program"
    }

    fn decide(&self, policy: &Path, requests: &[&[u8]]) -> Vec<String> {
        asked(policy.to_str().expect("a path in UTF-8"), requests)
    }
}

impl Engine for ProgramByBundle {
    fn name(&self) -> &'static str {
        "program by bundle"
    }

    fn decide(&self, policy: &Path, requests: &[&[u8]]) -> Vec<String> {
        let policy = policy.to_str().expect("a path in UTF-8");
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("estate.bundle");
        let path = path.to_str().expect("a path in UTF-8");
        let output = run_program(&["compile", policy, "--output", path], b"");
        assert!(output.status.success(), "compile: {}", String::from_utf8_lossy(&output.stderr));
        let said = String::from_utf8(output.stdout).expect("text");
        let digest = said.lines().next().and_then(|line| line.strip_prefix("bundle ")).expect("a digest");
        asked(path, requests).iter().map(|answer| without_bundle(answer, digest)).collect()
    }
}

/// The same, as a process that runs a WebAssembly module in a sandbox.
pub(crate) struct ProgramByModule;

impl Engine for ProgramByModule {
    fn name(&self) -> &'static str {
        "program by module"
    }

    fn has_full_messages(&self) -> bool {
        false
    }

    fn decide(&self, policy: &Path, requests: &[&[u8]]) -> Vec<String> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("policy.wasm");
        let path = path.to_str().expect("a path in UTF-8");
        let policy = policy.to_str().expect("a path in UTF-8");
        let output = run_program(&["compile", policy, "--format", "wasm", "--output", path], b"");
        assert!(output.status.success(), "compile: {}", String::from_utf8_lossy(&output.stderr));
        asked_of(path, &["--engine", "wasm"], requests).iter().map(|answer| modules::of_directory(answer)).collect()
    }
}

/// The decision without the digest of the bundle, which it has to name: the other engines read a directory.
pub(crate) fn without_bundle(decision: &str, digest: &str) -> String {
    let of_bundle = format!("\"bundle\":\"{digest}\",\"language\":");
    assert!(decision.contains(&of_bundle), "{decision} does not name {digest}");
    decision.replace(&of_bundle, "\"bundle\":null,\"language\":")
}

/// What the program says of requests, by a policy directory or a bundle.
fn asked(policy: &str, requests: &[&[u8]]) -> Vec<String> {
    asked_of(policy, &[], requests)
}

fn asked_of(policy: &str, options: &[&str], requests: &[&[u8]]) -> Vec<String> {
    // A request that holds the end of a line cannot be a line; such go in by themselves.
    let is_line = |request: &&&[u8]| !request.contains(&b'\n') && !request.ends_with(b"\r");
    let lines: Vec<&[u8]> = requests.iter().filter(is_line).copied().collect();
    let mut input = lines.join(&b'\n');
    input.push(b'\n');
    let output = run_program(&[&["decide", "--policy", policy, "--requests", "-"], options].concat(), &input);
    assert!(output.status.success(), "--requests: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("decisions in UTF-8");
    let mut answers = text.lines().map(str::to_owned);
    let answer = |request: &&[u8]| {
        if is_line(&request) {
            return answers.next().expect("an answer for each line");
        }
        let output = run_program(
            &[&["decide", "--policy", policy, "--request", "-", "--format", "json"], options].concat(),
            request,
        );
        String::from_utf8(output.stdout).expect("a decision in UTF-8").trim_end().to_owned()
    };
    requests.iter().map(answer).collect()
}

/// Reads and checks the policy files of a folder, as they come.
pub(crate) fn read(policy: &Path) -> Report {
    let files = workspace_tests::files_of_policy(policy).into_iter();
    check(files.map(|(name, bytes)| PolicyFile::new(name, bytes)).collect())
}

/// Runs `portcullis` with some input.
pub(crate) fn run_program(arguments: &[&str], input: &[u8]) -> Output {
    run(Command::new(program()).args(arguments).stderr(Stdio::piped()), input)
}

/// Runs a command with some input.
pub(crate) fn run(command: &mut Command, input: &[u8]) -> Output {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        // A program that refuses its input early closes the pipe, which is its right.
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().expect("the program ends");
    writer.join().expect("the input is written");
    output
}

/// The program, built with the profile of this test.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let test = std::env::current_exe().expect("this test is a file");
        let folder = test.parent().and_then(Path::parent).expect("target/PROFILE/deps").to_path_buf();
        let mut cargo = Command::new(env!("CARGO"));
        // With the features of a whole test run: others would build most dependencies a second time.
        cargo.args(["build", "--quiet", "--locked", "--workspace", "--features", "policy-cli/wasm"]);
        cargo.args(["--bin", "portcullis", "--test", "architecture"]);
        if folder.ends_with("release") {
            cargo.arg("--release");
        }
        let target = folder.parent().expect("target");
        let status = cargo.arg("--target-dir").arg(target).current_dir(workspace_tests::root()).status();
        assert!(status.expect("cargo runs").success(), "the program does not build");
        folder.join("portcullis")
    })
}

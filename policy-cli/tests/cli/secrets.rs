//! Secrets that are put wherever the program takes text: none comes back (C1, A5). What is put where is data in
//! `fixtures/secrets`, whose README says what holds such texts because it must.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::{Value, json};

use super::support::{bundle, code, portcullis, run, run_with};

const MARK: &str = "SECRET";

fn fixture<T: serde::de::DeserializeOwned>(name: &str) -> T {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/secrets").join(name);
    serde_json::from_slice(&fs::read(&path).unwrap()).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn addresses() -> Vec<String> {
    fixture("addresses.json")
}

fn remotes() -> Vec<String> {
    addresses().into_iter().chain(fixture::<Vec<String>>("remotes.json")).collect()
}

fn acme() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/estates/acme/policy")
}

/// A text between the quotes of a policy or of JSON.
fn escaped(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    quoted.trim_matches('"').to_owned()
}

/// The base of the question: permitted, but for what is changed.
fn question() -> Value {
    json!({
        "account": "dev",
        "caller": {"principal": "arn:aws:sts::111111111111:assumed-role/ci-main/run-3"},
        "repository": "github.com/acme/infrastructure-live",
        "ref": "refs/heads/main",
        "path": "dev/eu-west-1/data/orders",
        "command": "migrate-database",
    })
}

/// The question with a text at a JSON pointer; lists and objects on the way are made.
fn asked(pointer: &str, text: &str) -> Value {
    let parts: Vec<&str> = pointer.split('/').skip(1).collect();
    let inner = |value: Value, part: &&str| match *part {
        "0" => json!([value]),
        "issuer" => json!({"issuer": value, "claims": {"sub": "a"}}),
        name => json!({name: value}),
    };
    let made = parts.iter().rev().fold(Value::from(text), inner);
    let mut question = question();
    for (name, value) in made.as_object().unwrap() {
        question[name] = value.clone();
    }
    question
}

fn texts(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[track_caller]
fn absent(output: &Output, what: &str) {
    let text = texts(output);
    assert!(!text.contains(MARK), "{what}\n{text}");
}

/// A decision without what must hold what was asked: `launch.argv`, and `got` of paths and arguments.
fn without_what_was_asked(line: &str) -> String {
    let mut decision: Value = serde_json::from_str(line).unwrap();
    if let Some(launch) = decision["launch"].as_object_mut() {
        launch.remove("argv");
    }
    for rule in decision["nearest"].as_array_mut().into_iter().flatten() {
        for failed in rule["failed"].as_array_mut().into_iter().flatten() {
            if ["path", "arguments"].contains(&failed["dimension"].as_str().unwrap()) {
                failed.as_object_mut().unwrap().remove("got");
            }
        }
    }
    decision.to_string()
}

/// Every question that the tables make: addresses at each place, and secret arguments.
fn questions() -> Vec<Value> {
    let places: Vec<String> = fixture("places.json");
    let mut questions = Vec::new();
    for address in addresses() {
        questions.extend(places.iter().map(|place| asked(place, &address)));
    }
    questions.extend(fixture::<Vec<String>>("remotes.json").iter().map(|text| asked("/repository", text)));
    for arguments in fixture::<Vec<Value>>("arguments.json") {
        let mut question = question();
        question["arguments"] = arguments;
        questions.push(question.clone());
        for (field, value) in [("account", "none"), ("command", "none"), ("path", "dev//"), ("ref", "main")] {
            let mut question = question.clone();
            question[field] = value.into();
            questions.push(question);
        }
    }
    questions
}

// C1, A5
#[test]
fn no_decision_repeats_a_secret() {
    let directory = tempfile::tempdir().unwrap();
    let file = compiled(directory.path());
    let questions = questions();
    assert!(questions.len() > 250);
    let lines: Vec<String> = questions.iter().map(Value::to_string).collect();
    let lines = lines.join("\n");
    let policies = [acme().to_str().unwrap().to_owned(), file.to_str().unwrap().to_owned()];
    let asked = [(0, "native"), (0, "reference"), (0, "both"), (0, "wasm"), (1, "native"), (1, "wasm")];
    for (policy, engine) in asked.into_iter().filter(|(_, engine)| *engine != "wasm" || cfg!(feature = "wasm")) {
        let arguments = ["decide", "--policy", &policies[policy], "--engine", engine, "--requests", "-"];
        let output = run_with(&arguments, lines.as_bytes());
        assert_eq!(code(&output), 0, "{}", texts(&output));
        assert!(output.stderr.is_empty());
        let decisions = String::from_utf8(output.stdout).unwrap();
        assert_eq!(decisions.lines().count(), questions.len());
        for (question, decision) in questions.iter().zip(decisions.lines()) {
            assert!(!without_what_was_asked(decision).contains(MARK), "{engine}: {question}\n{decision}");
        }
    }
}

// C1, A5
#[test]
fn no_explanation_repeats_a_secret() {
    let directory = tempfile::tempdir().unwrap();
    let file = compiled(directory.path());
    for question in questions() {
        let arguments = ["decide", "--policy", file.to_str().unwrap(), "--request", "-"];
        absent(&run_with(&arguments, question.to_string().as_bytes()), &question.to_string());
    }
    let engines: &[&str] = if cfg!(feature = "wasm") { &["reference", "both", "wasm"] } else { &["reference", "both"] };
    for engine in engines {
        let mut question = question();
        question["arguments"] = json!(["-password=SECRET", "migrations/1.sql"]);
        let arguments =
            ["decide", "--policy", acme().to_str().unwrap(), "--engine", engine, "--request", "-"].map(str::to_owned);
        let output = run_with(&arguments.each_ref().map(String::as_str), question.to_string().as_bytes());
        absent(&output, engine);
        assert!(texts(&output).contains("-password=[hidden]"), "{}", texts(&output));
    }
}

fn compiled(directory: &Path) -> PathBuf {
    let file = directory.join("acme.bundle");
    let output = run(&["compile", acme().to_str().unwrap(), "-o", file.to_str().unwrap()]);
    assert_eq!(code(&output), 0, "{}", texts(&output));
    file
}

// C1, A5
#[test]
fn no_job_repeats_a_secret() {
    let directory = tempfile::tempdir().unwrap();
    let file = compiled(directory.path());
    let outputs = directory.path().join("outputs");
    let summary = directory.path().join("summary");
    let ask = |arguments: &[String], variables: &[(&str, &str)]| {
        let question = question();
        let text = |name: &str| question[name].as_str().unwrap().to_owned();
        let (account, path, command) = (text("account"), text("path"), text("command"));
        let caller = question["caller"]["principal"].as_str().unwrap();
        let mut job = portcullis(&["decide", "--policy", file.to_str().unwrap(), "--ci", "--caller", caller]);
        job.args(["--account", &account, "--path", &path, "--command", &command]);
        job.env_clear().envs(variables.iter().copied()).args(arguments);
        job.env("GITHUB_OUTPUT", &outputs).env("GITHUB_STEP_SUMMARY", &summary);
        let output = job.output().unwrap();
        absent(&output, &format!("{arguments:?} {variables:?}"));
        let summary = fs::read_to_string(&summary).unwrap_or_default();
        assert!(!summary.contains(MARK), "{summary}");
    };
    let github = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_SERVER_URL", "https://github.com"),
        ("GITHUB_REPOSITORY", "acme/infrastructure-live"),
        ("GITHUB_REF", "refs/heads/main"),
        ("GITHUB_REF_TYPE", "branch"),
        ("GITHUB_SHA", "0123456789abcdef0123456789abcdef01234567"),
    ];
    for arguments in fixture::<Vec<Vec<String>>>("arguments.json") {
        ask(&[vec!["--".to_owned()], arguments].concat(), &github);
    }
    for address in remotes() {
        ask(&["--repository".to_owned(), address.clone()], &github);
        ask(&[], &[("CIRCLECI", "true"), ("CIRCLE_BRANCH", "main"), ("CIRCLE_REPOSITORY_URL", &address)]);
        ask(&[], &[("JENKINS_URL", "https://x/"), ("GIT_BRANCH", "origin/main"), ("GIT_URL", &address)]);
        ask(&[], &[("BUILDKITE", "true"), ("BUILDKITE_BRANCH", "main"), ("BUILDKITE_REPO", &address)]);
        ask(&[], &[("GITLAB_CI", "true"), ("CI_COMMIT_BRANCH", "main"), ("CI_REPOSITORY_URL", &address)]);
        ask(&[], &[("GITLAB_CI", "true"), ("CI_COMMIT_BRANCH", "main"), ("CI_PROJECT_URL", &address)]);
    }
    let token = [&github[..], &[("PORTCULLIS_ID_TOKEN", "SECRET.SECRET.SECRET")]].concat();
    ask(&[], &token);
}

// C1
#[test]
fn no_mistake_of_a_policy_repeats_a_secret() {
    let directory = tempfile::tempdir().unwrap();
    let (policy, out) = (directory.path().join("policy"), directory.path().join("a.bundle"));
    fs::create_dir(&policy).unwrap();
    let (path, out) = (policy.to_str().unwrap(), out.to_str().unwrap());
    let check = |format: &str| run(&["check", path, "--format", format]);
    for (number, template) in fixture::<Vec<String>>("policies.json").iter().enumerate() {
        // Only where a remote is expected, anything may be meant as an address.
        let texts = if template.contains("remotes = [") && !template.contains("url") { remotes() } else { addresses() };
        for text in texts.iter().filter(|text| number < 4 || addresses().contains(text)) {
            let hcl = template.replace("@@", &escaped(text));
            fs::write(policy.join("estate.hcl"), &hcl).unwrap();
            for format in ["human", "json", "github", "sarif"] {
                absent(&check(format), &format!("{format}: {hcl}"));
            }
            absent(&run(&["compile", path, "-o", out]), &hcl);
        }
        let hcl = template.replace("@@", &escaped(&addresses()[0]));
        fs::write(policy.join("estate.hcl"), &hcl).unwrap();
        for arguments in [
            &["test", path][..],
            &["fmt", "--check", path],
            &["fmt", path],
            &["decide", "--policy", path, "--request", "-"],
        ] {
            absent(&run_with(arguments, question().to_string().as_bytes()), &format!("{arguments:?}: {hcl}"));
        }
    }
}

// C1, A5
#[test]
fn no_test_that_fails_repeats_a_secret() {
    let directory = tempfile::tempdir().unwrap();
    for entry in ["accounts", "."] {
        let into = directory.path().join(entry);
        fs::create_dir_all(&into).unwrap();
        for file in fs::read_dir(acme().join(entry)).unwrap().map(|file| file.unwrap().path()) {
            if file.is_file() && !file.to_str().unwrap().ends_with(".test.hcl") {
                fs::copy(&file, into.join(file.file_name().unwrap())).unwrap();
            }
        }
    }
    for template in fixture::<Vec<String>>("tests.json") {
        for address in addresses() {
            let hcl = template.replace("@@", &escaped(&address));
            fs::write(directory.path().join("a.test.hcl"), &hcl).unwrap();
            for format in ["human", "json"] {
                let output = run(&["test", directory.path().to_str().unwrap(), "--format", format]);
                assert_ne!(code(&output), 0, "{hcl}");
                absent(&output, &hcl);
            }
        }
    }
}

// C1
#[test]
fn no_command_repeats_a_secret() {
    let directory = tempfile::tempdir().unwrap();
    let file = bundle(directory.path(), &[]);
    let out = directory.path().join("out");
    fs::create_dir(&out).unwrap();
    let policy = super::support::policy();
    let paths = [("POLICY", &policy), ("BUNDLE", &file), ("OUT", &out)];
    let paths = paths.map(|(name, path)| (name, path.to_str().unwrap()));
    for words in fixture::<Vec<Vec<String>>>("commands.json") {
        let is_address = words.iter().any(|word| word == "--repository");
        for address in if is_address { remotes() } else { addresses() } {
            let mut arguments = Vec::new();
            for word in &words {
                if word == "ASK" {
                    arguments.extend(ask(&words, paths[1].1));
                    continue;
                }
                let named = paths.iter().fold(word.clone(), |word, (name, path)| word.replace(name, path));
                arguments.push(named.replace("@@", &address));
            }
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            absent(&run_with(&arguments, question().to_string().as_bytes()), &format!("{arguments:?}"));
        }
    }
    // What `init` accepted, it wrote without the user.
    for file in fs::read_dir(out.join("new")).unwrap().map(|file| file.unwrap().path()).filter(|file| file.is_file()) {
        assert!(!fs::read_to_string(&file).unwrap().contains(MARK), "{}", file.display());
    }
}

/// The flags of a whole question, but for those that are given.
fn ask(given: &[String], policy: &str) -> Vec<String> {
    let flags = [
        ("--policy", policy),
        ("--account", "prod"),
        ("--caller", "arn:aws:sts::111111111111:assumed-role/ci-main/run-1"),
        ("--repository", "github.com/acme/live"),
        ("--ref", "refs/heads/main"),
        ("--path", "prod/app"),
        ("--command", "terragrunt-plan"),
    ];
    let claims = given.iter().any(|word| word == "--claims");
    let is_given = |flag: &str| given.iter().any(|word| word == flag) || (claims && flag == "--caller");
    flags
        .iter()
        .filter(|(flag, _)| !is_given(flag))
        .flat_map(|(flag, value)| [(*flag).to_owned(), (*value).to_owned()])
        .collect()
}

//! Host packages of other languages as engines. Each comes with a program that decides by a policy module:
//! `PROGRAM ARGUMENTS… MODULE DIGEST`. It reads requests from stdin, each a length (four bytes, little-endian) and the bytes,
//! and writes one decision a line to stdout. It also compares what else its package offers, and fails where that differs.

use std::path::Path;
use std::process::{Command, Stdio};

use policy_core::bundle::Policy;
use policy_core::compile::compile;
use policy_core::decision::Digest;

use crate::engines::{Engine, read, run};

/// The hosts to run, which the steps of the gate set: a line for each, with its name, its program and the program's
/// arguments, separated by tabs.
const VARIABLE: &str = "PORTCULLIS_HOSTS";

/// A host package.
pub(crate) struct Host {
    name: String,
    command: Vec<String>,
}

/// Those that the environment names.
pub(crate) fn named() -> Vec<Box<dyn Engine>> {
    let hosts = std::env::var(VARIABLE).unwrap_or_default();
    let engine = |line: &str| {
        let mut words = line.split('\t').map(str::to_owned);
        let name = words.next().expect("a line has a first word");
        let command: Vec<String> = words.collect();
        assert!(!command.is_empty(), "{VARIABLE} names no program for `{name}`");
        Box::new(Host { name, command }) as Box<dyn Engine>
    };
    hosts.lines().map(engine).collect()
}

impl Engine for Host {
    fn name(&self) -> &str {
        &self.name
    }

    fn has_full_messages(&self) -> bool {
        false
    }

    fn decide(&self, policy: &Path, requests: &[&[u8]]) -> Vec<String> {
        let estate = read(policy).estate.expect("the policy of a case checks");
        let compiled = compile(&estate, None).unwrap_or_else(|error| panic!("{}: {error}", policy.display()));
        let bundle = Policy::load(compiled.bytes).expect("what was compiled loads");
        let module = policy_modules::bake(&bundle).expect("a bundle is baked");
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("policy.wasm");
        std::fs::write(&file, &module).expect("the module is written");

        let (program, arguments) = self.command.split_first().expect("a host has a program");
        let mut command = Command::new(program);
        command.args(arguments).arg(&file).arg(Digest::of(&module).to_string());
        let output = run(command.stderr(Stdio::inherit()), &framed(requests));
        assert!(output.status.success(), "{} on {}", self.name, policy.display());
        let text = String::from_utf8(output.stdout).expect("decisions in UTF-8");
        let of_bundle = format!("\"bundle\":\"{}\",\"language\":1,\"engine\":\"wasm\"", bundle.digest());
        let answer = |line: &str| {
            assert!(line.contains(&of_bundle), "{}: {line} does not say {of_bundle}", self.name);
            // The other engines read a directory.
            line.replace(&of_bundle, "\"bundle\":null,\"language\":1,\"engine\":\"wasm\"")
        };
        text.lines().map(answer).collect()
    }
}

fn framed(requests: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for request in requests {
        let length = u32::try_from(request.len()).expect("a request of a case is short");
        bytes.extend(length.to_le_bytes());
        bytes.extend_from_slice(request);
    }
    bytes
}

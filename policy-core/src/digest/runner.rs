//! A runner's block in its canonical form.

use crate::estate::Runner;
use crate::json::{ArrayWriter, ObjectWriter};

use super::lists::{map, optional, sorted, texts};

/// The canonical text of a runner. Keys are sorted by bytes.
pub(super) fn serialise(runner: &Runner) -> String {
    let mut out = String::new();
    write(&mut out, runner);
    out
}

pub(super) fn write(out: &mut String, runner: &Runner) {
    let number = |out: &mut String, number: u32| out.push_str(&number.to_string());
    let mut object = ObjectWriter::new(out);
    optional(object.field("cpu"), runner.cpu, number);
    map(object.field("environment"), &runner.environment);
    object.text("format", "portcullis-runner-1");
    object.text("image", &runner.image);
    optional(object.field("max_cpu"), runner.max_cpu, number);
    object.number("max_duration", runner.max_duration.into());
    optional(object.field("max_memory"), runner.max_memory, number);
    optional(object.field("memory"), runner.memory, number);
    modules(object.field("modules"), runner);
    object.text("name", &runner.name);
    object.text("platform", runner.platform.as_str());
    object.text("role", &runner.role);
    secrets(object.field("secrets"), runner);
    optional(object.field("storage"), runner.storage, number);
    object.boolean("submodules", runner.submodules);
    let mut tools = ObjectWriter::new(object.field("tools"));
    for (tool, versions) in &runner.tools {
        texts(tools.field(tool), versions.iter().map(|version| &**version));
    }
    tools.finish();
    object.finish();
}

/// D1: the repositories that tools may read, with what they are.
fn modules(out: &mut String, runner: &Runner) {
    let mut object = ObjectWriter::new(out);
    for module in &runner.modules {
        let remotes = module.remotes.iter().map(|remote| remote.as_str().to_owned());
        sorted(object.field(&module.name), remotes.collect());
    }
    object.finish();
}

fn secrets(out: &mut String, runner: &Runner) {
    let mut array = ArrayWriter::new(out);
    for secret in &runner.secrets {
        let mut object = ObjectWriter::new(array.item());
        object.text("arn", &secret.arn);
        object.text("for", secret.audience.as_str());
        object.text("name", &secret.name);
        object.finish();
    }
    array.finish();
}

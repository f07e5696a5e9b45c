//! `runner` blocks.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::estate::{Platform, Repository, Runner, Secret, SecretAudience};
use crate::evaluate::{Located, Value};
use crate::source::Span;
use crate::syntax::tree::Block;

use super::block::{Fields, Schema};
use super::context::Context;
use super::convert::{Subject, Variables};
use super::selection::Allowed;

const RUNNER: Schema = Schema {
    labels: 1,
    attributes: &[
        "image",
        "role",
        "environment",
        "cpu",
        "memory",
        "max_cpu",
        "max_memory",
        "storage",
        "platform",
        "tools",
        "modules",
        "submodules",
        "max_duration",
    ],
    blocks: &["secret"],
};
const SECRET: Schema = Schema { labels: 1, attributes: &["arn", "for"], blocks: &[] };

/// Seconds that a job may take where nothing is said.
const DEFAULT_MAX_DURATION: u32 = 60 * 60;

/// Where the variables and secrets of a runner are written.
#[derive(Default)]
pub(super) struct RunnerVariables {
    pub(super) values: BTreeMap<Arc<str>, Arc<str>>,
    pub(super) places: BTreeMap<Arc<str>, Span>,
    pub(super) secrets: BTreeMap<Arc<str>, Span>,
}

impl Context<'_> {
    /// The `runner` blocks.
    pub(super) fn runners(&mut self, blocks: &[&Block]) {
        for block in blocks {
            let fields = self.fields(block, &RUNNER);
            let name = self.block_name(&fields);
            let new = name.as_ref().is_some_and(|name| self.runners.declare(name, fields.header(), self.diagnostics));
            let runner = self.runner(&fields);
            if let (Some(name), true, Some((runner, variables))) = (name, new, runner) {
                self.runner_variables.insert(name.clone(), variables);
                self.runners.define(&name.clone(), Runner { name, ..runner });
            }
        }
    }

    fn runner(&mut self, fields: &Fields<'_>) -> Option<(Runner, RunnerVariables)> {
        let image = self.required(fields, "image", Self::word);
        let role = self.required(fields, "role", Self::word);
        let environment = self.optional(fields, "environment", Self::environment).unwrap_or_default();
        let size = |context: &mut Self, name| {
            context.optional(fields, name, |context, subject, value| context.whole(subject, value, 1..=1_000_000))
        };
        let (cpu, max_cpu) = (size(self, "cpu"), size(self, "max_cpu"));
        let (memory, max_memory) = (size(self, "memory"), size(self, "max_memory"));
        let storage = size(self, "storage");
        self.at_most(fields, ("cpu", cpu), ("max_cpu", max_cpu));
        self.at_most(fields, ("memory", memory), ("max_memory", max_memory));
        let platform = self.optional(fields, "platform", |context, subject, value| {
            context.choice(subject, value, &[("fargate", Platform::Fargate), ("ec2", Platform::Ec2)])
        });
        let tools = self.optional(fields, "tools", Self::tools).unwrap_or_default();
        let modules = self.optional(fields, "modules", Self::modules).unwrap_or_default();
        let submodules = self.optional(fields, "submodules", Self::boolean).unwrap_or(false);
        let max_duration = self.optional(fields, "max_duration", Self::duration).unwrap_or(DEFAULT_MAX_DURATION);
        let (secrets, secret_places) = self.secrets(fields);
        self.conflicting_variables(&environment.places, &secret_places);
        let Variables { values, places } = environment;
        let variables = RunnerVariables { values: values.clone(), places, secrets: secret_places };
        let runner = Runner {
            name: "".into(),
            image: image?,
            role: role?,
            environment: values,
            cpu,
            memory,
            max_cpu,
            max_memory,
            storage,
            platform: platform.unwrap_or(Platform::Fargate),
            tools,
            modules,
            submodules,
            max_duration,
            secrets,
        };
        Some((runner, variables))
    }

    /// What is asked for by default must not be more than what may be asked for.
    fn at_most(&mut self, fields: &Fields<'_>, small: (&str, Option<u32>), large: (&str, Option<u32>)) {
        if let (Some(value), Some(limit)) = (small.1, large.1)
            && value > limit
            && let (Some(first), Some(second)) = (fields.attribute(small.0), fields.attribute(large.0))
        {
            let message = format!("`{}` is {value}, but `{}` is only {limit}", small.0, large.0);
            self.report(
                Diagnostic::new(Code::Conflict, first.span.max(second.span), message)
                    .related(first.span.min(second.span), "the other of the two"),
            );
        }
    }

    fn tools(&mut self, subject: &Subject<'_>, value: &Located) -> Option<BTreeMap<Arc<str>, Vec<Arc<str>>>> {
        let mut tools = BTreeMap::new();
        for (name, value) in self.some_entries(subject, value)? {
            let entry = subject.entry(name, value);
            if let Some(members) = self.some_members(&entry, value)
                && let Some(versions) = self.items(&entry, members)
            {
                tools.insert(name.clone(), versions);
            }
        }
        Some(tools)
    }

    /// P7: declared repositories, which are not `any()`; N7: none, if that is written.
    fn modules(&mut self, subject: &Subject<'_>, value: &Located) -> Option<Vec<Arc<Repository>>> {
        if matches!(&value.value, Value::List(members) if members.is_empty()) {
            return Some(Vec::new());
        }
        let allowed = Allowed { any: false, effect: false };
        let selection = self.names(subject, value, allowed, |context| &context.repositories)?;
        Some(selection.names.included.clone())
    }

    fn secrets(&mut self, fields: &Fields<'_>) -> (Vec<Secret>, BTreeMap<Arc<str>, Span>) {
        let mut secrets = Vec::new();
        let mut places = BTreeMap::new();
        for block in fields.blocks("secret") {
            let fields = self.fields(block, &SECRET);
            let arn = self.required(&fields, "arn", Self::arn);
            let audience = self.required(&fields, "for", |context, subject, value| {
                context.choice(subject, value, &[("runner", SecretAudience::Runner), ("tool", SecretAudience::Tool)])
            });
            let Some(label) = block.labels.first().filter(|label| !label.text.is_empty()) else { continue };
            let header = Subject::header(&label.text, block.header);
            self.variable_name(&header, &label.text);
            if let Some(before) = places.insert(label.text.clone(), block.header) {
                self.report(
                    Diagnostic::new(Code::DuplicateName, block.header, format!("a second secret `{}`", label.text))
                        .help("give it a name of its own")
                        .related(before, "the first one"),
                );
                continue;
            }
            if let (Some(arn), Some(audience)) = (arn, audience) {
                secrets.push(Secret { name: label.text.clone(), arn, audience });
            }
        }
        secrets.sort_by(|left, right| left.name.cmp(&right.name));
        (secrets, places)
    }

    /// N7: six parts, of which partition, service and resource are not empty.
    fn arn(&mut self, subject: &Subject<'_>, value: &Located) -> Option<Arc<str>> {
        let text = self.word(subject, value)?;
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        let good = matches!(parts.as_slice(), ["arn", partition, service, _, _, resource]
            if !partition.is_empty() && !service.is_empty() && !resource.is_empty());
        if !good {
            let message = format!("`{}` is no ARN", text.escape_debug());
            let help = "an ARN reads `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`";
            self.mistake(Code::InvalidValue, subject.span, message, help);
            return None;
        }
        Some(text)
    }

    /// N7: a variable that is secret and plain.
    pub(super) fn conflicting_variables(
        &mut self,
        plain: &BTreeMap<Arc<str>, Span>,
        secret: &BTreeMap<Arc<str>, Span>,
    ) {
        for (name, span) in plain {
            if let Some(other) = secret.get(name) {
                let message = format!("`{name}` is a secret and also has a plain value");
                self.report(
                    Diagnostic::new(Code::ConflictingVariable, (*span).max(*other), message)
                        .help("keep one of them, or give them different names")
                        .related((*span).min(*other), "the other one"),
                );
            }
        }
    }
}

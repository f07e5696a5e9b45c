//! Bundles as JSON. `docs/schemas/compiled.json` and `docs/schemas/bundle.json` are made from these types.

use policy_core::bundle::{AccountView, Policy, ProofRecord};
use policy_core::decision::Digest;
use serde::Serialize;

use super::Written;
use super::in_force::InForce;
use crate::arguments::PolicyFormat;
use crate::webassembly::Module;

/// What `portcullis compile` wrote.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields, title = "Compiled"))]
pub(crate) struct CompiledDocument {
    /// The version of this form.
    #[cfg_attr(test, schemars(range(min = 1, max = 1)))]
    version: u32,
    /// What was written: `bundle`, or `wasm` or `component` for a WebAssembly module or component with the bundle inside.
    #[cfg_attr(test, schemars(extend("enum" = ["bundle", "wasm", "component"])))]
    format: &'static str,
    /// SHA-256 of the file that was written: what a host is to expect.
    #[cfg_attr(test, schemars(regex(pattern = "^sha256:[0-9a-f]{64}$")))]
    file: String,
    /// SHA-256 of the bundle's bytes.
    #[cfg_attr(test, schemars(regex(pattern = "^sha256:[0-9a-f]{64}$")))]
    bundle: String,
    /// The version of the policy language.
    #[cfg_attr(test, schemars(range(min = 1)))]
    language: u32,
    /// The accounts, in the order of the policy.
    accounts: Vec<Account>,
    /// The size of the file in bytes.
    bytes: usize,
    /// What was proved before it was written.
    proof: Proof,
}

/// What a bundle is, and what it holds.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields, title = "Bundle"))]
pub(crate) struct Document<'p> {
    /// The version of this form.
    #[cfg_attr(test, schemars(range(min = 1, max = 1)))]
    version: u32,
    /// SHA-256 of the bundle's bytes.
    #[cfg_attr(test, schemars(regex(pattern = "^sha256:[0-9a-f]{64}$")))]
    bundle: String,
    /// The version of the bundle's format: `major.minor`.
    #[cfg_attr(test, schemars(regex(pattern = "^[0-9]+\\.[0-9]+$")))]
    format: String,
    /// The version of the policy language.
    #[cfg_attr(test, schemars(range(min = 1)))]
    language: u32,
    /// The WebAssembly module or component that holds it; `null` for a bundle alone.
    module: Option<ModuleDocument<'p>>,
    /// Whether it was compiled of one account alone, with `--account`.
    one_account: bool,
    /// The size of the bundle in bytes.
    bytes: usize,
    /// What was proved before it was written.
    proof: Proof,
    /// Its parts, in the order in which they lie in it.
    parts: Vec<Part>,
    /// The accounts, in the order of the policy.
    accounts: Vec<Account>,
    /// What is in force in the account that `--account` names; `null` without it.
    in_force: Option<InForce<'p>>,
}

/// A WebAssembly module or component, every byte of which is what this version makes of the bundle in it.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields, rename = "Module"))]
struct ModuleDocument<'p> {
    /// `module`, or `component`.
    #[cfg_attr(test, schemars(extend("enum" = ["module", "component"])))]
    kind: &'static str,
    /// SHA-256 of the file: what a host is to expect.
    #[cfg_attr(test, schemars(regex(pattern = "^sha256:[0-9a-f]{64}$")))]
    file: String,
    /// The size of the file in bytes.
    bytes: usize,
    /// The version of its interface: `major.minor` of a module, the WIT package of a component.
    #[cfg_attr(test, schemars(regex(pattern = "^([0-9]+\\.[0-9]+|portcullis:policy@[0-9]+\\.[0-9]+\\.[0-9]+)$")))]
    abi: &'p str,
    /// The version of Portcullis that made it.
    portcullis: &'p str,
    /// SHA-256 of the decider in it.
    #[cfg_attr(test, schemars(regex(pattern = "^sha256:[0-9a-f]{64}$")))]
    decider: &'p str,
}

/// An account of the bundle.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
struct Account {
    /// The name.
    name: String,
    /// The id.
    #[cfg_attr(test, schemars(regex(pattern = "^[0-9]{12}$")))]
    id: String,
    /// The digest of its rules.
    #[cfg_attr(test, schemars(regex(pattern = "^sha256:[0-9a-f]{64}$")))]
    policy: String,
}

/// What was compared with the reference's reading of the policy, and found equal.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
struct Proof {
    /// Pairs of a state of the bundle and what an independent reading of the same patterns is in then.
    pairs: u64,
    /// Entries of tables.
    entries: u64,
}

/// A part of a bundle.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
struct Part {
    /// Its name.
    name: &'static str,
    /// Its size.
    bytes: usize,
}

impl CompiledDocument {
    /// The document about a bundle, with a line end.
    pub(crate) fn json<B: AsRef<[u8]>>(policy: &Policy<B>, file: &Written) -> String {
        written(&Self {
            version: 1,
            format: match file.format {
                PolicyFormat::Bundle => "bundle",
                PolicyFormat::Wasm => "wasm",
                PolicyFormat::Component => "component",
            },
            file: file.digest.to_string(),
            bundle: policy.digest().to_string(),
            language: policy.language(),
            accounts: policy.accounts().map(Account::from).collect(),
            bytes: file.bytes,
            proof: Proof::of(policy),
        })
    }
}

impl<'p> Document<'p> {
    /// The document about a bundle, and about one account of it, with a line end.
    pub(crate) fn json<B: AsRef<[u8]>>(
        policy: &'p Policy<B>,
        module: Option<&'p Module>,
        account: Option<AccountView<'p>>,
    ) -> String {
        let (major, minor) = policy.format();
        written(&Self {
            version: 1,
            bundle: policy.digest().to_string(),
            format: format!("{major}.{minor}"),
            language: policy.language(),
            module: module.map(|module| ModuleDocument {
                kind: module.kind(),
                file: module.digest().to_string(),
                bytes: module.bytes(),
                abi: module.interface(),
                portcullis: module.made_by(),
                decider: module.decider(),
            }),
            one_account: policy.is_one_account(),
            bytes: policy.bytes().len(),
            proof: Proof::of(policy),
            parts: policy.sections().map(|(name, bytes)| Part { name, bytes }).collect(),
            accounts: policy.accounts().map(Account::from).collect(),
            in_force: account.map(InForce::of),
        })
    }
}

fn written(document: &impl Serialize) -> String {
    // Texts and numbers always have a JSON form.
    serde_json::to_string(document).unwrap_or_default() + "\n"
}

impl Proof {
    fn of<B: AsRef<[u8]>>(policy: &Policy<B>) -> Self {
        let ProofRecord { pairs, entries } = policy.proof().unwrap_or_default();
        Self { pairs, entries }
    }
}

impl From<AccountView<'_>> for Account {
    fn from(account: AccountView<'_>) -> Self {
        Self { name: account.name().to_owned(), id: account.id().to_owned(), policy: text_of(account.policy()) }
    }
}

/// A digest that is always there, since loading has checked it.
pub(super) fn text_of(digest: Option<Digest>) -> String {
    digest.map(|digest| digest.to_string()).unwrap_or_default()
}

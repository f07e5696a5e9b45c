//! Opening a policy module or component: what it says about itself is believed only where every byte agrees.

use policy_core::bundle::{BundleError, Policy};
use policy_core::decision::Digest;
use wasmparser::{Parser, Payload};

use crate::description::{Description, SECTION};
use crate::kind::Kind;

/// A policy module or component whose every byte is what this version makes of the bundle in it.
#[derive(Debug)]
pub struct PolicyModule<'m> {
    /// Whether it is a module or a component.
    pub kind: Kind,
    /// The policy, ready to decide natively.
    pub bundle: Policy<&'m [u8]>,
    /// What the module says about itself, which is true.
    pub description: Description,
}

/// A file that is no policy module of this version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ForeignModule {
    /// It is no module at all.
    #[error("this is not a WebAssembly module")]
    NotAModule,
    /// It is a module, and not of Portcullis.
    #[error("this WebAssembly module is not a policy: it has no section `portcullis`")]
    NotAPolicy,
    /// It was made by another version.
    #[error("the module says that portcullis {theirs} made it; this program is portcullis {ours}")]
    Version {
        /// The version that it says.
        theirs: String,
        /// This version.
        ours: String,
    },
    /// It has another version of the interface or of the language.
    #[error("the module has {what} version {theirs}; this program reads version {ours}")]
    Incompatible {
        /// `ABI` or `language`.
        what: &'static str,
        /// The version that it says.
        theirs: String,
        /// The version that is read.
        ours: String,
    },
    /// What should be its bundle is none.
    #[error("the bundle in the module is not usable: {0}")]
    Bundle(#[source] BundleError),
    /// The bundle is another than the module says.
    #[error("the module says that its bundle is {said}, and it is {found}")]
    OtherBundle {
        /// The digest that it says.
        said: String,
        /// The digest that it has.
        found: String,
    },
    /// The code around the bundle is not ours.
    #[error("the module is foreign: its decider is not, byte for byte, the one of portcullis {}", env!("CARGO_PKG_VERSION"))]
    OtherDecider,
}

impl ForeignModule {
    /// What to do about it.
    pub const fn help(&self) -> &'static str {
        match self {
            Self::NotAModule | Self::NotAPolicy => {
                "name a file that `portcullis compile` wrote with `--format wasm` or `--format component`"
            }
            Self::Version { .. } | Self::Incompatible { .. } => {
                "check it with that version of portcullis, or compile the policy with this one"
            }
            Self::Bundle(_) | Self::OtherBundle { .. } | Self::OtherDecider => {
                "do not trust where it came from; compile the policy again"
            }
        }
    }
}

/// Opens a policy module, or a policy component, that this version made.
///
/// # Errors
/// Whatever differs from what [`bake`](crate::bake()), or `bake_component`, makes of the bundle inside, in one byte or more.
pub fn open(module: &[u8]) -> Result<PolicyModule<'_>, ForeignModule> {
    let kind = Kind::of(module).ok_or(ForeignModule::NotAModule)?;
    let parts = Parts::of(module).map_err(|_| ForeignModule::NotAModule)?;
    let description = parts.description.and_then(Description::from_json).ok_or(ForeignModule::NotAPolicy)?;
    let bytes = parts.last_segment.ok_or(ForeignModule::OtherDecider)?;
    compatible(kind, &description)?;
    let bundle = Policy::load(bytes).map_err(ForeignModule::Bundle)?;
    let ours = Description::ours(kind, bundle.language(), bundle.digest());
    if description.bundle != ours.bundle {
        return Err(ForeignModule::OtherBundle { said: description.bundle, found: ours.bundle });
    }
    match kind.bake(&bundle) {
        Ok(ours) if ours == module => Ok(PolicyModule { kind, bundle, description }),
        _ => Err(ForeignModule::OtherDecider),
    }
}

/// Names the version where it is another one: the bytes differ then anyway, and this says why.
fn compatible(kind: Kind, said: &Description) -> Result<(), ForeignModule> {
    let ours = Description::ours(kind, 1, Digest::of(kind.decider()));
    for (what, theirs, ours) in [("ABI", &said.abi, &ours.abi), ("language", &said.language, &ours.language)] {
        if theirs != ours {
            return Err(ForeignModule::Incompatible { what, theirs: theirs.clone(), ours: ours.clone() });
        }
    }
    if said.portcullis != ours.portcullis {
        return Err(ForeignModule::Version { theirs: said.portcullis.clone(), ours: ours.portcullis });
    }
    Ok(())
}

/// What is looked for in a module.
#[derive(Default)]
struct Parts<'m> {
    description: Option<&'m [u8]>,
    last_segment: Option<&'m [u8]>,
}

impl<'m> Parts<'m> {
    /// The modules within a component are looked through as they come: what describes the component stands behind them.
    fn of(module: &'m [u8]) -> Result<Self, wasmparser::BinaryReaderError> {
        let mut parts = Self::default();
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::CustomSection(section) if section.name() == SECTION => {
                    parts.description = Some(section.data());
                }
                Payload::DataSection(segments) => {
                    for segment in segments {
                        parts.last_segment = Some(segment?.data);
                    }
                }
                _ => {}
            }
        }
        Ok(parts)
    }
}

#[cfg(test)]
mod tests {
    use policy_core::bundle::Policy;
    use policy_core::compile::compile;
    use policy_core::{PolicyFile, check};

    use super::{ForeignModule, open};
    use crate::Kind;

    const KINDS: &[Kind] = &[
        Kind::Module,
        #[cfg(feature = "component")]
        Kind::Component,
    ];

    fn policy(account: &str) -> Policy {
        let text = format!("account \"{account}\" {{ id = \"222222222222\" }}\n");
        let estate = check(vec![PolicyFile::new("estate.hcl", text)]).estate.unwrap();
        Policy::load(compile(&estate, None).unwrap().bytes).unwrap()
    }

    #[test]
    fn what_was_baked_is_opened() {
        let policy = policy("prod");
        for kind in KINDS {
            let module = kind.bake(&policy).unwrap();
            assert_eq!(module, kind.bake(&policy).unwrap());
            let opened = open(&module).unwrap();
            assert_eq!(opened.kind, *kind);
            assert_eq!(opened.bundle.bytes(), policy.bytes());
            assert_eq!(opened.description.bundle, policy.digest().to_string());
            let added = module.len() - kind.decider().len() - policy.bytes().len();
            assert!(added < 600, "baking adds {added} bytes");
        }
    }

    #[test]
    fn whatever_is_changed_is_foreign() {
        for kind in KINDS {
            let module = kind.bake(&policy("prod")).unwrap();
            for at in (0..module.len()).step_by(97) {
                let mut changed = module.clone();
                changed[at] ^= 1;
                assert!(open(&changed).is_err(), "byte {at}");
            }
            for length in (0..module.len()).step_by(997) {
                assert!(open(&module[..length]).is_err(), "{length} bytes");
            }
            assert!(open(&[&*module, &[0]].concat()).is_err());
        }
    }

    #[test]
    fn foreign_modules_are_named() {
        let bundle = policy("prod");
        assert_eq!(open(bundle.bytes()).unwrap_err(), ForeignModule::NotAModule);
        for kind in KINDS {
            let module = kind.bake(&bundle).unwrap();
            assert_eq!(open(kind.decider()).unwrap_err(), ForeignModule::NotAPolicy);
            let replaced = |from: &str, to: &str| {
                let from = from.as_bytes();
                let at = module.windows(from.len()).rposition(|window| window == from).unwrap();
                let mut changed = module.clone();
                changed[at..at + from.len()].copy_from_slice(to.as_bytes());
                open(&changed).unwrap_err().to_string()
            };
            let abi = kind.interface();
            let other = abi.replace('0', "9");
            let said = replaced(&format!("\"abi\":\"{abi}\""), &format!("\"abi\":\"{other}\""));
            assert!(said.contains(&format!("ABI version {other}")), "{said}");
            assert!(replaced("\"language\":\"1\"", "\"language\":\"9\"").contains("language version 9"));
            let version = format!("\"portcullis\":\"{}\"", env!("CARGO_PKG_VERSION"));
            assert!(replaced(&version, &version.replace("0.", "7.")).contains("portcullis 7."));
            // A genuine bundle in a patched decider.
            let mut patched = module.clone();
            patched[kind.decider().len() / 4] ^= 1;
            assert!(matches!(open(&patched), Err(ForeignModule::OtherDecider | ForeignModule::NotAModule)));
            // Another bundle than the module says.
            let mut swapped = kind.bake(&policy("test")).unwrap();
            let said = bundle.digest().to_string();
            let at = swapped.len() - said.len() - 2;
            swapped[at..at + said.len()].copy_from_slice(said.as_bytes());
            assert!(matches!(open(&swapped), Err(ForeignModule::OtherBundle { .. })), "{:?}", open(&swapped));
        }
    }

    /// A component is not a module with a component's first bytes, nor the other way round.
    #[test]
    fn kinds_are_not_mistaken_for_each_other() {
        let policy = policy("prod");
        for (kind, other) in KINDS.iter().zip(KINDS.iter().rev()).filter(|(kind, other)| kind != other) {
            let mut module = kind.bake(&policy).unwrap();
            module[..8].copy_from_slice(&other.decider()[..8]);
            assert!(open(&module).is_err());
        }
    }

    #[test]
    fn nothing_says_where_it_was_built() {
        let (here, home) = (env!("CARGO_MANIFEST_DIR"), std::env::home_dir().unwrap());
        let root = here.strip_suffix("/policy-wasm/modules").unwrap_or(here);
        for kind in KINDS {
            for place in [root, home.to_str().unwrap(), ".cargo/registry"] {
                let found = kind.decider().windows(place.len()).any(|window| window == place.as_bytes());
                assert!(!found, "{kind:?} has `{place}` inside");
            }
        }
    }
}

//! What a policy module says about itself, in the custom section `portcullis`. Nobody decides by it: it is for those who
//! find a file and wonder what it is.

use policy_core::decision::Digest;
use policy_core::json::{Json, Limits, ObjectWriter, read};

use crate::kind::Kind;

/// The name of the custom section.
pub(crate) const SECTION: &str = "portcullis";

/// What a policy module says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// The version of the interface: `major.minor` of a module, the name of the package of a component.
    pub abi: String,
    /// The version of the policy language.
    pub language: String,
    /// The version of Portcullis whose decider it has.
    pub portcullis: String,
    /// The digest of the decider.
    pub decider: String,
    /// The digest of the bundle.
    pub bundle: String,
}

impl Description {
    /// What a file of this kind, of this version and with this bundle says.
    pub(crate) fn ours(kind: Kind, language: u32, bundle: Digest) -> Self {
        Self {
            abi: kind.interface(),
            language: language.to_string(),
            portcullis: env!("CARGO_PKG_VERSION").to_owned(),
            decider: Digest::of(kind.decider()).to_string(),
            bundle: bundle.to_string(),
        }
    }

    pub(crate) fn to_json(&self) -> String {
        let mut out = String::new();
        let mut object = ObjectWriter::new(&mut out);
        for (name, value) in self.fields() {
            object.text(name, value);
        }
        object.finish();
        out
    }

    pub(crate) fn from_json(json: &[u8]) -> Option<Self> {
        let Json::Object(fields) = read(json, Limits { bytes: 4_096, nesting: 1 }).ok()? else { return None };
        let text = |name: &str| {
            fields.iter().find_map(|(field, value)| match value {
                Json::Text(text) if field == name => Some(text.to_string()),
                _ => None,
            })
        };
        Some(Self {
            abi: text("abi")?,
            language: text("language")?,
            portcullis: text("portcullis")?,
            decider: text("decider")?,
            bundle: text("bundle")?,
        })
    }

    fn fields(&self) -> [(&'static str, &str); 5] {
        [
            ("abi", &self.abi),
            ("language", &self.language),
            ("portcullis", &self.portcullis),
            ("decider", &self.decider),
            ("bundle", &self.bundle),
        ]
    }
}

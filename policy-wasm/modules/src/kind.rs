//! The kinds of files that a policy is baked into.

use policy_wasm::ABI;

/// What a policy is baked into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A plain module, whose interface `docs/wasm-abi.md` describes.
    Module,
    /// A component, whose interface is `policy-wasm/wit/policy.wit`.
    #[cfg(feature = "component")]
    Component,
}

impl Kind {
    /// What it is called: `module`, `component`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Module => "module",
            #[cfg(feature = "component")]
            Self::Component => "component",
        }
    }

    /// What a file is, by how it begins. `wasm` is followed by the version of the format and by its layer.
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        match bytes.first_chunk()? {
            b"\0asm\x01\0\0\0" => Some(Self::Module),
            #[cfg(feature = "component")]
            b"\0asm\x0d\0\x01\0" => Some(Self::Component),
            _ => None,
        }
    }

    /// The version of the interface that it has.
    pub(crate) fn interface(self) -> String {
        match self {
            Self::Module => format!("{}.{}", ABI.0, ABI.1),
            #[cfg(feature = "component")]
            Self::Component => "portcullis:policy@0.1.0".to_owned(),
        }
    }

    /// What a policy is baked into.
    pub(crate) const fn decider(self) -> &'static [u8] {
        match self {
            Self::Module => crate::DECIDER,
            #[cfg(feature = "component")]
            Self::Component => crate::UNBAKED,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Kind;
    use crate::DECIDER;

    #[test]
    fn kinds_are_told_by_how_a_file_begins() {
        assert_eq!(Kind::of(DECIDER), Some(Kind::Module));
        assert_eq!(Kind::of(b"\0asm\x02\0\0\0"), None);
        assert_eq!(Kind::of(b"\0asm"), None);
        #[cfg(feature = "component")]
        for component in [crate::COMPONENT, crate::UNBAKED] {
            assert_eq!(Kind::of(component), Some(Kind::Component));
        }
    }

    #[test]
    #[cfg(feature = "component")]
    fn the_interface_of_a_component_is_the_one_in_the_wit() {
        let wit = include_str!("../../wit/policy.wit");
        assert!(wit.contains(&format!("\npackage {};\n", Kind::Component.interface())));
    }
}

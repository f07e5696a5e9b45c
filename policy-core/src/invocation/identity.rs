//! Who asks, in canonical form (C6).

use core::fmt;

use super::{Claims, RawCaller};
use crate::canonical::{Issuer, Malformed, Principal};

/// Who asks, or who approved: a principal, or a token of an issuer (C6).
///
/// It displays as it was asked: the ARN, or the issuer and the claims as compact JSON (E10).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identity {
    /// A principal of AWS or a local user.
    Principal(Principal),
    /// A token that the runtime verified.
    Token(Token),
}

/// A token: who issued it, and what it claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The issuer.
    pub issuer: Issuer,
    /// The claims.
    pub claims: Claims,
}

impl Identity {
    /// Reads a caller.
    ///
    /// # Errors
    /// A principal or an issuer that is not canonical, or a claim's text that is not NFC (C6, `malformed-caller`).
    pub fn parse(caller: &RawCaller) -> Result<Self, Malformed> {
        match caller {
            RawCaller::Principal(text) => Principal::parse(text).map(Self::Principal),
            RawCaller::Token { issuer, claims } => {
                let issuer = Issuer::parse(issuer)?;
                claims.check_normal_form()?;
                Ok(Self::Token(Token { issuer, claims: claims.clone() }))
            }
        }
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Principal(principal) => principal.fmt(formatter),
            Self::Token(Token { issuer, claims }) => write!(formatter, "{issuer} {claims}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Identity;
    use crate::invocation::RawCaller;

    fn identity(json: &str) -> Identity {
        Identity::parse(&RawCaller::from_json(json.as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn an_identity_displays_as_asked() {
        let session = "arn:aws:sts::111111111111:assumed-role/ci/run";
        let principal = identity(&format!(r#"{{"principal":"{session}"}}"#));
        assert_eq!(principal.to_string(), session);
        assert!(matches!(principal, Identity::Principal(principal) if principal.session() == "run"));
        let token = identity(r#"{"issuer":"https://a","claims":{"b":1,"a":["x"]}}"#);
        assert_eq!(token.to_string(), r#"https://a {"a":["x"],"b":1}"#);
        assert!(matches!(token, Identity::Token(token) if token.claims.get("b").is_some()));
    }

    #[test]
    fn what_is_not_canonical_is_refused() {
        for json in [
            r#"{"principal":"ana"}"#,
            r#"{"issuer":"http://a","claims":{}}"#,
            r#"{"issuer":"https://a","claims":{"sub":"e\u0301"}}"#,
        ] {
            assert!(Identity::parse(&RawCaller::from_json(json.as_bytes()).unwrap()).is_err());
        }
    }
}

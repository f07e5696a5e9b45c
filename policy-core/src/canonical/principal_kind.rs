//! Names for the kinds of principal that are not callers (C6), so that a message can say what was given.

use super::account::is_account_id;
use super::commit::is_hexadecimal;
use crate::text::split_once;

/// What a text that has not the six parts of an ARN is.
pub(super) fn kind_of_text(text: &str) -> &'static str {
    let id = text.split(':').next().unwrap_or(text);
    if text.is_empty() {
        "it is empty"
    } else if text == "*" {
        "it is everyone, and a caller is one identity"
    } else if text.ends_with(".amazonaws.com") || text.ends_with(".amazonaws.com.cn") {
        "it is an AWS service"
    } else if text.len() == 64 && is_hexadecimal(text) {
        "it is a canonical user"
    } else if is_account_id(text) {
        "it is an account id alone"
    } else if is_unique_id(id) {
        "it is a unique id, not an ARN"
    } else {
        "it is no principal"
    }
}

/// `AROA…`, `AIDA…`, `ASIA…` and their like, without or with a session behind `:`.
fn is_unique_id(text: &str) -> bool {
    let prefixed = text.starts_with('A') && text.get(3..4) == Some("A");
    let allowed = text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    prefixed && allowed && text.len() >= 16
}

/// What the resource of an ARN is, where it is no caller; nothing where it may be one.
pub(super) fn kind_of_resource(service: &str, resource: &str) -> Option<&'static str> {
    let (kind, name) = split_once(resource, b'/').unwrap_or((resource, ""));
    match (service, kind) {
        ("sts", "federated-user") => Some("it is a federated user"),
        ("sts", "assumed-role") => kind_of_session(name),
        ("sts", "role" | "user" | "root") => Some("a role, user or root is of `iam`, not `sts`"),
        ("iam", "assumed-role") => Some("an assumed role is of `sts`, not `iam`"),
        ("iam", "group") => Some("it is a group"),
        ("iam", "instance-profile") => Some("it is an instance profile"),
        ("iam", "oidc-provider" | "saml-provider") => Some("it is an identity provider"),
        ("iam", "policy") => Some("it is a policy"),
        ("iam", "mfa" | "sms-mfa" | "u2f") => Some("it is an MFA device"),
        ("iam", "server-certificate") => Some("it is a certificate"),
        ("iam" | "sts", _) => None,
        ("s3", _) => Some("it is of the service `s3`, and callers are of `iam` or `sts`"),
        _ => Some("it is of another service than `iam` or `sts`"),
    }
}

fn kind_of_session(name: &str) -> Option<&'static str> {
    match split_once(name, b'/') {
        None | Some((_, "")) if name.starts_with("AWSReservedSSO_") => Some("it is an SSO role without a session"),
        None | Some((_, "")) => Some("it is an assumed role without a session"),
        Some((_, session)) if session.bytes().any(|byte| byte == b'/') => Some("it is an assumed role with a path"),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_unique_id, kind_of_resource, kind_of_text};

    #[test]
    fn texts_are_named_only_for_what_they_are() {
        let cases = [
            ("ec2.amazonaws.com.evil", "it is no principal"),
            ("1111111111111", "it is no principal"),
            ("11111111111a", "it is no principal"),
            ("é", "it is no principal"),
            ("ana", "it is no principal"),
        ];
        for (text, kind) in cases {
            assert_eq!(kind_of_text(text), kind, "{text}");
        }
        assert_eq!(kind_of_text(&"a".repeat(63)), "it is no principal");
        assert_eq!(kind_of_text(&"g".repeat(64)), "it is no principal");
    }

    #[test]
    fn a_unique_id_has_its_prefix_its_length_and_its_characters() {
        assert!(is_unique_id("AROA567890123456"));
        for text in ["AROA56789012345", "AROB567890123456", "BROA567890123456", "AROA56789012345a", "AéA567890123456"]
        {
            assert!(!is_unique_id(text), "{text}");
        }
    }

    #[test]
    fn resources_are_named() {
        let cases = [
            ("sts", "assumed-role/AWSReservedSSO_A/", Some("it is an SSO role without a session")),
            ("sts", "assumed-role/AWSReservedSSO_A/ana", None),
            ("sts", "assumed-role/a/b", None),
            ("iam", "u2f/x", Some("it is an MFA device")),
            ("iam", "sms-mfa/x", Some("it is an MFA device")),
            ("iam", "server-certificate/x", Some("it is a certificate")),
            ("iam", "user/a", None),
            ("iam", "user/a/b", None),
            ("iam", "role/a/b", None),
            ("iam", "root", None),
            ("ec2", "instance/i-1", Some("it is of another service than `iam` or `sts`")),
        ];
        for (service, resource, kind) in cases {
            assert_eq!(kind_of_resource(service, resource), kind, "{service} {resource}");
        }
    }
}

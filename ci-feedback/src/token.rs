//! Tokens: what a JSON Web Token claims, taken at its word. Nothing is verified here, so this is feedback to whoever holds
//! the token, never authentication.

use policy_core::json::{Json, Limits, ObjectWriter, read};
use policy_core::limits::{INVOCATION_BYTES, INVOCATION_NESTING};

use crate::limits::TOKEN_BYTES;
use crate::problem::{Kind, Problem};

/// The caller that a token tells of, as the text of its JSON: the issuer is its `iss`, the claims are all its claims.
/// Numbers keep their characters. Signature and header are not looked at.
pub(crate) fn caller(token: &str, source: &str) -> Result<String, Problem> {
    let refuse = |why: &str| {
        Problem::new(
            Kind::Token,
            format!("the token of {source} cannot be read: {why}"),
            "pass a token as the CI system issued it, or say who asks in another way",
        )
    };
    if token.len() > TOKEN_BYTES {
        return Err(refuse(&format!("it has more than {TOKEN_BYTES} bytes")));
    }
    let mut parts = token.split('.');
    let (Some(_), Some(payload), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(refuse("it does not have the three parts of a JSON Web Token"));
    };
    let payload = decoded(payload).ok_or_else(|| refuse("its claims are not in base64url"))?;
    let limits = Limits { bytes: INVOCATION_BYTES, nesting: INVOCATION_NESTING - 1 };
    // What is wrong is said without the text: it is the inside of a secret.
    let claims =
        read(&payload, limits).map_err(|error| refuse(&format!("its claims are no JSON (at byte {})", error.at)))?;
    let Json::Object(members) = &claims else {
        return Err(refuse("its claims are no object"));
    };
    let issuer = members.iter().find(|(name, _)| name == "iss").map(|(_, value)| value);
    let Some(Json::Text(issuer)) = issuer else {
        return Err(refuse("it has no `iss` that is text"));
    };
    let mut out = String::new();
    let mut object = ObjectWriter::new(&mut out);
    object.text("issuer", issuer);
    claims.write(object.field("claims"));
    object.finish();
    Ok(out)
}

/// The bytes of base64url without padding (RFC 4648, section 5); nothing for any other text.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for group in text.as_bytes().chunks(4) {
        let mut bits = 0_u32;
        for byte in group {
            bits = bits << 6 | u32::from(digit(*byte)?);
        }
        let missing = 4_usize.checked_sub(group.len())?;
        // One digit alone is no byte.
        let count = 3_usize.checked_sub(missing).filter(|count| *count > 0)?;
        let whole = bits << (6 * missing);
        let [_, first, second, third] = whole.to_be_bytes();
        let all = [first, second, third];
        // Bits that belong to no byte are zero: a text has one form.
        if all.iter().skip(count).any(|byte| *byte != 0) {
            return None;
        }
        bytes.extend(all.iter().take(count));
    }
    Some(bytes)
}

const fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'-' => Some(62),
        b'_' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{caller, decoded};

    /// Claims in base64url, the other way.
    fn encoded(text: &str) -> String {
        const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let mut out = String::new();
        for group in text.as_bytes().chunks(3) {
            let bits = group.iter().chain([0, 0].iter()).take(3).fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
            for place in 0..=group.len() {
                out.push(char::from(DIGITS[(bits >> (18 - 6 * place) & 63) as usize]));
            }
        }
        out
    }

    #[test]
    fn base64url_is_read_strictly() {
        for text in ["", "a", "ab", "abc", "abcd", "ü~ÿ?>"] {
            assert_eq!(decoded(&encoded(text)).as_deref(), Some(text.as_bytes()), "{text}");
        }
        for text in ["A", "AAAAA", "AB", "AAB", "AA==", "AA+/", "A A", "é"] {
            assert_eq!(decoded(text), None, "{text}");
        }
    }

    fn of(claims: &str) -> Result<String, String> {
        caller(&format!("e30.{}.c2lnbmF0dXJl", encoded(claims)), "`X`").map_err(|problem| problem.message)
    }

    #[test]
    fn the_issuer_and_all_claims_are_taken_and_numbers_keep_their_characters() {
        let read = of(r#"{"sub":"x","iss":"https://a","exp":1.50e3,"n":12345678901234567890}"#);
        let expected =
            r#"{"issuer":"https://a","claims":{"exp":1.50e3,"iss":"https://a","n":12345678901234567890,"sub":"x"}}"#;
        assert_eq!(read.as_deref(), Ok(expected));
    }

    #[test]
    fn what_is_no_token_is_refused_without_its_text() {
        for claims in ["[]", "{}", "secret", r#"{"iss":1}"#, r#"{"iss":"secret","iss":"secret"}"#, "{\"secret\":"] {
            let message = of(claims).unwrap_err();
            assert!(!message.contains("secret"), "{message}");
        }
        for token in ["", "secret", "secret.secret", "a.b.c.d", "secret.s?cret.secret", &"a".repeat(40_000)] {
            assert!(!caller(token, "`X`").unwrap_err().message.contains("secret"), "{token}");
        }
    }
}

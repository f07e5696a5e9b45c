//! Random callers, and identities that are nearly one of them.

use policy_core::canonical::Principal;
use policy_core::invocation::RawCaller;
use policy_core::pattern::{Node, Separators, glob, regex};

use crate::bound::{self, Bound};
use crate::patterns::{self, CLAIMS, List, PRINCIPALS_ASKED, Pattern, ROLES, SESSIONS, near, quoted};
use workspace_tests::chance::Chance;

pub(crate) const ISSUERS: [&str; 4] =
    ["https://token.example", "https://ci.example/acme", "https://login.example:8443/a%20b", "https://other.example"];
const CLAIM_NAMES: [&str; 6] = ["repository_id", "environment", "groups", "sub", "email", "nested"];

/// A caller block.
pub(crate) struct Caller {
    pub(crate) name: String,
    pub(crate) text: String,
    /// What a caller of tokens asks; of principals, nothing.
    issuer: Option<&'static str>,
    claims: Vec<(&'static str, List)>,
    principals: Vec<String>,
    sessions: Vec<String>,
    /// What its token must say of what is asked (B). Who approves then is not told.
    pub(crate) bound: Bound,
}

/// An identity as JSON, and read.
pub(crate) struct Asking {
    pub(crate) json: String,
    pub(crate) raw: RawCaller,
    /// What the caller that it is made for binds.
    pub(crate) bound: Bound,
}

impl Caller {
    pub(crate) fn made(chance: &mut Chance, number: usize) -> Self {
        let name = format!("{}-{number}", chance.pick(&["ci", "people", "workflow"]));
        if chance.once_in(2) { Self::of_principals(chance, name) } else { Self::of_tokens(chance, name) }
    }

    fn of_principals(chance: &mut Chance, name: String) -> Self {
        let include = (0..=chance.below(3)).map(|_| principal(chance)).collect();
        let principals = patterns::list_of(chance, Some(&PRINCIPALS_ASKED), include, |chance, near| match near {
            Some(near) => Some(patterns::exactly(near)),
            None => Some(principal(chance)),
        });
        let sessions = chance.once_in(2).then(|| patterns::list(chance, &SESSIONS));
        let person = chance.pick(&["session", "principal"]);
        let of_sessions = sessions.as_ref().map(|list| format!("  sessions = {}\n", list.text)).unwrap_or_default();
        let text = format!(
            "caller {} {{\n  principals = {}\n{of_sessions}  person = \"{person}\"\n}}\n",
            quoted(&name),
            principals.text
        );
        let sessions = sessions.map(|list| list.hits).unwrap_or_default();
        let (claims, bound) = (Vec::new(), Vec::new());
        Self { name, text, issuer: None, claims, principals: principals.hits, sessions, bound }
    }

    fn of_tokens(chance: &mut Chance, name: String) -> Self {
        let issuer = *chance.pick(&ISSUERS[..3]);
        let first = chance.below(CLAIM_NAMES.len());
        let count = 1 + chance.below(3);
        let names = CLAIM_NAMES.iter().cycle().skip(first).take(count);
        let claims: Vec<(&str, List)> = names.map(|name| (*name, patterns::list(chance, &CLAIMS))).collect();
        let asked: Vec<String> =
            claims.iter().map(|(name, list)| format!("    {} = {}\n", quoted(name), list.text)).collect();
        let asked = asked.concat();
        let bound = if chance.once_in(3) { bound::made(chance) } else { Vec::new() };
        let last = if bound.is_empty() {
            format!("  person = \"{}\"\n", chance.pick(&["email", "sub"]))
        } else {
            bound::written(&bound)
        };
        let text = format!(
            "caller {} {{\n  issuer = {}\n  claims = {{\n{asked}  }}\n{last}}}\n",
            quoted(&name),
            quoted(issuer)
        );
        Self { name, text, issuer: Some(issuer), claims, principals: Vec::new(), sessions: Vec::new(), bound }
    }

    /// An identity that is this caller, or nearly.
    pub(crate) fn identity(&self, chance: &mut Chance) -> Option<Asking> {
        let json = match self.issuer {
            Some(issuer) => self.token(chance, issuer),
            None => self.principal(chance),
        };
        Some(Asking { raw: RawCaller::from_json(json.as_bytes()).ok()?, json, bound: self.bound.clone() })
    }

    fn principal(&self, chance: &mut Chance) -> String {
        let mut principal = chance.pick(&self.principals).clone();
        if chance.once_in(10) {
            principal = principal.replacen("111111111111", "222222222222", 1);
        } else if chance.once_in(20) {
            principal = near(chance, &principal);
        }
        let session = match self.sessions.as_slice() {
            [] => (*chance.pick(&["", "run-1", "ana"])).to_owned(),
            hits if chance.once_in(4) => {
                let hit = chance.pick(hits);
                near(chance, hit)
            }
            hits => chance.pick(hits).clone(),
        };
        let assumed = principal.replacen(":iam:", ":sts:", 1).replacen(":role/", ":assumed-role/", 1);
        let with_session = format!("{assumed}/{session}");
        // Most are canonical: what is not is denied before any rule.
        let keep = |text: &str| Principal::parse(text).is_ok();
        let text = if keep(&with_session) && !chance.once_in(4) { with_session } else { principal };
        format!("{{\"principal\": {}}}", json(&text))
    }

    fn token(&self, chance: &mut Chance, issuer: &str) -> String {
        let issuer = if chance.once_in(10) { *chance.pick(&ISSUERS) } else { issuer };
        let mut claims: Vec<(&str, String)> = Vec::new();
        for (name, list) in &self.claims {
            if !chance.once_in(12) {
                claims.push((name, value(chance, &list.hits)));
            }
        }
        for name in CLAIM_NAMES {
            if !claims.iter().any(|(known, _)| *known == name) && chance.once_in(3) {
                let hits: Vec<String> = CLAIMS.words.iter().map(|word| (*word).to_owned()).collect();
                claims.push((name, value(chance, &hits)));
            }
        }
        for (name, value) in bound::claims(chance, &self.bound) {
            if !claims.iter().any(|(known, _)| *known == name) {
                claims.push((name, value));
            }
        }
        let claims: Vec<String> = claims.iter().map(|(name, value)| format!("{}: {value}", json(name))).collect();
        format!("{{\"issuer\": {}, \"claims\": {{{}}}}}", json(issuer), claims.join(", "))
    }
}

/// A text as JSON.
pub(crate) fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The value of a claim: a text, what looks like one, or a list of such.
fn value(chance: &mut Chance, hits: &[String]) -> String {
    let one = |chance: &mut Chance| {
        let text = chance.pick(hits).clone();
        let text = if chance.once_in(5) { near(chance, &text) } else { text };
        match text.as_str() {
            "4711" | "1.50" | "true" if chance.once_in(2) => text,
            _ => json(&text),
        }
    };
    match chance.below(8) {
        0 => (*chance.pick(&["null", "[]", "{\"a\": \"4711\"}", "[null, [\"ana\"]]", "false", "0"])).to_owned(),
        1 | 2 => {
            let mut elements: Vec<String> = (0..=chance.below(3)).map(|_| one(chance)).collect();
            // C6: what is neither text, number nor boolean.
            if chance.once_in(4) {
                let odd = *chance.pick(&["null", "{}", "[\"4711\"]"]);
                elements.insert(chance.below(elements.len() + 1), odd.to_owned());
            }
            format!("[{}]", elements.join(", "))
        }
        _ => one(chance),
    }
}

/// A pattern of principals, which can match one.
fn principal(chance: &mut Chance) -> Pattern {
    for _ in 0..50 {
        let name = patterns::pattern(chance, &ROLES);
        let kind = *chance.pick(&["role", "role", "user"]);
        let account = *chance.pick(&["111111111111", "111111111111", "*", "11111111111?"]);
        let hits = name.hits.iter().map(|hit| format!("arn:aws:iam::111111111111:{kind}/{hit}")).collect();
        let inner = |call: &str| name.text.strip_prefix(call).and_then(|rest| rest.strip_suffix(')'));
        let (text, node) = if let Some(inside) = inner("regex(") {
            let text = format!("arn:aws:iam::\\d{{12}}:{kind}/{}", unquoted(inside));
            (format!("regex({})", quoted(&text)), regex(&text).ok())
        } else {
            let inside = inner("exact(").or_else(|| inner("glob(")).unwrap_or(&name.text);
            let text = format!("arn:aws:iam::{account}:{kind}/{}", unquoted(inside));
            (quoted(&text), glob(&text, Separators::SlashAndColon).ok())
        };
        let fits = |node: &Node| policy_core::pattern::check(node).is_ok() && PRINCIPALS_ASKED.meets(node);
        if let Some(node) = node.filter(fits) {
            return Pattern { text, node, hits };
        }
    }
    let text = "arn:aws:iam::111111111111:root";
    Pattern { text: quoted(text), node: Node::literal(text), hits: vec![text.to_owned()] }
}

/// What a quoted string of a policy says.
fn unquoted(text: &str) -> String {
    text.trim_matches('"').replace("\\\"", "\"").replace("\\\\", "\\").replace("$${", "${").replace("%%{", "%{")
}

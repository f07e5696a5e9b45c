//! Jobs that know a part of their token: what feedback calls certain holds for the whole token.

use ci_feedback::{Asked, CallerKind, Colors, System, Unmet, UsedClaims, View, report};
use policy_core::Estate;
use policy_core::bundle::Policy;
use policy_core::compile::compile;
use policy_core::decision::{ClaimUse, Decision, Outcome, Reason};
use policy_core::invocation::{Claim, Claims, Evidence, RawCaller, RawInvocation};
use policy_core::reference::Reference;
use policy_modules::DECIDER;
use workspace_tests::module::CompiledModule;

use crate::{engines, fixtures};

/// The questions of an estate that tokens ask, without evidence: a job has none.
fn asked_by_tokens(estate: &fixtures::Estate) -> Vec<RawInvocation> {
    let read = estate.cases.iter().filter_map(|case| RawInvocation::from_json(&case.request).ok());
    let tokens = read.filter(|raw| matches!(raw.caller, RawCaller::Token { .. }));
    tokens.map(|raw| RawInvocation { evidence: Evidence::default(), ..raw }).collect()
}

/// The same question by a token that is known in part: without the claims whose bits are set.
fn known(raw: &RawInvocation, unknown: u64) -> RawInvocation {
    let RawCaller::Token { issuer, claims } = &raw.caller else { panic!("a token asks") };
    let kept = claims.iter().zip(0_u32..).filter(|(_, bit)| unknown >> bit & 1 == 0);
    let kept: Vec<(String, Claim)> = kept.map(|((name, claim), _)| (name.to_owned(), claim.clone())).collect();
    let claims = Claims::new(kept).expect("fewer claims than before");
    RawInvocation { caller: RawCaller::Token { issuer: issuer.clone(), claims }, ..raw.clone() }
}

fn is_certain(decision: &Decision<'_>, used: ClaimUse<'_>, invocation: RawInvocation) -> bool {
    let (system, caller) = (System::GitHub, CallerKind::Predicted);
    let asked = Asked { system, invocation, caller, absent: Vec::new(), notes: Vec::new() };
    let view = View { colors: Colors::NONE, unmet: Unmet::Fail, prefix: String::new() };
    report(decision, Some(&UsedClaims::from(used)), &asked, &view).doubt.is_empty()
}

/// What is said of one question, for each part of its token: how often it was certain, and how often not.
fn each_part(policy: &Policy, whole: &RawInvocation) -> [u32; 2] {
    let RawCaller::Token { claims, .. } = &whole.caller else { panic!("a token asks") };
    let count = claims.iter().count().min(6);
    let of_whole = policy.explain_raw(whole);
    let outcome = of_whole.outcome();
    // A claim that is not known is taken to be well formed: no issuer signs another.
    if of_whole.reason == Reason::MalformedCaller {
        return [0, 0];
    }
    let mut said = [0, 0];
    for unknown in 0..1_u64 << count {
        let part = known(whole, unknown);
        let decision = policy.explain_raw(&part);
        let certain = is_certain(&decision, policy.claim_use_of(&part), part.clone());
        said[usize::from(!certain)] += 1;
        // One permit more permits no less.
        let right =
            decision.outcome() == outcome || (decision.outcome() == Outcome::Unmet && outcome == Outcome::Permit);
        assert!(right || !certain, "called certain of\n{}\nbut of\n{}", part.to_json(), whole.to_json());
    }
    said
}

fn compiled(estate: &Estate) -> Policy {
    Policy::load(compile(estate, None).expect("it compiles").bytes).expect("it loads")
}

#[test]
fn what_is_certain_of_a_part_holds_of_the_whole_token() {
    let (mut certain, mut doubtful) = (0, 0);
    for estate in fixtures::estates() {
        let questions = asked_by_tokens(&estate);
        let Some(checked) = engines::read(&estate.policy).estate.filter(|_| !questions.is_empty()) else { continue };
        let policy = compiled(&checked);
        for question in &questions {
            let [sure, unsure] = each_part(&policy, question);
            certain += sure;
            doubtful += unsure;
        }
    }
    assert!(certain >= 50 && doubtful >= 20, "{certain} certain, {doubtful} doubtful");
}

#[test]
fn every_engine_names_the_same_claims() {
    let mut named = 0;
    for estate in fixtures::estates() {
        let questions = asked_by_tokens(&estate);
        let Some(checked) = engines::read(&estate.policy).estate.filter(|_| !questions.is_empty()) else { continue };
        let (policy, reference) = (compiled(&checked), Reference::new(&checked));
        let mut module = CompiledModule::new(DECIDER).instance();
        assert_eq!(module.ask("portcullis_load", policy.bytes()).0, 0, "the bundle loads");
        for question in &questions {
            let used = policy.claim_use_of(question);
            assert_eq!(used, reference.claim_use_of(question), "{}: {}", estate.name, question.to_json());
            let said = module.ask("portcullis_claims", question.to_json().as_bytes());
            assert_eq!(said, (0, used.to_json().into_bytes()), "{}", estate.name);
            named += used.permits.len() + used.lifts.len() + used.forbids.len();
        }
        assert_eq!(module.ask("portcullis_claims", b"{}").0, 4, "what is no invocation is refused");
    }
    assert!(named >= 20, "{named} claims");
}

//! D2, and that a bundle depends on nothing but the rules and where they begin.

use policy_core::bundle::Policy;
use policy_core::compile::compile;
use policy_core::reference::Reference;
use policy_core::{Estate, PolicyFile, check};

use crate::asked::Questions;
use crate::compare::{agree, compiled, shared};
use crate::estates::{Size, Written, estate};
use workspace_tests::chance::Chance;

const ESTATES: u64 = 30;
const QUESTIONS: u64 = 400;
const SIZE: Size = Size { rules: 9, least: 2, callers: 4, lists: 2, own: 6, forbids: 4 };

fn read(files: &[(String, String)]) -> Estate {
    let report = check(files.iter().map(|(name, text)| PolicyFile::new(name, text.as_str())).collect());
    report.estate.unwrap_or_else(|| panic!("{:?}\n{files:?}", report.diagnostics))
}

fn bytes(files: &[(String, String)]) -> Vec<u8> {
    compile(&read(files), None).unwrap_or_else(|error| panic!("{error}\n{files:?}")).bytes
}

fn shuffled<T>(chance: &mut Chance, mut things: Vec<T>) -> Vec<T> {
    for place in 0..things.len() {
        let other = place + chance.below(things.len() - place);
        things.swap(place, other);
    }
    things
}

/// What is declared in one file, and each account and forbid in its own: so nothing moves when others do.
fn files(written: &Written) -> Vec<(String, String)> {
    let mut blocks = written.blocks();
    let others = blocks.split_off(written.declared.len());
    let others = others.into_iter().enumerate().map(|(place, block)| (format!("other-{place}.hcl"), block));
    [("declared.hcl".to_owned(), blocks.concat())].into_iter().chain(others).collect()
}

/// D2: the bundle of one account decides like that of the estate, and has the same `policy`.
#[test]
fn one_account_alone_is_decided_as_in_the_estate() {
    let seed = workspace_tests::seed();
    for number in 0..ESTATES * workspace_tests::soak() {
        let chance = &mut Chance::new(seed, number);
        let made = estate(chance, SIZE);
        let estate = read(&files(&Written::new(&made)));
        let whole = compiled(&estate).unwrap_or_else(|said| panic!("seed {seed}, {number}: {said}"));
        let reference = Reference::new(&estate);
        let about = Questions::new(chance, &made);
        let alone = |name: &str| {
            let compiled =
                compile(&estate, Some(name)).unwrap_or_else(|error| panic!("seed {seed}, {number}: {error}"));
            Policy::load(compiled.bytes).expect("what was compiled loads")
        };
        let bundles: Vec<(&str, &str, Policy)> =
            estate.accounts.iter().map(|account| (&*account.name, &*account.id, alone(&account.name))).collect();
        for _ in 0..QUESTIONS {
            let asked = about.asked(chance);
            for (name, id, policy) in &bundles {
                if [*name, *id].contains(&&*asked.raw.account) {
                    let same = agree(&reference, policy, &asked.raw).map(|_| ());
                    assert_eq!(same, Ok(()), "seed {seed}, {number}: {name} alone\n{}", asked.json());
                    let [whole, alone] = [&whole, policy].map(|policy| shared(policy.explain_raw(&asked.raw)));
                    assert_eq!(whole, alone, "seed {seed}, {number}: {name} alone\n{}", asked.json());
                } else {
                    let reason = policy.decide_raw(&asked.raw).reason().as_str();
                    assert_eq!(reason, "unknown-account", "seed {seed}, {number}: {name}\n{}", asked.json());
                }
            }
        }
    }
}

/// E7: neither the order of files nor that of blocks is in the bytes; that of rules in a block is, by where they begin.
#[test]
fn bytes_depend_on_the_rules_and_their_places_alone() {
    let seed = workspace_tests::seed();
    for number in 0..ESTATES * workspace_tests::soak() {
        let chance = &mut Chance::new(seed, number);
        let written = Written::new(&estate(chance, SIZE));
        let plain = bytes(&files(&written));
        assert!(plain == bytes(&files(&written)), "seed {seed}, {number}: compiled twice\n{}", written.text());
        let declared = shuffled(chance, written.declared.clone());
        let moved = shuffled(chance, files(&Written { declared, ..written.clone() }));
        assert!(plain == bytes(&moved), "seed {seed}, {number}: in another order\n{}", written.text());
        let mut rules = written.clone();
        for (_, rules) in &mut rules.accounts {
            *rules = shuffled(chance, std::mem::take(rules));
        }
        let moved = bytes(&files(&rules));
        assert_eq!(plain.len(), moved.len(), "seed {seed}, {number}: other rules first\n{}", written.text());
        let differing = plain.chunks(4).zip(moved.chunks(4)).filter(|(plain, moved)| plain != moved).count();
        // The line of each rule, once for each account that has it, and the check sum.
        let most = 2 + rules.accounts.iter().map(|(_, rules)| 2 * rules.len()).sum::<usize>();
        assert!(differing <= most, "seed {seed}, {number}: {differing} words\n{}", written.text());
    }
}

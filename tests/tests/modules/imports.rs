//! What modules are made of.

use policy_core::bundle::Policy;
use policy_modules::{AUTHOR, DECIDER};
use wasmtime::{Engine, Module};

use super::{POLICY, policy};

#[test]
fn no_module_imports_anything() {
    let baked = policy_modules::bake(&policy(POLICY)).expect("a module");
    for module in [DECIDER, AUTHOR, &baked] {
        let module = Module::from_binary(&Engine::default(), module).expect("a module");
        assert_eq!(module.imports().count(), 0);
    }
}

/// What depends on the machine that builds would differ on another.
#[test]
fn no_module_names_a_folder_of_the_machine_that_built_it() {
    let home = std::env::var("HOME").unwrap_or_default();
    let folders = [workspace_tests::root().display().to_string(), format!("{home}/."), "/.cargo/".to_owned()];
    for module in [DECIDER, AUTHOR] {
        for folder in &folders {
            let found = module.windows(folder.len()).any(|window| window == folder.as_bytes());
            assert!(!found, "a module names {folder}");
        }
    }
}

#[test]
fn baking_adds_at_most_a_twentieth() {
    let account = |number: usize| {
        format!(
            "account \"account-{number}\" {{\n  id = \"{:012}\"\n  permit \"plan\" {{\n    callers = [\"ci\"]\n    \
             repositories = [\"live\"]\n    refs = any()\n    paths = [\"{number}/**\"]\n    commands = [\"plan\"]\n  }}\n}}\n",
            number + 1
        )
    };
    let estate = POLICY.to_owned() + &(0..100).map(account).collect::<String>();
    let policy: Policy = policy(&estate);
    let baked = policy_modules::bake(&policy).expect("a module");
    let added = baked.len() - DECIDER.len() - policy.bytes().len();
    assert!(added * 20 <= policy.bytes().len(), "baking adds {added} bytes to {}", policy.bytes().len());
}

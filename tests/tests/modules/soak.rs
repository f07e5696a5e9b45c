//! Many decisions in one instance: nothing grows.

use policy_modules::{AUTHOR, DECIDER};
use workspace_tests::module::CompiledModule;

use super::{PERMITTED, POLICY, policy};

#[test]
fn memory_does_not_grow() {
    let bundle = policy(POLICY);
    let baked = policy_modules::bake(&bundle).expect("a module");
    for module in [DECIDER, AUTHOR, &baked] {
        let mut instance = CompiledModule::new(module).instance();
        if module != &*baked {
            assert_eq!(instance.ask("portcullis_load", bundle.bytes()).0, 0);
        }
        let denied = PERMITTED.replace("prod/app", "stage/app");
        let mut after_the_first = None;
        for _ in 0..5_000 * workspace_tests::soak() {
            for request in [PERMITTED, denied.as_str(), "{", ""] {
                instance.ask("portcullis_decide_json", request.as_bytes());
                instance.ask("portcullis_decide", request.as_bytes());
            }
            let now = instance.memory_bytes();
            assert_eq!(*after_the_first.get_or_insert(now), now, "memory grows");
        }
    }
}

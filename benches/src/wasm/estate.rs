//! What a policy module of 1,000 accounts costs: a sandbox for each decision, the way from a file to the first decision,
//! and two threads.

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use policy_core::bundle::Policy;
use policy_core::decision::{Digest, Outcome};
use policy_core::invocation::RawInvocation;
use policy_host::{Host, Limits};
use wasmtime::{Enabled, Engine, InstanceAllocationStrategy, InstancePre, Linker, Module, PoolingAllocationConfig};

use super::decider::Decider;
use super::sandbox::{self, Sandbox};
use crate::measure::{Contender, grouped, nanoseconds, ratio, shown};
use crate::{ROUNDS, estates, median, ours, time};

const ACCOUNTS: usize = 1_000;
const QUESTIONS: usize = 256;
/// How long one thread decides in a round, at least: what starting threads costs is nothing beside it.
const ROUND: Duration = Duration::from_millis(100);

/// Measures and prints.
pub fn run() {
    let bundle = ours::compile(&ours::estate(estates::files(ACCOUNTS))).expect("ours has bundles");
    let module = ours::module(bundle.clone());
    let raw: Vec<RawInvocation> = questions().collect();
    let questions: Vec<Vec<u8>> = raw.iter().map(ours::compact).collect();
    sizes(&bundle, &module);
    fresh(&module, &raw, &questions);
    first(&bundle, &module, &questions[0]);
    threads(&module, &bundle, &questions);
}

/// Accounts at random.
fn questions() -> impl Iterator<Item = RawInvocation> {
    estates::numbers(ACCOUNTS).map(estates::permitted).take(QUESTIONS)
}

fn sizes(bundle: &[u8], baked: &[u8]) {
    let engine = sandbox::engine();
    println!("### Our modules, in bytes; artefacts are what the host compiles ahead of time\n");
    println!("| module | bytes | artefact | compiled in |\n| --- | --- | --- | --- |");
    let baked_name = format!("policy module of {} accounts", grouped(ACCOUNTS));
    let modules = [("decider", policy_modules::DECIDER), ("author", policy_modules::AUTHOR), (&*baked_name, baked)];
    for (name, bytes) in modules {
        let mut artefact = Vec::new();
        let time = time(|| artefact = engine.precompile_module(bytes).expect("the host compiles the module"));
        let (size, compiled) = (grouped(bytes.len()), grouped(artefact.len()));
        println!("| {name} | {size} | {compiled} | {} |", crate::milliseconds(time));
    }
    println!("\nThe bundle of {} accounts has {} bytes.\n", grouped(ACCOUNTS), grouped(bundle.len()));
}

/// An instance for each decision, thrown away behind it.
fn fresh(file: &[u8], raw: &[RawInvocation], questions: &[Vec<u8>]) {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_core_instances(16).total_memories(16).total_tables(16).max_memory_size(64 << 20);
    let mut pooling = sandbox::config();
    pooling.allocation_strategy(InstanceAllocationStrategy::Pooling(pool.clone())).memory_init_cow(true);
    // Instances that end are cleaned by writing back what they wrote to instead of unmapping it.
    let mut resident = pooling.clone();
    pool.linear_memory_keep_resident(1 << 20).table_keep_resident(4 << 10).pagemap_scan(Enabled::Auto);
    resident.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    let kinds = [("on demand", sandbox::config()), ("pooled", pooling), ("pooled, pages kept", resident)];
    let prepared = kinds.map(|(name, config)| {
        let engine = Engine::new(&config).expect("the host starts");
        let module = Module::new(&engine, file).expect("the host compiles the module");
        let prepared = Linker::new(&engine).instantiate_pre(&module).expect("the module imports nothing");
        (name, engine, prepared)
    });
    let host = Host::new(Limits::default()).expect("the host starts");
    let policy = host.load(file, Digest::of(file)).expect("the module is a policy");
    let mut session = policy.session().expect("there is room for a session");
    let (_, engine, first) = &prepared[0];
    let mut kept = Decider::baked(engine, first.module());
    let mut contenders = vec![Contender::new("one instance that is kept", |number| {
        assert!(kept.permits(&questions[number]), "every sample is permitted");
    })];
    for (name, engine, prepared) in &prepared {
        contenders.push(Contender::new(format!("an instance for each decision, {name}"), |number| {
            assert!(decide_once(engine, prepared, &questions[number]), "every sample is permitted");
        }));
        contenders.push(Contender::new(format!("an instance alone, {name}"), |_| {
            prepared.instantiate(&mut sandbox::store(engine)).expect("the instance starts")
        }));
    }
    contenders.push(Contender::new("policy-host, one session", |number| {
        ours::with_compact(&raw[number], |asked| session.decide(asked)).expect("an answer").outcome
    }));
    contenders.push(Contender::new("policy-host, an instance for each decision", |number| {
        ours::with_compact(&raw[number], |asked| policy.decide(asked)).expect("an answer").outcome
    }));
    let all: Vec<usize> = (0..questions.len()).collect();
    let times = nanoseconds(&mut contenders, &all);
    println!("### An instance for each decision, {} accounts\n", grouped(ACCOUNTS));
    println!("| way | time | ratio |\n| --- | --- | --- |");
    for (contender, time) in contenders.iter().zip(&times) {
        println!("| {} | {} | {} |", contender.name, shown(*time), ratio(*time, times[0]));
    }
    println!();
}

/// All of an instance's life.
fn decide_once(engine: &Engine, prepared: &InstancePre<()>, question: &[u8]) -> bool {
    let mut store = sandbox::store(engine);
    let instance = prepared.instantiate(&mut store).expect("the instance starts");
    Decider::ready(Sandbox::from_instance(store, instance)).permits(question)
}

/// From an artefact in a file to the first decision.
fn first(bundle: &[u8], baked: &[u8], question: &[u8]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target");
    let engine = sandbox::engine();
    let artefact = |name: &str, module: &[u8]| {
        let path = folder.join(name);
        let bytes = engine.precompile_module(module).expect("the host compiles the module");
        std::fs::write(&path, bytes).expect("the artefact can be written");
        path
    };
    let (policy, decider) = (artefact("policy.cwasm", baked), artefact("decider.cwasm", policy_modules::DECIDER));
    // SAFETY: written above, by this host.
    let read = |engine: &Engine, path: &Path| unsafe { Module::deserialize_file(engine, path) }.expect("an artefact");
    let (mut of_policy, mut of_decider, mut with_host) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        of_policy.push(time(|| assert!(Decider::baked(&engine, &read(&engine, &policy)).permits(question))));
        of_decider.push(time(|| {
            assert!(Decider::new(&engine, &read(&engine, &decider), bundle).permits(question));
        }));
        with_host.push(time(|| {
            let engine = sandbox::engine();
            assert!(Decider::baked(&engine, &read(&engine, &policy)).permits(question));
        }));
    }
    println!("### From an artefact to the first decision, {} accounts\n", grouped(ACCOUNTS));
    println!("| way | time |\n| --- | --- |");
    println!("| policy module | {} |", crate::milliseconds(median(of_policy)));
    println!("| policy module, starting the host too | {} |", crate::milliseconds(median(with_host)));
    println!("| decider, loading the bundle | {} |\n", crate::milliseconds(median(of_decider)));
}

/// An instance for each thread, of one module; and native code, which shows what this machine has a second processor for.
fn threads(module: &[u8], bundle: &[u8], questions: &[Vec<u8>]) {
    let engine = sandbox::engine();
    let module = Module::new(&engine, module).expect("the host compiles the module");
    let mut instances = [Decider::baked(&engine, &module), Decider::baked(&engine, &module)];
    let policy = Policy::load(bundle).expect("what was compiled loads");
    let native = |policy: &mut &Policy<&[u8]>, question: &[u8]| {
        policy.decide_compact(question).expect("it has the form").outcome() == Outcome::Permit
    };
    println!("### Threads, {} accounts\n", grouped(ACCOUNTS));
    println!("| engine | one, decisions in a second | two | ratio |\n| --- | --- | --- | --- |");
    shared("WebAssembly, an instance each", &mut instances, Decider::permits, questions);
    shared("native", &mut [&policy, &policy], native, questions);
    println!();
}

/// Measures one thread and two, and prints.
fn shared<D: Send>(
    name: &str,
    deciders: &mut [D; 2],
    permits: impl Fn(&mut D, &[u8]) -> bool + Copy + Send,
    questions: &[Vec<u8>],
) {
    let mut passes = 1;
    while share(&mut deciders[..1], permits, questions, passes) < ROUND {
        passes *= 2;
    }
    let (mut ones, mut twos) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ones.push(share(&mut deciders[..1], permits, questions, passes));
        twos.push(share(deciders, permits, questions, passes));
    }
    let speed = |threads: usize, time: Duration| (threads * passes * QUESTIONS) as f64 / time.as_secs_f64() / 1e6;
    let (one, two) = (speed(1, median(ones)), speed(2, median(twos)));
    println!("| {name} | {one:.3} million | {two:.3} million | {:.2} |", two / one);
}

/// How long it takes when each decides all questions so many times, in a thread of its own.
fn share<D: Send>(
    deciders: &mut [D],
    permits: impl Fn(&mut D, &[u8]) -> bool + Copy + Send,
    questions: &[Vec<u8>],
    passes: usize,
) -> Duration {
    time(|| {
        std::thread::scope(|scope| {
            for decider in deciders {
                scope.spawn(move || {
                    for _ in 0..passes {
                        for question in questions {
                            assert!(black_box(permits(decider, black_box(question))), "every sample is permitted");
                        }
                    }
                });
            }
        });
    })
}

// What is loaded, and above all what is not.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { ArgumentError, EngineError, LoadError, Policy, PortcullisError, prepare } from "@portcullis/policy";

import { constant, digestOf, fakeModule, invocation, policyBundle, policyModule, TRAP } from "./modules.mjs";

const FILES = { module: policyModule, bundle: policyBundle };

/** How both ways to load refuse a file whose digest is right. */
async function refused(file) {
  const options = { digest: digestOf(file) };
  let sync;
  assert.throws(() => Policy.loadSync(file, options), (error) => (sync = error) instanceof PortcullisError);
  await assert.rejects(Policy.load(file, options), { name: sync.name, code: sync.code, message: sync.message });
  return sync;
}

for (const [name, file] of Object.entries(FILES)) {
  test(`a ${name} is loaded from wherever it comes`, async () => {
    const options = { digest: digestOf(file) };
    const server = createServer((_, response) => response.end(file)).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const shared = new Uint8Array(new SharedArrayBuffer(file.length));
    shared.set(file);
    const sources = [
      file,
      new Uint8Array(file).buffer,
      shared,
      shared.buffer,
      viewInside(file),
      Promise.resolve(file),
      new Response(file),
      Promise.resolve(new Response(file)),
      new Blob([file]),
      pathToFileURL(new URL(name === "module" ? "acme.wasm" : "acme.bundle", import.meta.url).pathname),
      new URL(`http://127.0.0.1:${server.address().port}/policy`),
    ];
    try {
      for (const source of sources) {
        const policy = await Policy.load(source, options);
        assert.equal(policy.decide(invocation).outcome, "permit");
        assert.deepEqual(policy.digests, { file: options.digest, bundle: digestOf(policyBundle) });
        assert.equal(policy.language, 1);
      }
    } finally {
      server.close();
    }
    assert.equal(Policy.loadSync(file, options).decide(invocation).outcome, "permit");
  });

  test(`a ${name} that is changed while it loads is not the changed one`, async () => {
    const changing = Uint8Array.from(file);
    const loading = Policy.load(changing, { digest: digestOf(file) });
    changing.fill(0);
    assert.equal((await loading).decide(invocation).outcome, "permit");
  });

  test(`a ${name} with another digest is refused before it is compiled`, async () => {
    const patched = Uint8Array.from(file);
    patched[patched.length >> 1] ^= 1;
    const options = { digest: digestOf(file) };
    const expected = { name: "LoadError", code: "other-digest", message: new RegExp(`${digestOf(patched)}.*${options.digest}`) };
    const { compile, Module } = WebAssembly;
    await prepare();
    const used = [];
    WebAssembly.compile = (bytes) => used.push(bytes);
    try {
      await assert.rejects(Policy.load(patched, options), expected);
      WebAssembly.Module = class { constructor(bytes) { used.push(bytes); } };
      assert.throws(() => Policy.loadSync(patched, options), expected);
    } finally {
      Object.assign(WebAssembly, { compile, Module });
    }
    assert.deepEqual(used, []);
  });

  test(`a ${name} that was patched is refused or decides nothing, even where its digest is trusted`, async () => {
    let loaded = 0;
    for (let at = 8; at < file.length; at += Math.ceil(file.length / 150)) {
      const patched = Uint8Array.from(file);
      patched[at] ^= 0x55;
      try {
        const policy = Policy.loadSync(patched, { digest: digestOf(patched) });
        loaded += 1;
        assert.match(policy.verdict(invocation).outcome, /^(permit|deny|unmet)$/);
      } catch (error) {
        assert.ok(error instanceof PortcullisError, error);
      }
    }
    if (name === "bundle") assert.equal(loaded, 0);
  });
}

function viewInside(file) {
  const bytes = new Uint8Array(file.length + 6);
  bytes.set(file, 3);
  return new DataView(bytes.buffer, 3, file.length);
}

test("where a platform has no SHA-256, the decider's is taken", async () => {
  const descriptor = Object.getOwnPropertyDescriptor(globalThis, "crypto");
  for (const crypto of [undefined, {}]) {
    Object.defineProperty(globalThis, "crypto", { ...descriptor, get: () => crypto });
    try {
      for (const file of Object.values(FILES)) {
        await Policy.load(file, { digest: digestOf(file) });
        await assert.rejects(Policy.load(file.subarray(1), { digest: digestOf(file) }), { code: "other-digest" });
      }
    } finally {
      Object.defineProperty(globalThis, "crypto", descriptor);
    }
  }
});

test("without a digest nothing is loaded", async () => {
  const cases = [
    [undefined, "digest-required"],
    [{}, "digest-required"],
    [{ digest: undefined }, "digest-required"],
    [{ digest: null }, "wrong-type"],
    [{ digest: 7 }, "wrong-type"],
    [{ digest: ["sha256:"] }, "wrong-type"],
    [{ digest: "" }, "malformed-digest"],
    [{ digest: digestOf(policyModule).slice(7) }, "malformed-digest"],
    [{ digest: digestOf(policyModule).toUpperCase() }, "malformed-digest"],
    [{ digest: `${digestOf(policyModule)}\n` }, "malformed-digest"],
    [{ digest: `sha512:${"0".repeat(64)}` }, "malformed-digest"],
  ];
  for (const [options, code] of cases) {
    assert.throws(() => Policy.loadSync(policyModule, options), { name: "ArgumentError", code, field: "digest" });
    await assert.rejects(Policy.load(policyModule, options), { name: "ArgumentError", code, field: "digest" });
  }
});

test("what is no source is refused by name", async () => {
  const module = new WebAssembly.Module(policyModule);
  for (const source of [undefined, null, "acme.wasm", 7, [1, 2], {}, module, Promise.resolve(null)]) {
    const expected = { name: "ArgumentError", code: "wrong-type", field: "source" };
    await assert.rejects(Policy.load(source, { digest: digestOf(policyModule) }), expected);
  }
  assert.throws(() => Policy.loadSync("acme.wasm", { digest: digestOf(policyModule) }), { code: "wrong-type", field: "bytes" });
});

test("what cannot be read says so", async () => {
  const digest = digestOf(policyModule);
  const used = new Response(policyModule);
  await used.arrayBuffer();
  const sources = [
    new Response("gone", { status: 404 }),
    used,
    new URL("absent.wasm", import.meta.url),
    new URL("http://127.0.0.1:1/"),
    new URL("ftp://127.0.0.1/policy.wasm"),
  ];
  for (const source of sources) await assert.rejects(Policy.load(source, { digest }), { name: "LoadError", code: "unreadable" });
  await assert.rejects(Policy.load(Promise.reject(new Error("theirs")), { digest }), /theirs/);
});

test("a module with imports is refused", async () => {
  const error = await refused(fakeModule({ imports: true }));
  assert.ok(error instanceof LoadError);
  assert.equal(error.code, "module-imports");
  assert.match(error.message, /`env\.exec`/);
});

test("a module of another version is refused with both versions", async () => {
  for (const [abi, shown] of [[2 << 16, "2.0"], [(1 << 16) + 1, "1.1"], [0, "0.0"], [-1, "65535.65535"]]) {
    const error = await refused(fakeModule({ functions: { portcullis_abi: constant(abi) } }));
    assert.equal(error.code, "abi-version");
    assert.equal(error.message, `the module has ABI version ${shown}; this package speaks 1.0`);
  }
  for (const language of [0, 2, -1]) {
    const error = await refused(fakeModule({ functions: { portcullis_language: constant(language) } }));
    assert.equal(error.code, "language-version");
    assert.equal(error.message, `the module has language version ${language}; this package knows version 1`);
  }
  // Another version may lack what this one has.
  const lacking = fakeModule({ functions: { portcullis_abi: constant(3 << 16) }, without: ["portcullis_decide", "portcullis_result"] });
  assert.equal((await refused(lacking)).code, "abi-version");
});

test("a module that is no policy is refused", async () => {
  const names = ["abi", "language", "result", "input", "load", "decide", "decide_json", "digest", "fault"];
  for (const name of names.map((name) => `portcullis_${name}`)) {
    const error = await refused(fakeModule({ without: [name] }));
    assert.equal(error.code, "not-a-policy");
    assert.match(error.message, new RegExp(`\`${name}\``));
  }
  const empty = Buffer.from("\0asm\x01\0\0\0", "latin1");
  assert.equal((await refused(empty)).code, "not-a-policy");
  for (const broken of [empty.subarray(0, 4), Buffer.from("\0asm\x02\0\0\0", "latin1"), policyModule.subarray(0, 9_999)]) {
    assert.equal((await refused(broken)).code, "malformed-module");
  }
});

test("a module without a policy is refused", async () => {
  for (const name of ["decider", "author"]) {
    const bytes = readFileSync(new URL(import.meta.resolve(`@portcullis/policy/${name}.wasm`)));
    assert.equal((await refused(bytes)).code, "no-policy");
  }
});

test("a module that fails at once is refused", async () => {
  for (const name of ["portcullis_result", "portcullis_input", "portcullis_decide_json"]) {
    const error = await refused(fakeModule({ functions: { [name]: TRAP } }));
    assert.ok(error instanceof EngineError);
    assert.equal(error.code, "trap");
  }
  assert.equal((await refused(fakeModule({ functions: { portcullis_input: constant(0) } }))).code, "memory");
  assert.equal((await refused(fakeModule({ functions: { portcullis_result: constant(-4) } }))).name, "EngineError");
});

test("every truncation of a bundle is refused", async () => {
  for (let length = 0; length < policyBundle.length; length += length < 300 ? 1 : 997) {
    const { code } = await refused(policyBundle.subarray(0, length));
    assert.equal(code, length === 0 ? "not-a-bundle" : "truncated", `${length} bytes`);
  }
});

test("foreign bundles are refused by name", async () => {
  const changed = (at, ...bytes) => {
    const copy = Buffer.from(policyBundle);
    copy.set(bytes, at);
    return copy;
  };
  const codeOf = async (file) => (await refused(file)).code;
  assert.equal(await codeOf(Buffer.from("account \"prod\" {}")), "not-a-bundle");
  assert.equal(await codeOf(changed(0, 0x7f)), "not-a-bundle");
  assert.equal(await codeOf(Buffer.concat([policyBundle, Buffer.alloc(1)])), "too-long");
  assert.equal(await codeOf(changed(4_000, policyBundle[4_000] ^ 1)), "damaged");
  const newer = await refused(changed(8, 2));
  assert.equal(newer.code, "format-version");
  assert.match(newer.message, /format version 2\.0.*1\.0/);
  const language = await refused(changed(12, 9));
  assert.equal(language.code, "language-version");
  assert.match(language.message, /language version 9/);
});

test("a policy is made by loading alone", () => {
  assert.throws(() => new Policy(), { name: "PortcullisError", code: "wrong-type" });
  assert.throws(() => new Policy({ describe: () => ({}) }, "sha256:"), { code: "wrong-type" });
  const policy = Policy.loadSync(policyBundle, { digest: digestOf(policyBundle) });
  assert.throws(() => { policy.decide = () => ({ outcome: "permit" }); }, TypeError);
  assert.ok(new ArgumentError("a", "b", "c") instanceof PortcullisError);
});

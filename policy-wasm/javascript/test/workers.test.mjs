// Edge workers compile nothing at run time: they import modules that are compiled already.

import assert from "node:assert/strict";
import { register } from "node:module";
import { test } from "node:test";

import { digestOf, invocation, policyBundle, policyModule } from "./modules.mjs";

register("./workers-loader.mjs", import.meta.url);

/** What such a platform has not. */
function withoutCompiler(work) {
  const { compile, instantiate, Module } = WebAssembly;
  const refuse = () => {
    throw new WebAssembly.CompileError("Wasm code generation disallowed by embedder");
  };
  Object.assign(WebAssembly, { compile: async () => refuse(), instantiate: async () => refuse() });
  WebAssembly.Module = Object.assign(function () { refuse(); }, Module);
  Object.defineProperty(WebAssembly.Module, Symbol.hasInstance, { value: (value) => value instanceof Module });
  return work().finally(() => Object.assign(WebAssembly, { compile, instantiate, Module }));
}

test("a bundle decides where nothing can be compiled", async () => {
  const { Policy } = await import("@portcullis/policy");
  const options = { digest: digestOf(policyBundle) };
  await withoutCompiler(async () => {
    const policy = await Policy.load(new Blob([policyBundle]), options);
    assert.equal(policy.decide(invocation).outcome, "permit");
    assert.equal(Policy.loadSync(policyBundle, options).verdict(invocation).outcome, "permit");
    await assert.rejects(Policy.load(policyModule, { digest: digestOf(policyModule) }), { code: "malformed-module" });
  });
});

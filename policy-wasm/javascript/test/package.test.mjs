// What is packed, and what the README promises.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { digestOf, policyModule } from "./modules.mjs";

const root = new URL("./", import.meta.resolve("@portcullis/policy/package.json"));
const manifest = JSON.parse(readFileSync(new URL("package.json", root)));
const readme = readFileSync(new URL("README.md", root), "utf8");

test("the package depends on nothing and runs nothing when it is installed", () => {
  for (const field of ["dependencies", "optionalDependencies", "peerDependencies", "bundledDependencies", "gypfile"]) {
    assert.equal(manifest[field], undefined, field);
  }
  assert.deepEqual(Object.keys(manifest.scripts), ["prepack"]);
});

test("the package has what it needs and no more", () => {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const top = new Set(readdirSync(root));
  assert.deepEqual([...top].sort(), ["LICENSE", "README.md", "action.yml", "bin", "dist", "package.json", "src", "types"]);
  assert.ok(files.every(({ name }) => /\.(js|d\.ts|wasm|json|md|yml)$|^LICENSE$/.test(name)));
});

test("every error code is in the README", () => {
  const sources = readdirSync(new URL("src/", root), { recursive: true }).filter((name) => name.endsWith(".js"));
  const text = sources.map((name) => readFileSync(new URL(`src/${name}`, root), "utf8")).join("\n");
  const codes = new Set([...text.matchAll(/(?:Error\(\s*"|\[\d+, ")([a-z][a-z-]+)"/g)].map(([, code]) => code));
  assert.ok(codes.size > 20, [...codes].join(" "));
  const types = readFileSync(new URL("types/policy.d.ts", root), "utf8");
  for (const code of codes) {
    assert.ok(readme.includes(`\`${code}\``), `the README lacks ${code}`);
    assert.ok(types.includes(`"${code}"`), `the types lack ${code}`);
  }
});

test("the README's example runs", () => {
  const [, example] = /```js\n([^]*?)```/.exec(readme);
  assert.ok(example.trim().split("\n").length <= 12);
  const folder = fileURLToPath(new URL(".", import.meta.url));
  writeFileSync(new URL("example.mjs", import.meta.url), example);
  writeFileSync(new URL("policy.wasm", import.meta.url), policyModule);
  const run = (digest) =>
    execFileSync(process.execPath, ["example.mjs"], {
      cwd: folder,
      env: { ...process.env, POLICY_DIGEST: digest },
      encoding: "utf8",
      stdio: "pipe",
    });
  assert.equal(run(digestOf(policyModule)), "the rule `plan anything` permits it\n");
  assert.throws(() => run(`sha256:${"0".repeat(64)}`), /other-digest/);
});

// What `fixtures/secrets` puts wherever this package takes text comes back from nothing that it answers, throws or prints.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";

import { Policy } from "@portcullis/policy";
import { Author } from "@portcullis/policy/author";

import { digestOf, policyBundle } from "./modules.mjs";

const { Feedback } = await import(new URL("src/feedback.js", import.meta.resolve("@portcullis/policy/package.json")));

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const fixture = (name) => JSON.parse(readFileSync(here(`secrets/${name}.json`), "utf8"));

const digest = digestOf(policyBundle);
const policy = Policy.loadSync(policyBundle, { digest });
const [addresses, remotes, places] = ["addresses", "remotes", "places"].map(fixture);
const CALLER = "arn:aws:sts::111111111111:assumed-role/ci-main/run-3";
const QUESTION = Object.freeze({
  account: "dev",
  caller: { principal: CALLER },
  repository: "github.com/acme/infrastructure-live",
  ref: "refs/heads/main",
  path: "dev/eu-west-1/data/orders",
  command: "migrate-database",
});

const absent = (text, about) => assert.ok(!text.includes("SECRET"), `${JSON.stringify(about)}\n${text}`);

/** The question with a text at a JSON pointer; lists and objects on the way are made. */
function asked(pointer, text) {
  const parts = pointer.split("/").slice(1);
  const inner = (value, part) => {
    if (part === "0") return [value];
    return part === "issuer" ? { issuer: value, claims: { sub: "a" } } : { [part]: value };
  };
  return { ...QUESTION, ...parts.reduceRight(inner, text) };
}

/** A decision without what must hold what was asked: `launch.argv`, and `got` of paths and arguments. */
function shown(decision) {
  const asWas = new Set(["path", "arguments"]);
  return JSON.stringify(decision, (name, value) => {
    if (name === "argv") return undefined;
    return asWas.has(value?.dimension) ? { ...value, got: null } : value;
  });
}

const questions = [
  ...addresses.flatMap((address) => places.map((place) => asked(place, address))),
  ...remotes.map((text) => asked("/repository", text)),
  ...fixture("arguments").map((given) => ({ ...QUESTION, arguments: given })),
];

test("no decision repeats a secret", () => {
  assert.ok(questions.length > 200);
  for (const question of questions) {
    absent(shown(policy.decide(question)), question);
    absent(JSON.stringify(policy.verdict(question)), question);
    absent(shown(JSON.parse(policy.decideJson(JSON.stringify(question)))), question);
  }
});

test("no error about what was handed in repeats a secret", async () => {
  const attempts = addresses.flatMap((text) => [
    () => policy.decide({ ...QUESTION, repository: [text] }),
    () => policy.decide({ ...QUESTION, evidence: { planned: text } }),
    () => policy.decide({ ...QUESTION, repository: `${text}\ud800` }),
    () => policy.decide(text),
    () => Policy.loadSync(policyBundle, { digest: text }),
    () => Policy.load(text, { digest }),
    () => Policy.load(new URL("http://user:SECRET@localhost:9/policy.wasm?signature=SECRET"), { digest }),
  ]);
  for (const attempt of attempts) {
    await assert.rejects(async () => attempt(), (error) => {
      absent(inspect(error, { depth: 9 }), attempt.toString());
      return true;
    });
  }
});

test("no diagnostic repeats a secret", () => {
  const author = Author.loadSync();
  for (const template of fixture("policies")) {
    for (const address of addresses) {
      const files = { "estate.hcl": template.replaceAll("@@", JSON.stringify(address).slice(1, -1)) };
      absent(JSON.stringify(author.check(files)), files);
      for (const attempt of [() => author.compile(files), () => author.format(files["estate.hcl"])]) {
        try {
          attempt();
        } catch (error) {
          absent(inspect(error, { depth: 9 }), files);
        }
      }
    }
  }
});

test("no report of a job repeats a secret", () => {
  const feedback = new Feedback();
  const options = { account: "dev", path: QUESTION.path, command: QUESTION.command, principal: CALLER };
  const circle = { CIRCLECI: "true", CIRCLE_BRANCH: "main" };
  const jobs = [
    ...[...addresses, ...remotes].map((text) => ({ environment: { ...circle, CIRCLE_REPOSITORY_URL: text }, options })),
    ...fixture("arguments").map((given) => ({
      environment: { ...circle, CIRCLE_REPOSITORY_URL: "https://github.com/acme/infrastructure-live" },
      options: { ...options, arguments: given },
    })),
  ];
  for (const job of jobs) {
    const { asked: question, problems, report } = feedback.invocation(job);
    if (question === undefined) {
      absent(JSON.stringify({ problems, report }), job);
      continue;
    }
    const decision = policy.decideJson(question.invocation);
    const { outputs, ...rest } = feedback.report({ decision, asked: question }).report;
    absent(JSON.stringify({ ...rest, files: {}, outputs: { ...outputs, decision: shown(JSON.parse(outputs.decision)) } }), job);
  }
});

test("the program repeats no secret", () => {
  const run = (words) => {
    const env = { PATH: process.env.PATH, CIRCLECI: "true", CIRCLE_BRANCH: "main" };
    const { stdout, stderr } = spawnSync(here("node_modules/.bin/portcullis-decide"), words, { env, encoding: "utf8" });
    absent(stdout + stderr, words);
  };
  const file = [here("acme.bundle"), "--digest", digest];
  const unit = ["--account", "dev", "--path", QUESTION.path, "--caller", CALLER];
  const flags = ["account", "path", "command", "caller", "repository", "ref", "commit", "ci-system", "unmet", "format", "digest", "other"];
  const address = addresses[0];
  for (const flag of flags) run([...file, ...unit, "--command", "migrate-database", `--${flag}`, address]);
  for (const flag of flags.slice(0, 3)) run([...file, "--repository", QUESTION.repository, `--${flag}`, address]);
  run([address, "--digest", digest, ...unit]);
  run([...file, address]);
  run([...file, `--${address}`]);
  for (const text of [...addresses, ...remotes]) {
    run([...file, ...unit, "--command", "migrate-database", "--repository", text]);
  }
  for (const given of fixture("arguments")) {
    run([...file, ...unit, "--command", "migrate-database", "--repository", QUESTION.repository, "--", ...given]);
  }
});

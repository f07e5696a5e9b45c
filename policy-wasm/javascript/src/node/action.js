// The GitHub Action (action.yml).

import process from "node:process";

import { EXIT, JobError, decideInJob, exitCode, isDigest, isText } from "./job.js";

/** Inputs that are options of the feedback module: the name there. */
const OPTIONS = {
  account: "account",
  path: "path",
  command: "command",
  caller: "principal",
  repository: "repository",
  ref: "ref",
  commit: "commit",
  environment: "environment",
  subject: "subject",
};

const SUBJECTS = ["names", "ids"];
const UNMET = ["fail", "pass"];

/** @returns {string | undefined} what stands behind `with`; an empty input is none */
function input(name) {
  const value = process.env[`INPUT_${name.toUpperCase()}`] ?? "";
  if (!isText(value)) fail(`the input \`${name}\` is not UTF-8`);
  return value === "" ? undefined : value;
}

function needed(name) {
  return input(name) ?? fail(`the input \`${name}\` is missing`);
}

function choice(name, choices) {
  const value = input(name);
  if (value !== undefined && !choices.includes(value)) fail(`the input \`${name}\` is one of ${choices.join(", ")}`);
  return value;
}

function fail(message) {
  throw new JobError(EXIT.usage, message, "`action.yml` describes the inputs");
}

/** One a line; the end of the last line is not one more. */
function list(name) {
  return input(name)?.replace(/\n$/, "").split("\n") ?? [];
}

function job() {
  const digest = needed("digest");
  if (!isDigest(digest)) fail("the input `digest` is not `sha256:` and 64 lower-case hexadecimal digits");
  choice("subject", SUBJECTS);
  const options = Object.fromEntries(Object.entries(OPTIONS).map(([name, option]) => [option, input(name)]));
  return {
    file: needed("policy"),
    digest,
    options: { ...options, claim: list("claims"), arguments: list("arguments") },
    format: "human",
    unmet: choice("unmet", UNMET) ?? "fail",
  };
}

process.exitCode = await exitCode(async () => decideInJob(job()));

// Deciding in a CI job: the environment and the files that it names. What they mean is in the feedback module.

import { Buffer } from "node:buffer";
import { appendFileSync, readFileSync, statSync, writeSync } from "node:fs";
import process from "node:process";
import { pathToFileURL } from "node:url";

import "./platform.js";

import { LoadError } from "../errors.js";
import { Feedback } from "../feedback.js";
import { Policy } from "../policy.js";

/** Exit codes of all commands of Portcullis. */
export const EXIT = { usage: 2, input: 3, internal: 70 };
/** The streams of the process, as errors name them. */
const { stdout, stderr } = process;
/** A longer file of the event is as if there were none. */
const EVENT_BYTES = 4 << 20;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
/** What stands where text is not UTF-8. */
const REPLACEMENT = "\ufffd";

/** What ends a job before it decides. `exit` is the code. */
export class JobError extends Error {
  constructor(exit, message, help) {
    super(message);
    this.exit = exit;
    this.help = help;
  }
}

/**
 * Decides, and shows the decision as the CI system draws it.
 *
 * @param {object} job
 * @param {string} job.file the policy module or bundle
 * @param {string} job.digest its digest
 * @param {object} job.options what is passed to the feedback module
 * @param {"human" | "json"} job.format
 * @param {"fail" | "pass"} job.unmet
 * @returns {Promise<number>} the exit code
 */
export async function decideInJob({ file, digest, options, format, unmet }) {
  const policy = await loaded(file, digest);
  const feedback = new Feedback();
  const { asked, report: refused } = feedback.invocation({ environment: environment(feedback), options, event: event() });
  if (asked === undefined) {
    await say(stderr, refused.explanation + lines(refused.annotations));
    return ended(refused);
  }
  // As it is: numbers in claims keep their characters.
  const decision = policy.decideJson(asked.invocation);
  const claims = policy.claimsJson(asked.invocation);
  const { report } = feedback.report({ decision, claims, asked, unmet, color: format === "human" && hasColor() });
  if (format === "json") {
    // One document stays one document: workflow commands are read from both streams.
    await say(stderr, report.doubt + lines(report.annotations));
    await say(stdout, `${decision}\n`);
  } else {
    await say(stdout, report.explanation + lines(report.annotations));
  }
  return ended(report);
}

async function loaded(file, digest) {
  try {
    return await Policy.load(pathToFileURL(file), { digest });
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    throw new JobError(EXIT.input, `\`${file}\` is not loaded: ${error.message}`, HELP.get(error.code) ?? HELP_OTHERWISE);
  }
}

const HELP_OTHERWISE = "name a file that `portcullis compile` of this version wrote";
const HELP = new Map([
  ["unreadable", "name a file that is there"],
  ["other-digest", "give the digest that `portcullis compile` printed; if it is that one, somebody changed the file"],
]);

/** The variables that are needed, and no others. */
function environment(feedback) {
  const set = feedback.variables().filter((name) => process.env[name] !== undefined);
  return Object.fromEntries(set.map((name) => [name, variable(name)]));
}

function variable(name) {
  const value = process.env[name];
  // The value may be secret.
  if (isText(value)) return value;
  throw new JobError(EXIT.input, `the variable \`${name}\` is not UTF-8`, "unset it, and pass what it says");
}

/** @param {string} text */
export function isDigest(text) {
  return DIGEST.test(text);
}

/** Whether it is what was set: Node puts another character where text is not UTF-8. */
export function isText(value) {
  return !value.includes(REPLACEMENT);
}

/** The file that describes the event. What it says is worth less than a decision: one that cannot be read is none. */
function event() {
  const path = process.env.GITHUB_EVENT_PATH;
  try {
    const status = statSync(path);
    if (!status.isFile() || status.size > EVENT_BYTES) return undefined;
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
  } catch {
    return undefined;
  }
}

function hasColor() {
  return process.stdout.isTTY === true && !process.env.NO_COLOR;
}

function lines(annotations) {
  return annotations.map((line) => `${line}\n`).join("");
}

/** Appends to the files that the system named. */
function ended({ files, exit }) {
  for (const [name, text] of Object.entries(files)) {
    const path = process.env[name];
    if (path) append(name, path, text);
  }
  return exit;
}

function append(name, path, text) {
  try {
    appendFileSync(path, text);
  } catch (error) {
    const message = `\`${path}\`, the file of \`${name}\`, cannot be written: ${error.message}`;
    throw new JobError(EXIT.internal, message, `unset \`${name}\`, or name a file that can be written`);
  }
}

/**
 * Writes text, and waits until it is written. A reader that went away has read all it wanted: that is no error. Where stderr
 * cannot be written, nobody is left to be told.
 */
export async function say(stream, text) {
  const error = await failure(stream, Buffer.from(text));
  if (!error || error.code === "EPIPE" || stream === stderr) return;
  throw new JobError(EXIT.internal, `the result cannot be written: ${error.code}`, "free some space, or write somewhere else");
}

/** Why bytes are not written, if they are not. A stream of Node takes a part of them for all: so they are counted here. */
async function failure(stream, bytes) {
  let at = 0;
  try {
    while (at < bytes.length) at += writeSync(stream.fd, bytes, at);
  } catch (error) {
    // A pipe that is full for now: the stream knows how to wait.
    if (error.code !== "EAGAIN") return error;
    return new Promise((written) => stream.write(bytes.subarray(at), written));
  }
}

/**
 * Runs to an exit code, whatever happens.
 *
 * @param {() => Promise<number>} work
 */
export async function exitCode(work) {
  // What cannot be written is told to whoever writes. A limit on files is an error then, and not the end of the process.
  for (const stream of [stdout, stderr]) stream.on("error", () => {});
  if (process.platform !== "win32") process.on("SIGXFSZ", () => {});
  try {
    return await work();
  } catch (error) {
    if (error instanceof JobError) {
      await say(stderr, `error: ${visible(error.message)}\nhelp: ${error.help}\n`);
      return error.exit;
    }
    await say(stderr, `error: ${visible(error.stack)}\nhelp: please report it\n`);
    return EXIT.internal;
  }
}

/** What stands before the `@` of an address with a scheme, or of one as git knows it besides. */
const USER = /(:\/\/)[^\s"`]*@|(?<=^|[\s"`'(])(?!arn:)[^\s"`'(]+@(?=[A-Za-z0-9.-]+\.[A-Za-z0-9.-]+[:/])/g;

/** One line that does nothing: no workflow command begins in it, no escape of a terminal, and no user of an address is in it. */
function visible(text) {
  const escaped = (character) => `\\u{${character.codePointAt(0).toString(16)}}`;
  const shown = text.replace(USER, (_, scheme) => `${scheme ?? ""}[hidden]@`);
  return shown.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escaped).replaceAll("##[", "# #[");
}

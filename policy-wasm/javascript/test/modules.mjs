// WebAssembly modules that nobody should meet, byte by byte.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

export const digestOf = (bytes) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

/** What the gate puts beside the tests: the policy of the sample estate, as a module and as a bundle. */
export const policyModule = readFileSync(new URL("acme.wasm", import.meta.url));
export const policyBundle = readFileSync(new URL("acme.bundle", import.meta.url));

export const invocation = Object.freeze({
  account: "dev",
  caller: { principal: "arn:aws:sts::111111111111:assumed-role/ci-main/run-17" },
  repository: "git@github.com:acme/infrastructure-live.git",
  ref: "refs/heads/main",
  path: "dev/eu-west-1/app",
  command: "terragrunt-plan",
});

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const SECTION = { type: 1, import: 2, function: 3, memory: 5, export: 7, code: 10, data: 11 };
const I32 = 0x7f;

/** The body of a function that traps. */
export const TRAP = [0x00];
/** The body of a function that returns a number. */
export const constant = (number) => [0x41, ...signed(number)];

/** Where a made-up module keeps its result record, its result and its input. */
const RECORD = 8;
const RESULT = 64;
const INPUT = 4_096;
/** How much memory it has. */
const PAGES = 16;
export const MEMORY_BYTES = PAGES << 16;

/** A module that behaves well and says nothing, but for what is given: bodies by the names of functions. */
export function fakeModule({ functions = {}, without = [], result = [], record = [RESULT, result.length], imports = false } = {}) {
  const bodies = {
    portcullis_abi: constant(65_536),
    portcullis_language: constant(1),
    portcullis_result: constant(RECORD),
    portcullis_fault: constant(0),
    portcullis_input: constant(INPUT),
    portcullis_load: constant(0),
    portcullis_decide: constant(0),
    portcullis_decide_json: constant(0),
    portcullis_claims: constant(0),
    portcullis_digest: constant(0),
    ...functions,
  };
  const names = Object.keys(bodies).filter((name) => !without.includes(name));
  const exported = names.map((name, index) => [...text(name), 0x00, ...unsigned(index + (imports ? 1 : 0))]);
  return Buffer.from([
    ...HEADER,
    // Without a parameter, and with one.
    ...section(SECTION.type, vector([[0x60, 0, 1, I32], [0x60, 1, I32, 1, I32]])),
    ...(imports ? section(SECTION.import, vector([[...text("env"), ...text("exec"), 0x00, 0]])) : []),
    ...section(SECTION.function, vector(names.map((name) => [PARAMETERLESS.includes(name) ? 0 : 1]))),
    ...section(SECTION.memory, vector([[0x00, PAGES]])),
    ...section(SECTION.export, vector([...exported, [...text("memory"), 0x02, 0]])),
    ...section(SECTION.code, vector(names.map((name) => sized([0, ...bodies[name], 0x0b])))),
    ...section(SECTION.data, vector([segment(RECORD, record.flatMap(word)), segment(RESULT, result)])),
  ]);
}

const PARAMETERLESS = ["portcullis_abi", "portcullis_language", "portcullis_result", "portcullis_fault"];

/** The module with a memory that grows by so many pages at most. */
export function memoryLimited(module, pages) {
  const out = [...module.subarray(0, HEADER.length)];
  for (let at = HEADER.length; at < module.length; ) {
    const [length, begin] = readUnsigned(module, at + 1);
    const contents = module.subarray(begin, begin + length);
    if (module[at] === SECTION.memory) {
      const [minimum] = readUnsigned(contents, 2);
      out.push(...section(SECTION.memory, [1, 0x01, ...unsigned(minimum), ...unsigned(minimum + pages)]));
    } else {
      for (const byte of module.subarray(at, begin + length)) out.push(byte);
    }
    at = begin + length;
  }
  return Buffer.from(out);
}

const segment = (address, bytes) => [0, ...constant(address), 0x0b, ...sized(bytes)];
const section = (id, contents) => [id, ...sized(contents)];
const sized = (bytes) => [...unsigned(bytes.length), ...bytes];
const vector = (items) => [...unsigned(items.length), ...items.flat()];
const text = (value) => sized([...Buffer.from(value)]);
const word = (number) => [number & 0xff, (number >> 8) & 0xff, (number >> 16) & 0xff, number >>> 24];

function unsigned(number) {
  return number < 0x80 ? [number] : [(number & 0x7f) | 0x80, ...unsigned(number >>> 7)];
}

function signed(number) {
  const last = number >= -0x40 && number < 0x40;
  return last ? [number & 0x7f] : [(number & 0x7f) | 0x80, ...signed(number >> 7)];
}

function readUnsigned(bytes, at) {
  const byte = bytes[at];
  if (byte < 0x80) return [byte, at + 1];
  const [rest, next] = readUnsigned(bytes, at + 1);
  return [(byte & 0x7f) | (rest << 7), next];
}

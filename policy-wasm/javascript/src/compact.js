// The compact forms of an invocation and of a verdict (docs/wasm-abi.md): no JSON on the way.

import { digestText } from "./digest.js";
import { EngineError } from "./errors.js";

const HEADER_BYTES = 44;
const VERDICT_BYTES = 36;
const DIGEST_AT = 4;
const DIGEST_BYTES = 32;
/** Flags of what is given. */
const COMMIT = 1;
const EVIDENCE = 2;
/**
 * What is larger takes the way of JSON: up to this many UTF-16 units, of which none takes more than six bytes there, JSON
 * is never over its limit, so that both ways always say the same.
 */
const MOST_UNITS = 40_000;
const MOST_ARGUMENTS = 256;

/** Reasons in their order, each with the outcome that it means. */
const REASONS = [
  ["invalid-invocation", "deny"],
  ["unknown-account", "deny"],
  ["malformed-caller", "deny"],
  ["malformed-repository", "deny"],
  ["malformed-ref", "deny"],
  ["malformed-commit", "deny"],
  ["malformed-path", "deny"],
  ["unknown-command", "deny"],
  ["argument-refused", "deny"],
  ["forbidden", "deny"],
  ["permitted", "permit"],
  ["requirements-unmet", "unmet"],
  ["no-permit", "deny"],
];
const OUTCOMES = ["permit", "deny", "unmet"];

/**
 * Writes an invocation into the input area, unless it is so large that JSON must say it.
 *
 * @param {import("./invocation.js").Asked} asked
 * @param {import("./instance.js").Instance} instance
 * @returns {number} how many bytes; 0 where it is too large
 */
export function writeCompact(asked, instance) {
  const commit = asked.commit ?? "";
  const evidence = asked.evidence ?? "";
  const parts = [
    asked.account, asked.caller, asked.repository, asked.ref, commit, asked.path, asked.command, evidence,
  ];
  const items = asked.arguments;
  const texts = parts.join("") + items.join("");
  if (texts.length > MOST_UNITS || items.length > MOST_ARGUMENTS) return 0;
  const behind = HEADER_BYTES + 4 * items.length;
  const written = instance.writeText(texts, behind);
  // Of ASCII, bytes are units.
  const length = written === texts.length ? units : utf8Bytes;
  instance.writeNumber(0, asked.isToken ? 1 : 0);
  instance.writeNumber(4, (asked.commit === undefined ? 0 : COMMIT) | (asked.evidence === undefined ? 0 : EVIDENCE));
  for (let part = 0; part < parts.length; part += 1) instance.writeNumber(8 + 4 * part, length(parts[part]));
  instance.writeNumber(HEADER_BYTES - 4, items.length);
  for (let item = 0; item < items.length; item += 1) {
    instance.writeNumber(HEADER_BYTES + 4 * item, length(items[item]));
  }
  return behind + written;
}

const units = (text) => text.length;

function utf8Bytes(text) {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    // Two units make four bytes, so each counts for two.
    if (unit >= 0x80) bytes += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 1 : 2;
  }
  return bytes;
}

/** Reads verdicts. Remembers how digests are written, of which a policy has few. */
export class VerdictReader {
  #digests = new Map();

  /**
   * @param {Uint8Array} bytes the compact form
   * @returns {import("../types/policy.js").Verdict}
   */
  read(bytes) {
    const reason = REASONS[bytes[1]];
    // Memory that nobody wrote must not be a permit.
    if (bytes.length !== VERDICT_BYTES || reason === undefined || OUTCOMES[bytes[0]] !== reason[1]) {
      throw new EngineError("malformed-result", "the module's verdict does not have its form");
    }
    return { outcome: reason[1], reason: reason[0], policy: bytes[2] === 1 ? this.#digest(bytes) : null };
  }

  #digest(bytes) {
    const key = bytes[DIGEST_AT] | (bytes[DIGEST_AT + 1] << 8) | (bytes[DIGEST_AT + 2] << 16);
    const known = this.#digests.get(key);
    if (known !== undefined && isSameDigest(known.bytes, bytes)) return known.text;
    const digest = bytes.slice(DIGEST_AT, DIGEST_AT + DIGEST_BYTES);
    const text = digestText(digest);
    this.#digests.set(key, { bytes: digest, text });
    return text;
  }
}

function isSameDigest(digest, verdict) {
  for (let index = 0; index < DIGEST_BYTES; index += 1) {
    if (digest[index] !== verdict[DIGEST_AT + index]) return false;
  }
  return true;
}

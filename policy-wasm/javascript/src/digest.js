// Digests of files: what a host trusts.

import { ArgumentError, LoadError, wrongType } from "./errors.js";
import { Instance } from "./instance.js";

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/**
 * The digest that a file must have. There is no default: without one, whoever writes the file writes the policy.
 *
 * @param {{ digest: string } | undefined} options
 */
export function expectedDigest(options) {
  const digest = options?.digest;
  if (digest === undefined) {
    throw new ArgumentError("digest-required", "digest", "say the digest of the file, as `portcullis compile` printed it");
  }
  if (typeof digest !== "string") throw wrongType("digest", "text", digest);
  if (!DIGEST.test(digest)) {
    throw new ArgumentError("malformed-digest", "digest", "`digest` must be `sha256:` and 64 lower-case hexadecimal digits");
  }
  return digest;
}

/** Refuses a file with another digest. */
export function compareDigests(expected, found) {
  if (expected !== found) throw new LoadError("other-digest", `the file has the digest ${found}, not ${expected}`);
}

/**
 * @param {Uint8Array} bytes
 * @param {WebAssembly.Module} decider the packaged one
 */
export function digestSync(bytes, decider) {
  const instance = new Instance(decider);
  instance.reserve(bytes.length);
  const length = instance.writeBytes(bytes);
  return digestText(instance.expect(instance.exports.portcullis_digest, length));
}

/**
 * @param {Uint8Array} bytes
 * @param {() => Promise<WebAssembly.Module>} decider asked for only where the platform has no SHA-256 of its own
 */
export async function digestOf(bytes, decider) {
  // Browsers have it on pages that came over HTTPS only.
  const { subtle } = globalThis.crypto ?? {};
  if (subtle === undefined) return digestSync(bytes, await decider());
  return digestText(new Uint8Array(await subtle.digest("SHA-256", bytes)));
}

/** @param {Uint8Array} bytes */
export function digestText(bytes) {
  return `sha256:${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

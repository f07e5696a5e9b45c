// The bytes of a file, wherever they come from.

import { LoadError, wrongType } from "./errors.js";
import { openFile } from "./platform.js";

/**
 * @param {import("../types/policy.js").Source} source
 * @returns {Promise<Uint8Array>} bytes that nobody else can change
 */
export async function readSource(source) {
  // Bytes are copied before anything else runs, which could change them.
  const given = isBytes(source) ? source : await source;
  if (isBytes(given)) return copyBytes(given, "source");
  if (typeof given?.arrayBuffer === "function") return body(given);
  if (given instanceof URL) return body(await open(given));
  throw wrongType("source", "bytes, a URL or a response", given);
}

async function open(url) {
  try {
    return url.protocol === "file:" ? await openFile(url) : await fetch(url);
  } catch (cause) {
    throw unreadable(url, cause);
  }
}

/** The cause repeats the URL, so that it is kept only where that holds no secret. */
function unreadable(url, cause) {
  const name = shownUrl(url);
  return new LoadError("unreadable", `${name} cannot be read`, name === url.href ? { cause } : undefined);
}

/** A URL without user, password and whatever may sign it. */
function shownUrl(url) {
  const shown = new URL(url);
  shown.username = "";
  shown.password = "";
  shown.search = "";
  shown.hash = "";
  return shown.href;
}

async function body(response) {
  if (response.ok === false) {
    const name = response.url ? shownUrl(new URL(response.url)) : "the response";
    throw new LoadError("unreadable", `${name} answers with status ${response.status}`);
  }
  let bytes;
  try {
    bytes = await response.arrayBuffer();
  } catch (cause) {
    throw new LoadError("unreadable", "the response cannot be read", { cause });
  }
  return copyBytes(bytes, "source");
}

function isBytes(value) {
  // By tag, not by class: tests and frames have classes of their own.
  return ArrayBuffer.isView(value) || /^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(value));
}

/** @returns {Uint8Array} the same bytes */
export function viewBytes(value, field) {
  if (value instanceof Uint8Array) return value;
  if (!isBytes(value)) throw wrongType(field, "bytes", value);
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return new Uint8Array(value);
}

/** @returns {Uint8Array} a copy: what was checked must not change before it is used */
export function copyBytes(value, field) {
  return new Uint8Array(viewBytes(value, field));
}

// Writing JSON of what a host hands in, type by type. Each value is read once, and only what an object has itself counts:
// neither getters, `toJSON` nor a polluted prototype make the text say anything else than what was checked.

import { ArgumentError, wrongType } from "./errors.js";

/** How deep an invocation may be nested; the invocation itself is the first level. */
const NESTING = 8;
/** What cannot stand between quotes as it is. Halves of pairs are looked at again: most are whole. */
const SPECIAL = /["\\\u0000-\u001f\ud800-\udfff]/;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Text that UTF-8 can say: a lone surrogate would silently become another character. */
export function wellFormed(value, field) {
  if (typeof value !== "string") throw wrongType(field, "text", value);
  if (!value.isWellFormed()) {
    throw new ArgumentError("lone-surrogate", field, `\`${field}\` has a lone surrogate, which is no character`);
  }
  return value;
}

/** An object as a literal or `JSON.parse` makes it. */
export function plainObject(value, field) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrongType(field, "an object", value);
  return value;
}

export function unknownField(field) {
  return new ArgumentError("unknown-field", field, `there is no field \`${field}\``);
}

export function missingField(field) {
  return new ArgumentError("missing-field", field, `\`${field}\` is missing`);
}

/** Whether a text can stand between quotes as it is. */
export function isPlain(value) {
  return !SPECIAL.test(value);
}

/** The JSON of a text. */
export function text(value, field) {
  if (typeof value === "string" && isPlain(value)) return `"${value}"`;
  return JSON.stringify(wellFormed(value, field));
}

export function flag(value, field) {
  if (typeof value !== "boolean") throw wrongType(field, "true or false", value);
  return value ? "true" : "false";
}

/** The largest count that the language has (section 10). */
const MOST = 2n ** 63n - 1n;

/** A count. Beyond 2^53 a number does not say which one it is; a bigint does. */
export function count(value, field) {
  if (typeof value !== "number" && typeof value !== "bigint") throw wrongType(field, "a number", value);
  if (!isExact(value) || value < 0 || value > MOST) {
    const message = `\`${field}\` must be a whole number from 0 to 2^53 - 1, or a bigint up to 2^63 - 1`;
    throw new ArgumentError("not-a-count", field, message);
  }
  return `${value}`;
}

/**
 * Whether a number is written in JSON as whoever made it wrote it. Claims are compared by the characters of a number (C6):
 * what has a fraction, an exponent or more digits than a number keeps may have been another one.
 */
function isExact(value) {
  return typeof value === "bigint" || (Number.isSafeInteger(value) && !Object.is(value, -0));
}

function number(value, field) {
  if (isExact(value)) return `${value}`;
  const message = `\`${field}\` is a number that JavaScript does not keep exactly; pass it as text or bigint, or raw JSON to \`decideJson\``;
  throw new ArgumentError("inexact-number", field, message);
}

/** Makes the writer of a list from that of its items. */
export function list(item) {
  return (value, field) => {
    if (!Array.isArray(value)) throw wrongType(field, "a list", value);
    let out = "";
    for (let index = 0; index < value.length; index += 1) {
      out += `${index === 0 ? "" : ","}${item(value[index], `${field}[${index}]`)}`;
    }
    return `[${out}]`;
  };
}

/** Makes the writer of an object with known fields. What is `undefined` is as if it were not there. */
export function record(required, optional = {}) {
  const writers = new Map([...Object.entries(required), ...Object.entries(optional)]);
  const needed = Object.keys(required);
  return (value, field) => {
    plainObject(value, field);
    const found = new Map();
    for (const name of Object.keys(value)) {
      const given = value[name];
      if (given === undefined) continue;
      const write = writers.get(name);
      if (write === undefined) throw unknownField(member(field, name));
      found.set(name, `"${name}":${write(given, member(field, name))}`);
    }
    const missing = needed.find((name) => !found.has(name));
    if (missing !== undefined) throw missingField(member(field, missing));
    return `{${[...found.values()].join(",")}}`;
  };
}

/** Makes the writer of an object with names of any kind. */
export function mapping(item) {
  return (value, field) => {
    plainObject(value, field);
    const members = Object.keys(value).map((name) => {
      const inside = member(field, name);
      return `${text(name, inside)}:${item(value[name], inside)}`;
    });
    return `{${members.join(",")}}`;
  };
}

/** Makes the writer of any JSON value that begins at a level of nesting. */
export function anything(level) {
  const inside = (value, field) => anything(level + 1)(value, field);
  return (value, field) => {
    switch (typeof value) {
      case "string":
        return text(value, field);
      case "boolean":
        return flag(value, field);
      case "number":
      case "bigint":
        return number(value, field);
      case "object":
        if (value === null) return "null";
        if (level > NESTING) throw new ArgumentError("too-deep", field, `\`${field}\` is nested deeper than ${NESTING}`);
        if (Array.isArray(value)) return list(inside)(value, field);
        if (Object.prototype.toString.call(value) === "[object Object]") return mapping(inside)(value, field);
    }
    throw wrongType(field, "a JSON value", value);
  };
}

function member(field, name) {
  if (NAME.test(name)) return `${field}.${name}`;
  return `${field}[${JSON.stringify(name)}]`;
}

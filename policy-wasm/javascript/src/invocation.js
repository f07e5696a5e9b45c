// An invocation as a host hands it in: an object, checked field by field.

import { wrongType } from "./errors.js";
import {
  anything, count, flag, isPlain, list, mapping, missingField, plainObject, record, text, unknownField, wellFormed,
} from "./json.js";

/** The invocation is the first level, `caller` the second, `claims` the third. */
const CLAIM_LEVEL = 4;

const token = record({ issuer: text, claims: mapping(anything(CLAIM_LEVEL)) });
const principal = record({ principal: text });
const caller = (value, field) => (isToken(value) ? token : principal)(value, field);

const evidence = record({}, {
  commit_on: list(text),
  commit_is_tip_of: list(text),
  includes_tip_of: list(text),
  checks: list(text),
  approvals: list(caller),
  planned: flag,
  plan: record({ creates: count, updates: count, replaces: count, destroys: count, types: list(text) }),
  no_rollback: flag,
  clock: record({}, { utc: text, zones: mapping(record({ day: text, minute: count })) }),
});

const NONE = Object.freeze([]);

function isToken(value) {
  const has = (name) => Object.hasOwn(value, name) && value[name] !== undefined;
  return typeof value === "object" && value !== null && (has("issuer") || has("claims"));
}

/** An invocation whose every field has the right type. */
export class Asked {
  account;
  isToken = false;
  /** The principal as it is, or the token as JSON. */
  caller;
  repository;
  ref;
  commit;
  path;
  command;
  arguments = NONE;
  /** As JSON. */
  evidence;

  /** @param {import("../types/policy.js").Invocation} invocation */
  constructor(invocation) {
    plainObject(invocation, "invocation");
    for (const name of Object.keys(invocation)) this.#take(name, invocation[name]);
    if (this.account === undefined) throw missingField("account");
    if (this.caller === undefined) throw missingField("caller");
    if (this.repository === undefined) throw missingField("repository");
    if (this.ref === undefined) throw missingField("ref");
    if (this.path === undefined) throw missingField("path");
    if (this.command === undefined) throw missingField("command");
  }

  #take(name, value) {
    if (value === undefined) return;
    switch (name) {
      case "account":
        this.account = wellFormed(value, name);
        break;
      case "caller":
        this.#takeCaller(value);
        break;
      case "repository":
        this.repository = wellFormed(value, name);
        break;
      case "ref":
        this.ref = wellFormed(value, name);
        break;
      case "commit":
        this.commit = wellFormed(value, name);
        break;
      case "path":
        this.path = wellFormed(value, name);
        break;
      case "command":
        this.command = wellFormed(value, name);
        break;
      case "arguments":
        this.arguments = argumentList(value);
        break;
      case "evidence":
        this.evidence = evidence(value, name);
        break;
      default:
        throw unknownField(name);
    }
  }

  #takeCaller(value) {
    this.isToken = isToken(value);
    if (this.isToken) {
      this.caller = token(value, "caller");
      return;
    }
    plainObject(value, "caller");
    for (const name of Object.keys(value)) {
      const given = value[name];
      if (given === undefined) continue;
      if (name !== "principal") throw unknownField(`caller.${name}`);
      this.caller = wellFormed(given, "caller.principal");
    }
    if (this.caller === undefined) throw missingField("caller.principal");
  }

  toJson() {
    const { account, caller, repository, ref, commit, path, command, arguments: items } = this;
    // One look at all texts at once: hardly ever does one need escapes.
    const together = account + caller + repository + ref + (commit ?? "") + path + command + items.join("");
    const quoted = this.isToken || !isPlain(together) ? text : plain;
    const who = this.isToken ? caller : `{"principal":${quoted(caller)}}`;
    let out = `{"account":${quoted(account)},"caller":${who},"repository":${quoted(repository)},"ref":${quoted(ref)}`;
    if (commit !== undefined) out += `,"commit":${quoted(commit)}`;
    out += `,"path":${quoted(path)},"command":${quoted(command)}`;
    if (items.length > 0) out += `,"arguments":[${items.map((item) => quoted(item)).join(",")}]`;
    if (this.evidence !== undefined) out += `,"evidence":${this.evidence}`;
    return `${out}}`;
  }
}

const plain = (text) => `"${text}"`;

function argumentList(value) {
  if (!Array.isArray(value)) throw wrongType("arguments", "a list of text", value);
  // Not `map`, which skips holes.
  return Array.from(value, (item, index) => wellFormed(item, `arguments[${index}]`));
}

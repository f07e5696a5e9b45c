// What `@portcullis/policy` exports. Needs neither the types of browsers nor those of Node.

/** `sha256:` and 64 lower-case hexadecimal digits. */
export type Digest = `sha256:${string}`;

/** Bytes in memory; `Buffer` is one of them. */
export type Bytes = ArrayBufferLike | ArrayBufferView;

/** What `fetch` brings, as far as it is needed. A `Blob` will do too. */
export interface ResponseLike {
  readonly ok?: boolean;
  readonly status?: number;
  arrayBuffer(): Promise<ArrayBufferLike>;
}

/** A `URL`; in Node also one that begins with `file:`. */
export interface UrlLike {
  readonly href: string;
  readonly protocol: string;
}

/** Where a policy module or a bundle comes from. */
export type Source = Bytes | UrlLike | ResponseLike;

export interface LoadOptions {
  /** The digest of the file, as `portcullis compile` printed it. A file with another one is refused. */
  readonly digest: string;
}

/** An IAM role, user, root or session of a role, or a local user. */
export interface Principal {
  /** The ARN, or `local:user/NAME`. */
  readonly principal: string;
  readonly issuer?: never;
  readonly claims?: never;
}

/** An OIDC token that was verified elsewhere. */
export interface Token {
  readonly principal?: never;
  /** `https://host[:port][/path]` */
  readonly issuer: string;
  readonly claims: Readonly<Record<string, Claim>>;
}

export type Caller = Principal | Token;

/** Any JSON value. */
export type Claim = null | boolean | number | bigint | string | readonly Claim[] | { readonly [name: string]: Claim };

/** What a saved plan would change. */
export interface Plan {
  readonly creates: number | bigint;
  readonly updates: number | bigint;
  readonly replaces: number | bigint;
  readonly destroys: number | bigint;
  /** The types of all touched resources. */
  readonly types: readonly string[];
}

export type Day = "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";

/** The time, as the clock of the runtime tells it. */
export interface Clock {
  /** `YYYY-MM-DDTHH:MM:SSZ` */
  readonly utc?: string | undefined;
  /** The time on the wall, by zone. `minute` counts from midnight. */
  readonly zones?: Readonly<Record<string, { readonly day: Day; readonly minute: number }>> | undefined;
}

/** What shows requirements to hold. Gathered by the runtime; never take it from a caller's word. */
export interface Evidence {
  /** The refs from which the commit is reachable. */
  readonly commit_on?: readonly string[] | undefined;
  /** The refs whose tip the commit is. */
  readonly commit_is_tip_of?: readonly string[] | undefined;
  /** The refs whose tip is reachable from the commit. */
  readonly includes_tip_of?: readonly string[] | undefined;
  /** The checks that passed for the commit, as `SOURCE:NAME`. */
  readonly checks?: readonly string[] | undefined;
  /** Who approved this job: verified, bound to it and not used before. */
  readonly approvals?: readonly Caller[] | undefined;
  /** Whether the plan that will be applied was made by a permitted run of the plan command for the same job. */
  readonly planned?: boolean | undefined;
  readonly plan?: Plan | undefined;
  /** Whether the commit descends from the one started last. */
  readonly no_rollback?: boolean | undefined;
  readonly clock?: Clock | undefined;
}

/**
 * One request: may this caller run this command, from this ref of this repository, on this path, in this account?
 * Only fields of the object itself count, not inherited ones.
 */
export interface Invocation {
  /** By name or by its id of 12 digits. */
  readonly account: string;
  readonly caller: Caller;
  /** In any form that git takes and that is not ambiguous. */
  readonly repository: string;
  /** In full, such as `refs/heads/main`, or a commit id. */
  readonly ref: string;
  /** 40 or 64 lower-case hexadecimal digits. */
  readonly commit?: string | undefined;
  /** A folder of the repository, `.` for its root. */
  readonly path: string;
  /** By its name in the policy. */
  readonly command: string;
  /** What the command is given, item by item. */
  readonly arguments?: readonly string[] | undefined;
  readonly evidence?: Evidence | undefined;
}

export type Outcome = "permit" | "deny" | "unmet";

/** Why an invocation is denied: the first check that failed. */
export type DenyReason =
  | "invalid-invocation"
  | "unknown-account"
  | "malformed-caller"
  | "malformed-repository"
  | "malformed-ref"
  | "malformed-commit"
  | "malformed-path"
  | "unknown-command"
  | "argument-refused"
  | "forbidden"
  | "no-permit";

export type Reason = DenyReason | "permitted" | "requirements-unmet";

export type Requirement =
  | "commit_on"
  | "commit_is_tip_of"
  | "includes_tip_of"
  | "checks"
  | "approvals"
  | "planned"
  | "plan"
  | "no_rollback"
  | "window"
  | "not_after";

/** A rule that took part in the decision, and where it begins. */
export interface MatchedRule {
  readonly name: string;
  readonly account: string;
  readonly effect: "permit" | "forbid";
  readonly file: string;
  readonly line: number;
}

/** What a runner is to execute. */
export interface Launch {
  readonly command: string;
  readonly effect: "read" | "write";
  readonly runner: string;
  readonly runner_digest: Digest;
  /** The argument vector; no shell ever sees it. */
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** A claim of a token, or a part of `bind`, in which it is not a caller. */
export interface FailedClaim {
  readonly caller: string;
  /** The claim's name, or `bind.repository`, `bind.ref` or `bind.commit`. */
  readonly claim: string;
  /** The claim's text as it is matched; of `bind` what its text stands for. `null` where there is no such thing. */
  readonly got: string | null;
  /** The caller's text of what would match. */
  readonly expected: string;
}

/** A permit rule that came near, and in what it did not match. */
export interface Nearest {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly failed: readonly {
    readonly dimension: "caller" | "repository" | "ref" | "path" | "command" | "arguments";
    readonly got: string;
    readonly expected: string;
    /** For a caller that is a token: what it lacks to be the nearest of the rule's callers. */
    readonly claims: readonly FailedClaim[];
  }[];
}

interface DecisionBase {
  readonly version: 1;
  /** One sentence for people. */
  readonly message: string;
  /** The rules that decided, by name. */
  readonly rules: readonly MatchedRule[];
  /** The digest of the bundle. */
  readonly bundle: Digest;
  /** The version of the policy language. */
  readonly language: number;
  readonly engine: "wasm";
}

/** It may run. */
export interface PermitDecision extends DecisionBase {
  readonly outcome: "permit";
  readonly reason: "permitted";
  readonly unmet: readonly [];
  /** `null` for a command without a runner. */
  readonly launch: Launch | null;
  readonly nearest: readonly [];
  /** The digest of the account's rules. */
  readonly policy: Digest;
}

/** It may run once the requirements in `unmet` are shown. */
export interface UnmetDecision extends DecisionBase {
  readonly outcome: "unmet";
  readonly reason: "requirements-unmet";
  readonly unmet: readonly [Requirement, ...Requirement[]];
  readonly launch: Launch | null;
  readonly nearest: readonly [];
  readonly policy: Digest;
}

/** It may not run. */
export interface DenyDecision extends DecisionBase {
  readonly outcome: "deny";
  readonly reason: DenyReason;
  readonly unmet: readonly [];
  readonly launch: null;
  /** For `no-permit`: up to three permit rules that came nearest. */
  readonly nearest: readonly Nearest[];
  /** `null` where there is no account. */
  readonly policy: Digest | null;
}

export type Decision = PermitDecision | UnmetDecision | DenyDecision;

/** A decision without its explanation. */
export type Verdict =
  | { readonly outcome: "permit"; readonly reason: "permitted"; readonly policy: Digest }
  | { readonly outcome: "unmet"; readonly reason: "requirements-unmet"; readonly policy: Digest }
  | { readonly outcome: "deny"; readonly reason: DenyReason; readonly policy: Digest | null };

/**
 * A policy that is ready to decide. Deciding is synchronous, and either answers or throws; whatever is thrown, nothing was
 * permitted. After a failure of the module the next call gets a fresh instance.
 */
export class Policy {
  private constructor();

  /**
   * Loads a policy module or a bundle. Nothing of a file is run before its digest is the given one.
   *
   * @throws {LoadError} the file is not that one, not usable, or of another version
   * @throws {ArgumentError} no digest, or a source of a wrong type
   */
  static load(source: Source | PromiseLike<Source>, options: LoadOptions): Promise<Policy>;

  /** As `load`. Elsewhere than in Node, `prepare` has to end before. */
  static loadSync(bytes: Bytes, options: LoadOptions): Policy;

  /** Digests of the file that was loaded, and of the bundle in it; equal where the file is a bundle. */
  readonly digests: { readonly file: Digest; readonly bundle: Digest };
  /** The version of the policy language. */
  readonly language: number;

  /**
   * @throws {ArgumentError} a field is missing, unknown or of a wrong type, or has a lone surrogate
   * @throws {EngineError} the module did not answer
   */
  decide(invocation: Invocation): Decision;

  /**
   * Decides an invocation as JSON. Whatever is wrong with it is a denial with the reason `invalid-invocation`.
   *
   * @returns the decision as JSON
   * @throws {ArgumentError} neither text nor bytes, or text with a lone surrogate
   * @throws {EngineError} the module did not answer
   */
  decideJson(invocation: string | Bytes): string;

  /** As `decide`, without the explanation: the fastest way. */
  verdict(invocation: Invocation): Verdict;
}

/** Reads the packaged decider, so that `Policy.loadSync` has it. Not needed in Node. */
export function prepare(): Promise<void>;

/** The ancestor of all errors of this package. */
export class PortcullisError extends Error {
  /** Stable; `message` is for people and may change. */
  readonly code: string;
}

/** Something was handed in that is not taken. */
export class ArgumentError extends PortcullisError {
  readonly code:
    | "wrong-type"
    | "missing-field"
    | "unknown-field"
    | "lone-surrogate"
    | "inexact-number"
    | "not-a-count"
    | "too-deep"
    | "empty"
    | "digest-required"
    | "malformed-digest";
  /** Which field, such as `caller.principal` or `arguments[2]`. */
  readonly field: string;
}

/** A file is not loaded. */
export class LoadError extends PortcullisError {
  readonly code:
    | "unreadable"
    | "other-digest"
    | "malformed-module"
    | "module-imports"
    | "not-a-policy"
    | "no-policy"
    | "abi-version"
    | "language-version"
    | "not-a-bundle"
    | "format-version"
    | "truncated"
    | "too-long"
    | "too-large"
    | "damaged"
    | "malformed-bundle"
    | "not-proved"
    | "package-incomplete"
    | "not-prepared";
}

/** The module did not answer: its memory ran out (`memory`), or it or this package has a bug. */
export class EngineError extends PortcullisError {
  readonly code: "memory" | "trap" | "instantiation" | "malformed-result" | "unexpected-status";
}

/** A mistake or a warning, and where it is. Lines and columns count from 1. */
export interface Diagnostic {
  /** Stable; `portcullis explain CODE` says more. */
  readonly code: `PL${string}`;
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly end_line: number;
  readonly end_column: number;
  readonly help: string | null;
  readonly related: readonly {
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly end_line: number;
    readonly end_column: number;
    readonly message: string;
  }[];
}

/** A policy has mistakes (`invalid-policy`, with `diagnostics`) or cannot be compiled (`not-compiled`, with `help`). */
export class PolicyError extends PortcullisError {
  readonly code: "invalid-policy" | "not-compiled";
  readonly diagnostics: readonly Diagnostic[];
  readonly help: string | null;
}

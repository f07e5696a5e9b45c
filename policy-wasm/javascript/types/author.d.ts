// What `@portcullis/policy/author` exports.

import type { Bytes, Diagnostic, Digest, LoadOptions, Policy } from "./policy.js";

/** Text or bytes by the name of the file, relative to the policy directory and `/`-separated. */
export type PolicyFiles = Readonly<Record<string, string | Bytes>> | Iterable<readonly [string, string | Bytes]>;

/** Checks, compiles and formats policy text. */
export class Author {
  private constructor();

  static load(): Promise<Author>;

  /** As `load`, in Node; elsewhere only after a `load`. */
  static loadSync(): Author;

  /** Finds every mistake, as `portcullis check --format json` says them. */
  check(files: PolicyFiles): { readonly version: 1; readonly diagnostics: readonly Diagnostic[] };

  /**
   * Compiles and proves, as `portcullis compile` does.
   *
   * @param options `account` compiles that one alone, by name or id
   * @throws {PolicyError} the policy has mistakes or cannot be compiled
   */
  compile(files: PolicyFiles, options?: { readonly account?: string | undefined }): { readonly bundle: Uint8Array; readonly digest: Digest };

  /**
   * Formats one policy file, as `portcullis fmt` does.
   *
   * @throws {PolicyError} the text is not HCL
   */
  format(text: string): string;

  /** A policy whose decisions explain more. Takes bundles only. */
  open(bundle: Bytes, options: LoadOptions): Policy;
}

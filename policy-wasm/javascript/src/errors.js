// What this package throws. Whatever is thrown, nothing was permitted.

/** The one ancestor. `code` is stable; `message` is for people. */
export class PortcullisError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {ErrorOptions} [options]
   */
  constructor(code, message, options) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** Something was handed in that this package does not take. `field` says what. */
export class ArgumentError extends PortcullisError {
  constructor(code, field, message) {
    super(code, message);
    this.field = field;
  }
}

/** A file that is not loaded. */
export class LoadError extends PortcullisError {}

/** The module did not answer. The next call gets a fresh instance. */
export class EngineError extends PortcullisError {}

/** A policy that has mistakes or cannot be compiled. */
export class PolicyError extends PortcullisError {
  constructor(code, message, { diagnostics = [], help = null } = {}) {
    super(code, message);
    this.diagnostics = diagnostics;
    this.help = help;
  }
}

/**
 * `field` is of a wrong type.
 *
 * @param {string} field
 * @param {string} expected
 * @param {unknown} value
 */
export function wrongType(field, expected, value) {
  return new ArgumentError("wrong-type", field, `\`${field}\` must be ${expected}, not ${kind(value)}`);
}

function kind(value) {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return { undefined: "missing", object: "an object", string: "text" }[typeof value] ?? `a ${typeof value}`;
}

// One instance of a module: its memory, its calls, and how they end.

import { EngineError } from "./errors.js";
import { checkExports } from "./module.js";

/** The status of a module that has no memory left. */
const MEMORY = 5;
const RECORD_BYTES = 8;

const encoder = new TextEncoder();
// What a module says is UTF-8; anything else is a bug, and not to be repaired.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export class Instance {
  #memory;
  #record;
  #bytes;
  #view;
  /** The input area: its address and how much room there is. */
  #address = 0;
  #room = 0;
  /** Where text was written last, and the part of the input area from there. */
  #textAt = -1;
  #textArea;

  /** @param {WebAssembly.Module} module */
  constructor(module) {
    try {
      this.exports = new WebAssembly.Instance(module).exports;
    } catch (cause) {
      throw new EngineError("instantiation", "the module cannot be instantiated", { cause });
    }
    checkExports(this.exports);
    this.#memory = this.exports.memory;
    this.#refresh();
    this.#record = this.call(this.exports.portcullis_result) >>> 0;
    if (this.#record + RECORD_BYTES > this.#bytes.length) throw outside();
  }

  /** Views of memory that has grown are empty. */
  #refresh() {
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.#view = new DataView(this.#memory.buffer);
    this.#textAt = -1;
  }

  /** Sees to it that the input area has room. */
  reserve(length) {
    if (length <= this.#room) return;
    const address = this.call(this.exports.portcullis_input, length) >>> 0;
    if (address === 0) throw new EngineError("memory", `there is no memory for ${length} bytes of input`);
    this.#address = address;
    this.#room = length;
    this.#textAt = -1;
  }

  /** The module has taken the input area for itself. */
  forgetRoom() {
    this.#room = 0;
  }

  /** @returns {number} how many bytes were written: those that have room */
  writeBytes(bytes, offset = 0) {
    const fitting = bytes.length > this.#room - offset ? bytes.subarray(0, this.#room - offset) : bytes;
    this.#bytes.set(fitting, this.#address + offset);
    return fitting.length;
  }

  /** @returns {number} how many bytes were written: those of the characters that have room */
  writeText(text, offset = 0) {
    if (this.#textAt !== offset) {
      this.#textArea = this.#bytes.subarray(this.#address + offset, this.#address + this.#room);
      this.#textAt = offset;
    }
    return encoder.encodeInto(text, this.#textArea).written;
  }

  /** Writes parts one behind the other, whatever room they take. */
  writeParts(parts) {
    this.reserve(parts.reduce((sum, part) => sum + part.length, 0));
    return parts.reduce((offset, part) => offset + this.writeBytes(part, offset), 0);
  }

  writeNumber(offset, number) {
    this.#view.setUint32(this.#address + offset, number, true);
  }

  /**
   * Calls one of the module's functions.
   *
   * @returns {number} mostly a status
   */
  call(run, length) {
    let status;
    try {
      status = run(length);
    } catch (cause) {
      throw this.#trapped(cause);
    }
    if (this.#bytes.length === 0) this.#refresh();
    return status;
  }

  /**
   * Calls what has to succeed.
   *
   * @returns {Uint8Array} the result, until the next call
   */
  expect(run, length) {
    const status = this.call(run, length);
    if (status === 0) return this.result();
    if (status === MEMORY) throw new EngineError("memory", "the module has no memory left");
    throw new EngineError("unexpected-status", `the module ends with status ${status}`);
  }

  /** @returns {Uint8Array} what the last call answered, until the next call */
  result() {
    const address = this.#view.getUint32(this.#record, true);
    const end = address + this.#view.getUint32(this.#record + 4, true);
    if (end > this.#bytes.length) throw outside();
    return this.#bytes.subarray(address, end);
  }

  /** @returns {string} */
  resultText() {
    const result = this.result();
    try {
      return decoder.decode(result);
    } catch (cause) {
      throw new EngineError("malformed-result", "the module's result is not UTF-8", { cause });
    }
  }

  resultJson() {
    const text = this.resultText();
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new EngineError("malformed-result", "the module's result is not JSON", { cause });
    }
  }

  #trapped(cause) {
    if (this.#ranOutOfMemory()) return new EngineError("memory", "the module ran out of memory", { cause });
    return new EngineError("trap", "the module failed, which is a bug: please report it", { cause });
  }

  #ranOutOfMemory() {
    try {
      return this.exports.portcullis_fault() === 1;
    } catch {
      return false;
    }
  }
}

function outside() {
  return new EngineError("malformed-result", "the module's result lies outside its memory");
}

// The entry `@portcullis/policy` on edge workers, which compile no code at run time: what is imported is compiled already.

import decider from "../../dist/decider.wasm";

import { provideModule } from "../platform.js";

provideModule("decider", decider);

export { ArgumentError, EngineError, LoadError, PolicyError, PortcullisError } from "../errors.js";
export { Policy, prepare } from "../policy.js";

// The entry `@portcullis/policy`.

import "./platform.js";

export { ArgumentError, EngineError, LoadError, PolicyError, PortcullisError } from "../errors.js";
export { Policy, prepare } from "../policy.js";

// How a typed host uses the package. `tsc` checks it, also that what is wrong is wrong.

import { ArgumentError, LoadError, Policy, PortcullisError, prepare } from "@portcullis/policy";
import type { Decision, Digest, Invocation, Requirement, Verdict } from "@portcullis/policy";
import { Author } from "@portcullis/policy/author";

const digest = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

const invocation: Invocation = {
  account: "dev",
  caller: { principal: "local:user/ana" },
  repository: "github.com/acme/live",
  ref: "refs/heads/main",
  path: "dev",
  command: "plan",
  arguments: ["-target=module.app"],
  evidence: { planned: true, clock: { zones: { UTC: { day: "fri", minute: 845 } } } },
};

const token: Invocation = { ...invocation, caller: { issuer: "https://token.example", claims: { sub: "a", groups: ["b"] } } };

export async function host(bytes: Uint8Array): Promise<string> {
  await prepare();
  const policy = await Policy.load(bytes, { digest });
  const file: Digest = policy.digests.file;
  const decision: Decision = policy.decide(token);
  switch (decision.outcome) {
    case "permit": {
      const rules: Digest = decision.policy;
      return `${decision.launch?.argv.join(" ")} ${rules} ${file}`;
    }
    case "unmet": {
      const first: Requirement = decision.unmet[0];
      return first;
    }
    case "deny":
      return decision.nearest.map(({ rule }) => rule).join() + decision.reason satisfies string;
  }
}

export function verdict(policy: Policy): Verdict["reason"] {
  const answer = policy.verdict(invocation);
  if (answer.outcome === "permit") return answer.reason satisfies "permitted";
  return answer.reason;
}

export async function author(files: Map<string, string>): Promise<Policy> {
  const author = await Author.load();
  const { bundle, digest } = author.compile(files, { account: "dev" });
  const severity: "error" | "warning" | undefined = author.check({ "a.hcl": "" }).diagnostics[0]?.severity;
  return author.open(bundle, { digest: severity === undefined ? digest : author.compile({}).digest });
}

export function told(error: unknown): string {
  if (error instanceof ArgumentError) return error.field;
  if (error instanceof LoadError && error.code === "other-digest") return "someone changed it";
  return error instanceof PortcullisError ? error.code : "not ours";
}

export async function wrong(bytes: Uint8Array, policy: Policy): Promise<void> {
  // @ts-expect-error a digest is required
  await Policy.load(bytes);
  // @ts-expect-error and is no option among others
  await Policy.load(bytes, {});
  // @ts-expect-error a path is no source
  await Policy.load("policy.wasm", { digest });
  // @ts-expect-error a policy is made by loading alone
  new Policy();
  // @ts-expect-error a field is missing
  policy.decide({ account: "dev" });
  // @ts-expect-error there is no such field
  policy.decide({ ...invocation, reference: "refs/heads/main" });
  // @ts-expect-error a caller is one or the other
  policy.decide({ ...invocation, caller: { principal: "a", issuer: "b", claims: {} } });
  // @ts-expect-error a claim is JSON
  policy.decide({ ...invocation, caller: { issuer: "b", claims: { exp: new Date() } } });
  // @ts-expect-error an invocation as JSON is text
  policy.decideJson(invocation);
  // @ts-expect-error there is no such outcome
  if (policy.verdict(invocation).outcome === "allow") return;
  // @ts-expect-error what is denied has nothing to launch
  if (policy.decide(invocation).outcome === "deny") policy.decide(invocation).launch.argv;
  // @ts-expect-error there is no such code
  if (told(0) && new LoadError().code === "other-digst") return;
}

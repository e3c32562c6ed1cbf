import type { Argument, Digest, ProofBody } from "@aethel/models";
import { compileSource, RESOURCE_LIMIT_DEFAULT, standardIntents } from "@aethel/verifier";
import { failure } from "../failure/failure.ts";
import type { PersonName } from "../localnet/people.ts";
import { account, amount } from "./arguments.ts";
import { escrow } from "./escrow.ts";
import type { Sample, Samples } from "./samples.ts";
import type { Envelope, Task } from "./task.ts";

const PROVERS: readonly PersonName[] = ["alice", "bob", "carol", "dora"];

/** Resource limit of a call; the standard intents need a few dozen units. */
const EXECUTION_LIMIT = 100_000;

/**
 * Creates the tasks of the demonstration: honest users prove theorems, publish intents and pay each
 * other, Erik makes mistakes, and Mallory tries to cheat. Each author's tasks are submitted in
 * their order.
 */
export function createScenario({ theorems, intents, contracts }: Samples): readonly Task[] {
  const proved = theorems.filter(({ expectation }) => expectation === "valid");
  const wrong = theorems.filter(({ expectation }) => expectation === "refused");
  const published = intents.filter(({ expectation }) => expectation === "valid");
  const cheats = intents.filter(({ expectation }) => expectation === "refused");
  return [
    ...payments(),
    ...published.map((sample, at) => publish(sample, pick(at))),
    ...proved.map((sample, at) => theorem(sample, pick(at))),
    ...wrong.map((sample) => theorem(sample, "erik")),
    overdraft(),
    ...cheats.map((sample) => publish(sample, "mallory")),
    theft(),
    ...tips(published),
    ...escrow(contracts),
  ];
}

function pick(at: number): PersonName {
  return PROVERS[at % PROVERS.length] ?? "alice";
}

function publish(sample: Sample, author: PersonName): Task {
  return {
    title: `${sample.name}.ae`,
    author,
    kind: "proof",
    resourceLimit: RESOURCE_LIMIT_DEFAULT,
    expectation: sample.expectation === "valid" ? "applied" : "refused",
    body: (envelope) => ({ type: "publish", ...envelope, source: sample.bytes }),
  };
}

function theorem(sample: Sample, author: PersonName): Task {
  return {
    title: `${sample.name}.smt2`,
    author,
    kind: "proof",
    resourceLimit: RESOURCE_LIMIT_DEFAULT,
    expectation: sample.expectation === "valid" ? "applied" : "refused",
    body: (envelope) => ({ type: "theorem", ...envelope, script: sample.bytes }),
  };
}

/** Creates transfers, which call the intent `transfer` of the genesis. */
function payments(): readonly Task[] {
  const pairs: readonly (readonly [PersonName, PersonName, bigint])[] = [
    ["alice", "bob", 100n],
    ["bob", "carol", 75n],
    ["carol", "dora", 50n],
    ["dora", "alice", 25n],
  ];
  return pairs.map(([from, to, amount]) => transfer({ from, to, amount, expectation: "applied" }));
}

/** Creates a transfer above the balance. Its guard is false, so only the fee is charged. */
function overdraft(): Task {
  return transfer({ from: "erik", to: "bob", amount: 1_000_000n, expectation: "refused" });
}

/** Creates a transfer from Alice that Mallory signs. No mempool accepts it. */
function theft(): Task {
  const title = "transfer alice -> mallory, signed by mallory";
  return {
    ...transfer({ from: "alice", to: "mallory", amount: 500n, expectation: "turned-away" }),
    title,
    author: "mallory",
  };
}

/** Creates calls of an intent that an earlier task publishes. */
function tips(published: readonly Sample[]): readonly Task[] {
  const sample = published.find(({ name }) => name === "tip");
  if (sample === undefined) return [];
  const intent = intentDigest(sample.bytes, "pay_with_tip");
  const given = [account("dora"), account("bob"), account("carol"), amount(80n)];
  return [
    {
      title: "pay_with_tip dora -> bob, carol",
      author: "dora",
      kind: "call",
      resourceLimit: EXECUTION_LIMIT,
      expectation: "applied",
      after: `${sample.name}.ae`,
      body: (envelope) => invoke(envelope, intent, given),
    },
  ];
}

function transfer(options: {
  readonly from: PersonName;
  readonly to: PersonName;
  /** Amount in whole tokens. */
  readonly amount: bigint;
  readonly expectation: Task["expectation"];
}): Task {
  const { from, to, expectation } = options;
  const intent = standardDigest("transfer");
  const given = [account(from), account(to), amount(options.amount)];
  return {
    title: `transfer ${from} -> ${to}`,
    author: from,
    kind: "call",
    resourceLimit: EXECUTION_LIMIT,
    expectation,
    body: (envelope) => invoke(envelope, intent, given),
  };
}

function invoke(envelope: Envelope, intent: Digest, given: readonly Argument[]): ProofBody {
  return { type: "invoke", ...envelope, calls: [{ intent, arguments: given }], cosigners: [] };
}

function standardDigest(name: string): Digest {
  for (const { source } of standardIntents()) {
    const compiled = compileSource(source, { privileged: true });
    const found = compiled.ok ? compiled.intents.find((each) => each.name === name) : undefined;
    if (found !== undefined) return found.digest;
  }
  throw failure("FILE", `there is no standard intent ${name}`, "reinstall Aethel");
}

function intentDigest(source: Uint8Array, name: string): Digest {
  const compiled = compileSource(source);
  const found = compiled.ok ? compiled.intents.find((each) => each.name === name) : undefined;
  if (found !== undefined) return found.digest;
  throw failure("FILE", `the examples have no intent ${name}`, "restore the folder examples/");
}

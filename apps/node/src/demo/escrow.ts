import {
  type Argument,
  type Digest,
  NATIVE_ASSET,
  type SpendingLimit,
  toAmount,
} from "@aethel/models";
import { compileContract, contractIntentDigest, RESOURCE_LIMIT_DEFAULT } from "@aethel/verifier";
import { TOKEN } from "../config/new-chain.ts";
import { failure } from "../failure/failure.ts";
import type { PersonName } from "../localnet/people.ts";
import { account, amount, integer } from "./arguments.ts";
import type { Sample } from "./samples.ts";
import type { Task } from "./task.ts";

/** Resource limit of a call. */
const EXECUTION_LIMIT = 100_000;

/** Deadline in the past, in seconds since 1970. */
const OVER = 0n;

/**
 * Creates the tasks with a contract. Carol publishes an escrow, and Mallory one with a fault, which
 * is refused. Alice pays Bob through the first one. Mallory tries to release Alice's deal, and is
 * refused. Dora's payment to Erik is refunded after its deadline.
 */
export function escrow(contracts: readonly Sample[]): readonly Task[] {
  const sample = contracts.find(({ name }) => name === "escrow");
  if (sample === undefined) return [];
  const digest = contractDigest(sample.bytes);
  const call = (
    author: PersonName,
    title: string,
    about: CallAbout & { readonly intent: string },
  ): Task =>
    callTask(author, title, { ...about, intent: contractIntentDigest(digest, about.intent) });
  const open = (from: PersonName, to: PersonName, deal: Deal): Task => {
    const { id, tokens, deadline, after } = deal;
    const given = [account(from), account(to), integer(id), amount(tokens), integer(deadline)];
    const title = `escrow.open ${id}: ${from} -> ${to}`;
    return call(from, title, { intent: "open", given, spends: tokens, after });
  };
  const deadline = BigInt(Math.floor(Date.now() / 1_000)) + 3_600n;
  const first = open("alice", "bob", { id: 0n, tokens: 40n, deadline, after: "escrow.ae" });
  const second = open("dora", "erik", { id: 1n, tokens: 30n, deadline: OVER, after: first.title });
  const theft = call("mallory", "escrow.release 0, signed by mallory", {
    intent: "release",
    given: [integer(0n)],
    after: first.title,
    expectation: "refused",
  });
  return [
    ...contracts.map((each) => publish(each)),
    first,
    second,
    theft,
    call("alice", "escrow.release 0, signed by alice", {
      intent: "release",
      given: [integer(0n)],
      after: theft.title,
    }),
    call("dora", "escrow.refund 1", {
      intent: "refund",
      given: [integer(1n)],
      after: second.title,
    }),
  ];
}

interface Deal {
  readonly id: bigint;
  readonly tokens: bigint;
  readonly deadline: bigint;
  readonly after: string;
}

interface CallAbout {
  readonly given: readonly Argument[];
  /** Tokens that the author may lose. Default: none. */
  readonly spends?: bigint;
  /** Title of the task that must be final before. */
  readonly after: string;
  readonly expectation?: Task["expectation"];
}

function callTask(
  author: PersonName,
  title: string,
  about: CallAbout & { readonly intent: Digest },
): Task {
  const { intent, given, spends = 0n, after, expectation = "applied" } = about;
  const spending: readonly SpendingLimit[] =
    spends === 0n ? [] : [{ signer: 0, asset: NATIVE_ASSET, amount: toAmount(spends * TOKEN) }];
  return {
    title,
    author,
    kind: "call",
    resourceLimit: EXECUTION_LIMIT,
    expectation,
    after,
    body: (envelope) => ({
      type: "invoke",
      ...envelope,
      calls: [{ intent, arguments: given }],
      cosigners: [],
      spending,
    }),
  };
}

function publish({ name, bytes, expectation }: Sample): Task {
  const isValid = expectation === "valid";
  return {
    title: `${name}.ae`,
    author: isValid ? "carol" : "mallory",
    kind: "proof",
    resourceLimit: RESOURCE_LIMIT_DEFAULT,
    expectation: isValid ? "applied" : "refused",
    body: (envelope) => ({ type: "publish", ...envelope, source: bytes }),
  };
}

function contractDigest(source: Uint8Array): Digest {
  const compiled = compileContract(source);
  if (compiled.type === "contract") return compiled.contract.digest;
  throw failure("FILE", "the examples have no contract", "restore the folder examples/");
}

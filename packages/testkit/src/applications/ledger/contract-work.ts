import { quoteFeeLimit } from "@aethel/ledger";
import {
  type Argument,
  assert,
  type Call,
  type Digest,
  type Genesis,
  hashGenesis,
  NATIVE_ASSET,
  type ProofBody,
  proofItem,
  type SpendingLimit,
  signProof,
  toAmount,
  toDifficulty,
  toNonce,
  toResource,
  toSequence,
} from "@aethel/models";
import { compileContract, contractIntentDigest } from "@aethel/verifier";
import { createRandom, type Random } from "../../random.ts";
import type { ChainApplication } from "../application-kind.ts";
import { namedIntents } from "./ledger-work.ts";
import { SAMPLE_CONTRACTS } from "./sample-contracts.ts";

const EXECUTION_LIMIT = 60_000;
/** Micro-tokens that a fee limit has beside the quote, for deposits and new accounts. */
const BESIDE = 2_000_000n;

type Work = Parameters<ChainApplication["work"]>[0];

/**
 * Creates a function that makes the submissions on a ledger with the sample contracts. Each is a
 * transaction of one to four calls. Some calls fail: their guards are false, or they take more than
 * their signer allows.
 */
export function createContractWork(genesis: Genesis): ChainApplication["work"] {
  const chain = hashGenesis(genesis);
  const { parameters } = genesis;
  const intents = contractIntents();
  const { transfer } = namedIntents(genesis);
  const beginning = BigInt(Math.floor(genesis.timestamp / 1_000));
  return (work) => {
    const random = createRandom(work.nonce).fork(String(work.author.id));
    const draw = { ...work, random, genesis, intents, transfer, beginning };
    const calls = Array.from({ length: random.pick([1, 1, 1, 2, 4]) }, () => drawCall(draw));
    const body: ProofBody = {
      type: "invoke",
      author: work.author.id,
      nonce: toNonce(work.nonce),
      resourceLimit: toResource(EXECUTION_LIMIT * calls.length),
      feeLimit: toAmount(0n),
      expiry: toSequence(1_000_000_000),
      calls,
      cosigners: [],
      spending: drawLimits(random, intents.coupon),
    };
    const quoted = quoteFeeLimit({ body, difficulty: toDifficulty(100_000), parameters });
    const feeLimit = toAmount(quoted + BESIDE);
    return proofItem(signProof(chain, { ...body, feeLimit }, [work.author.signer]));
  };
}

interface Draw extends Work {
  readonly random: Random;
  readonly genesis: Genesis;
  readonly intents: ContractIntents;
  readonly transfer: Digest;
  /** Time of the genesis in seconds. */
  readonly beginning: bigint;
}

function drawCall(draw: Draw): Call {
  const { author, random, genesis, intents, transfer, beginning } = draw;
  const people = genesis.accounts.map(({ id }) => id);
  const me: Argument = { type: "account", value: author.id };
  const you: Argument = { type: "account", value: random.pick(people) };
  const sum: Argument = { type: "amount", value: toAmount(BigInt(random.pick(AMOUNTS))) };
  const id = integer(BigInt(random.below(8)));
  const due = integer(beginning + BigInt(random.below(60)) - 10n);
  const { coupons, deals, purses } = intents;
  // Calls that create what other calls need are drawn twice as often.
  const kinds: readonly (readonly [Digest, readonly Argument[]])[] = [
    [transfer, [me, you, sum]],
    [coupons("buy"), [me, sum]],
    [coupons("buy"), [me, sum]],
    [coupons("redeem"), [me, you, sum]],
    [deals("open_deal"), [me, you, sum, due]],
    [deals("open_deal"), [me, you, sum, due]],
    [deals("pay"), [id]],
    [deals("give_back"), [id]],
    [deals("sweep"), [id]],
    [purses("put"), [me, sum]],
    [purses("put"), [me, sum]],
    [purses("take"), [me, sum]],
    [purses("move"), [me, you, sum]],
    [purses("mark"), [me, id]],
  ];
  const [intent, given] = random.pick(kinds);
  return { intent, arguments: [...given] };
}

const AMOUNTS = [1, 1, 2, 5, 100, 1_000];

/** Draws what the author may lose: enough for everything, or so little that some calls fail. */
function drawLimits(random: Random, coupon: SpendingLimit["asset"]): readonly SpendingLimit[] {
  const of = (asset: SpendingLimit["asset"]): readonly SpendingLimit[] =>
    random.chance(0.1)
      ? []
      : [{ signer: 0, asset, amount: toAmount(random.chance(0.1) ? 4n : 10_000n) }];
  return [...of(NATIVE_ASSET), ...of(coupon)];
}

function integer(value: bigint): Argument {
  const negative = value < 0n;
  return { type: "integer", negative, magnitude: negative ? -value : value };
}

/** Digests of the intents of the sample contracts, by name, and the asset of the coupons. */
interface ContractIntents {
  readonly coupons: (intent: string) => Digest;
  readonly deals: (intent: string) => Digest;
  readonly purses: (intent: string) => Digest;
  readonly coupon: SpendingLimit["asset"];
}

function contractIntents(): ContractIntents {
  const compiled = new Map(
    SAMPLE_CONTRACTS.map(({ name, source }) => {
      const result = compileContract(source);
      assert(result.type === "contract", `the sample contract ${name} compiles`);
      return [name, result.contract];
    }),
  );
  const find = (name: string) => {
    const contract = compiled.get(name);
    assert(contract !== undefined, `there is a sample contract ${name}`);
    return contract;
  };
  const of = (name: string) => {
    const { digest, intents } = find(name);
    const known = new Map(intents.map((one) => [one.name, contractIntentDigest(digest, one.name)]));
    return (intent: string): Digest => {
      const found = known.get(intent);
      assert(found !== undefined, `${name} has an intent ${intent}`);
      return found;
    };
  };
  const [coupon] = find("coupons").assets;
  assert(coupon !== undefined, "the coupons have an asset");
  return { coupons: of("coupons"), deals: of("deals"), purses: of("purses"), coupon: coupon.id };
}

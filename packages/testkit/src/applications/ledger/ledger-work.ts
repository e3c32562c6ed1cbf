import { createPrograms, quoteFeeLimit } from "@aethel/ledger";
import {
  type AccountId,
  type Argument,
  assert,
  type Digest,
  type Genesis,
  hashGenesis,
  type ProofBody,
  proofItem,
  signProof,
  toAmount,
  toDifficulty,
  toHex,
  toNonce,
  toResource,
  toSequence,
} from "@aethel/models";
import { compileContract } from "@aethel/verifier";
import type { ChainApplication } from "../application-kind.ts";
import { SAMPLE_INTENTS } from "./sample-intents.ts";
import { SAMPLE_THEOREMS } from "./sample-theorems.ts";

const EXECUTION_LIMIT = 10_000;
const TRANSFER = toAmount(1_000n);
/**
 * Divisors of the minimum stake, which give the amounts that validators add to their stake or
 * withdraw. The amounts are so small that the same validators hold a third of the power before and
 * after.
 */
const RAISED = 100n;
const LOWERED = 150n;

type Work = Parameters<ChainApplication["work"]>[0];
type Envelope = Omit<ProofBody, "type" | "resourceLimit">;

/**
 * Creates a function that makes the submissions on a ledger. Validators raise and lower their
 * stake. Other accounts transfer, publish intents and submit theorems; some of their claims are
 * false.
 */
export function createLedgerWork(genesis: Genesis): ChainApplication["work"] {
  const chain = hashGenesis(genesis);
  const { parameters } = genesis;
  const intents = namedIntents(genesis);
  const stakes = new Map(genesis.validators.map(({ id, stake }) => [toHex(id), stake]));
  return (work) => {
    const stake = stakes.get(toHex(work.author.id));
    const envelope = {
      author: work.author.id,
      nonce: toNonce(work.nonce),
      feeLimit: toAmount(0n),
      expiry: toSequence(1_000_000_000),
    };
    const body =
      stake === undefined
        ? workOfOthers(work, envelope, { genesis, intents })
        : stakeMove(work, envelope, { stake, unit: parameters.minimumStake, intents });
    const feeLimit = quoteFeeLimit({ body, difficulty: toDifficulty(100_000), parameters });
    return proofItem(signProof(chain, { ...body, feeLimit }, [work.author.signer]));
  };
}

function stakeMove(
  { author, nonce, isEscaping = false }: Work,
  envelope: Envelope,
  holding: { readonly stake: bigint; readonly unit: bigint; readonly intents: Intents },
): ProofBody {
  const { stake, unit, intents } = holding;
  if (isEscaping && nonce === 0) {
    return call(envelope, intents.unstake, [account(author.id), amount(stake / 2n)]);
  }
  const isUp = nonce % 2 === 0;
  const by = amount(unit / (isUp ? RAISED : LOWERED));
  return call(envelope, isUp ? intents.stake : intents.unstake, [account(author.id), by]);
}

function workOfOthers(
  { author, nonce }: Work,
  envelope: Envelope,
  { genesis, intents }: { readonly genesis: Genesis; readonly intents: Intents },
): ProofBody {
  const turn = nonce + (author.id[0] ?? 0);
  const theorem = SAMPLE_THEOREMS[(nonce * 7 + (author.id[0] ?? 0)) % SAMPLE_THEOREMS.length];
  const sample = SAMPLE_INTENTS[(nonce * 5 + (author.id[1] ?? 0)) % SAMPLE_INTENTS.length];
  assert(theorem !== undefined && sample !== undefined, "there is something to claim");
  const encoder = new TextEncoder();
  if (turn % 4 === 1) {
    const resourceLimit = toResource(theorem.resourceLimit);
    const script = encoder.encode(theorem.script);
    return { type: "theorem", ...envelope, resourceLimit, script };
  }
  if (turn % 4 > 1) {
    const resourceLimit = toResource(sample.resourceLimit);
    return { type: "publish", ...envelope, resourceLimit, source: encoder.encode(sample.source) };
  }
  const to = account(genesis.accounts[nonce % genesis.accounts.length]?.id ?? author.id);
  return call(envelope, intents.transfer, [account(author.id), to, amount(TRANSFER)]);
}

function call(envelope: Envelope, intent: Digest, given: readonly Argument[]): ProofBody {
  const resourceLimit = toResource(EXECUTION_LIMIT);
  return {
    type: "invoke",
    ...envelope,
    resourceLimit,
    calls: [{ intent, arguments: [...given] }],
    cosigners: [],
  };
}

function account(value: AccountId): Argument {
  return { type: "account", value };
}

function amount(value: bigint): Argument {
  return { type: "amount", value: toAmount(value) };
}

/** Digests of the standard intents that worlds call. */
export interface Intents {
  readonly stake: Digest;
  readonly unstake: Digest;
  readonly transfer: Digest;
}

/** Returns the digests of the standard intents that worlds call, from a genesis that has them. */
export function namedIntents(genesis: Genesis): Intents {
  const programs = createPrograms();
  const compiled = genesis.intents.flatMap(({ source }) =>
    compileContract(source).type === "contract" ? [] : programs.compile(source, "genesis"),
  );
  const digests = new Map(compiled.map(({ name, digest }) => [name, digest]));
  const find = (name: string): Digest => {
    const digest = digests.get(name);
    assert(digest !== undefined, `the standard library has ${name}`);
    return digest;
  };
  return { stake: find("stake"), unstake: find("unstake"), transfer: find("transfer") };
}

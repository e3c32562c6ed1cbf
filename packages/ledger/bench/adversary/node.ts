/** One node that makes all blocks, and accounts that send transfers to it. */
import {
  Account,
  baseFeesOf,
  beginBlock,
  createMempool,
  type Dropped,
  earliestTimestamp,
  type LedgerState,
  leastFeeLimit,
  MEMPOOL_LIMITS,
  type Mempool,
  type MempoolLimits,
  sealBlock,
  stateAfter,
  stateKey,
} from "@aethel/ledger";
import {
  type AccountId,
  type Cosigner,
  hashProof,
  Proof,
  toAmount,
  toHex,
  toNonce,
  toResource,
  toSequence,
  toSignature,
} from "@aethel/models";
import { type BenchChain, certify } from "../chain.ts";

/** A node between its mempool and the chain. */
export interface MiningNode {
  readonly pool: Mempool;
  state(): LedgerState;
  /** Nonce of an account in the state, whatever waits. */
  nonce(id: AccountId): number;
  balance(id: AccountId): bigint;
  /** Base fee of the next block for transfers: micro-tokens for each million units of weight. */
  baseFee(): bigint;
  /** Hands a proof to the mempool. What it drives out is counted for its sender's side. */
  submit(proof: Proof, side: Side): boolean;
  /** Makes a block: these first, which other nodes have, then what the mempool serves. */
  mine(elsewhere?: readonly Proof[]): MinedBlock;
  /** Proofs of the honest that were driven out by the adversary so far. */
  displaced(): number;
}

/** Sender of a proof. */
export type Side = "honest" | "adversary";

/** A block, as far as the world looks at it. */
export interface MinedBlock {
  readonly names: ReadonlySet<string>;
  /** Micro-tokens that were charged, by author. */
  readonly fees: ReadonlyMap<string, bigint>;
  readonly proofs: number;
}

/** A node on a chain, with an empty mempool. */
export function createMiningNode(on: BenchChain, limits: Partial<MempoolLimits> = {}): MiningNode {
  let { state } = on;
  let displaced = 0;
  const honest = new Set<string>();
  const pool = createMempool({ state, ...on.tools, limits: { ...MEMPOOL_LIMITS, ...limits } });
  const count = (dropped: readonly Dropped[]): void => {
    for (const { hash, refusal } of dropped) {
      if (refusal.code === "pool-full" && honest.has(toHex(hash))) displaced += 1;
    }
  };
  return {
    pool,
    state: () => state,
    nonce: (id) => accountOf(state, id)?.nonce ?? 0,
    balance: (id) => accountOf(state, id)?.balance ?? 0n,
    baseFee: () => baseFeesOf(state.tree).invoke,
    displaced: () => displaced,
    submit: (proof, side) => {
      const added = pool.add(proof);
      if (added.type === "refused") return false;
      if (side === "honest") honest.add(toHex(added.hash));
      else count(added.dropped);
      return true;
    },
    mine: (elsewhere = []) => {
      const opening = {
        now: earliestTimestamp(state),
        proposer: on.validator.id,
        evidence: [],
        parentCertificate: certify(on, state),
      };
      const begun = beginBlock(state, opening, on.tools);
      if (begun.type === "defect") throw new Error(begun.code);
      const proofs = elsewhere.filter((proof) => begun.run.add(proof, undefined) === undefined);
      const serving = pool.serve(begun.run.room);
      for (let next = serving.next(); next !== undefined; next = serving.next()) {
        const refusal = begun.run.add(next.proof, next.judgement);
        if (refusal === undefined) {
          proofs.push(next.proof);
          serving.taken();
        } else serving.skipped(refusal.code === "block-full" ? "full" : "refused", refusal.needs);
      }
      const execution = begun.run.finish();
      const { header } = sealBlock(state, { ...opening, proofs }, execution);
      const after = stateAfter(state, header, execution);
      state = after.state;
      const names = new Set(proofs.map((proof) => toHex(hashProof(proof))));
      const includes = (hash: Uint8Array): boolean => names.has(toHex(hash));
      pool.update(state, { changes: execution.transition.changes, includes });
      const fees = new Map<string, bigint>();
      for (const { author, fee } of execution.receipts) {
        const name = toHex(author);
        fees.set(name, (fees.get(name) ?? 0n) + fee);
      }
      return { names, fees, proofs: proofs.length };
    },
  };
}

function accountOf(state: LedgerState, id: AccountId): Account | undefined {
  const bytes = state.tree.get(stateKey.account(id));
  return bytes === undefined ? undefined : Account.decode(bytes);
}

/** Terms of a transfer. */
export interface Terms {
  readonly nonce: number;
  /** Micro-tokens for each million units of weight, on top of the base fee. */
  readonly tip?: bigint;
  /** The highest base fee that the fee limit covers. */
  readonly baseFeeMax: bigint;
  /** Fee limit over the least for the body alone. Default: five times. */
  readonly twentieths?: bigint;
  readonly expiry?: number;
  readonly amount?: bigint;
  readonly cosigners?: readonly Cosigner[];
}

/** An unsigned transfer; the chain of the bench takes its signatures for verified. */
export function transferOf(on: BenchChain, from: AccountId, to: AccountId, terms: Terms): Proof {
  const { tip = 0n, cosigners = [], amount = 1n, expiry = 1_000_000 } = terms;
  const body = {
    type: "invoke" as const,
    author: from,
    nonce: toNonce(terms.nonce),
    resourceLimit: toResource(500),
    feeLimit: toAmount(0n),
    expiry: toSequence(expiry),
    tip: toAmount(tip),
    calls: [
      {
        intent: on.transfer,
        arguments: [
          { type: "account" as const, value: from },
          { type: "account" as const, value: to },
          { type: "amount" as const, value: toAmount(amount) },
        ],
      },
    ],
    cosigners,
  };
  const signatures = Array.from({ length: 1 + cosigners.length }, () => NO_SIGNATURE);
  const bytes = Proof.encode({ body, signatures }).length;
  const fees = { invoke: toAmount(terms.baseFeeMax), judged: toAmount(terms.baseFeeMax) };
  const least = leastFeeLimit({ body, bytes }, on.genesis.parameters, fees);
  // Room for loading the program, which the first call of a block pays for.
  const feeLimit = toAmount((least * (terms.twentieths ?? 100n)) / 20n);
  return { body: { ...body, feeLimit }, signatures };
}

const NO_SIGNATURE = toSignature(new Uint8Array(64));

import { Account, Clock, Supply, stateKey } from "@aethel/ledger";
import { emptyTree } from "@aethel/merkle";
import {
  type AccountId,
  compareBytes,
  equalBytes,
  type StateChange,
  type StateTransition,
  toAmount,
  toNonce,
  toSequence,
  toTimestamp,
} from "@aethel/models";
import fc from "fast-check";
import { TEST_CHAIN } from "../fixtures/test-chain.ts";
import { TEST_PARAMETERS } from "../fixtures/test-genesis.ts";

/** Name of the number that is wrong in a transition that violates conservation. */
type Breach = "holding" | "minted" | "burned" | "supply-after" | "supply-record";

/**
 * Transitions of the ledger's state between two real trees. They contain transfers, burned fees,
 * rewards, deleted and new accounts with their creation fees, and the supply record.
 *
 * With `conserving: true`, value after = value before + minted - burned holds for the holdings, the
 * supply record, and the numbers of the transition. With `false`, exactly one of these is wrong, by
 * at least one micro-token; the roots still fit the trees.
 */
export function stateTransitions(options: {
  readonly conserving: boolean;
}): fc.Arbitrary<StateTransition> {
  const breaches: fc.Arbitrary<Breach | undefined> = options.conserving
    ? fc.constant(undefined)
    : fc.constantFrom("holding", "minted", "burned", "supply-after", "supply-record");
  return fc
    .record({
      sequence: fc.integer({ min: 1, max: 1_000_000 }).map(toSequence),
      before: fc.tuple(...TEST_CHAIN.accounts.map(() => balances)),
      moves: fc.array(moves, { maxLength: 12 }),
      minted: fc.bigInt({ min: 0n, max: TEST_PARAMETERS.emissionPerSecond }),
      burnedShare: fc.bigInt({ min: 0n, max: 10_000n }),
      breach: breaches,
      by: fc.bigInt({ min: 1n, max: 1_000n }),
    })
    .map(transitionOf);
}

const balances = fc.oneof(
  fc.constant(0n),
  fc.bigInt({ min: 1n, max: 1_000n }),
  fc.bigInt({ min: 1n, max: 1_000_000_000_000n }),
);

const account = fc.nat({ max: TEST_CHAIN.accounts.length - 1 });

/** Transfers of a share of the balance of `from`, in basis points, to `to`. */
const moves = fc.record({
  from: account,
  to: account,
  share: fc.bigInt({ min: 0n, max: 10_000n }),
});

interface Parts {
  readonly sequence: ReturnType<typeof toSequence>;
  readonly before: readonly bigint[];
  readonly moves: readonly { readonly from: number; readonly to: number; readonly share: bigint }[];
  readonly minted: bigint;
  readonly burnedShare: bigint;
  readonly breach: Breach | undefined;
  readonly by: bigint;
}

function transitionOf(parts: Parts): StateTransition {
  const { sequence, minted, breach, by } = parts;
  const after = [...parts.before];
  for (const { from, to, share } of parts.moves) {
    const amount = ((after[from] ?? 0n) * share) / 10_000n;
    after[from] = (after[from] ?? 0n) - amount;
    after[to] = (after[to] ?? 0n) + amount;
  }
  const burnedOfFees = ((after[0] ?? 0n) * parts.burnedShare) / 10_000n;
  after[0] = (after[0] ?? 0n) - burnedOfFees;
  after[1] = (after[1] ?? 0n) + minted + (breach === "holding" ? by : 0n);
  // The first account pays for the new ones.
  const created = after.filter((each, at) => each > 0n && parts.before[at] === 0n);
  const creation = BigInt(created.length) * TEST_PARAMETERS.creationFee;
  const before = parts.before.map((each, at) => (at === 0 ? each + creation : each));
  const burned = burnedOfFees + creation;
  const genesis = before.reduce((sum, each) => sum + each, 0n);
  const minting = minted + (breach === "minted" ? by : 0n);
  const burning = burned + (breach === "burned" ? by : 0n);
  const recorded = minted + (breach === "supply-record" ? by : 0n);
  const records = {
    before: supply({ genesis, minted: 0n, burned: 0n }),
    after: supply({ genesis, minted: recorded, burned }),
  };
  const changes = changesOf(before, after, records);
  const supplyAfter = genesis + minted - burned + (breach === "supply-after" ? by : 0n);
  return {
    sequence,
    changes,
    ...rootsOf(changes, before),
    supplyBefore: toAmount(genesis),
    supplyAfter: toAmount(supplyAfter),
    minted: toAmount(minting),
    burned: toAmount(burning),
  };
}

function supply(values: Readonly<Record<"genesis" | "minted" | "burned", bigint>>): Uint8Array {
  const { genesis, minted, burned } = values;
  return Supply.encode({
    genesis: toAmount(genesis),
    minted: toAmount(minted),
    burned: toAmount(burned),
  });
}

function changesOf(
  before: readonly bigint[],
  after: readonly bigint[],
  records: { readonly before: Uint8Array; readonly after: Uint8Array },
): readonly StateChange[] {
  const accounts = TEST_CHAIN.accounts.flatMap(({ id }, at) => {
    const [old, now] = [before[at] ?? 0n, after[at] ?? 0n];
    if (old === now) return [];
    return [{ key: stateKey.account(id), before: valueOf(old), after: valueOf(now) }];
  });
  const record = { key: stateKey.supply, before: records.before, after: records.after };
  const clock = { key: stateKey.clock, before: Clock.encode(CLOCK), after: Clock.encode(LATER) };
  const timed = [...accounts, clock];
  const changed = equalBytes(records.before, records.after) ? timed : [...timed, record];
  return changed.toSorted((left, right) => compareBytes(left.key, right.key));
}

/**
 * Header times of two blocks a second apart, so long after genesis that the emission schedule
 * allows all that is minted.
 */
const CLOCK: Clock = {
  genesis: toTimestamp(0),
  parent: toTimestamp(999_999_000),
  now: toTimestamp(1_000_000_000),
  previousBoundary: toTimestamp(0),
  boundary: toTimestamp(0),
  boundaries: 0,
  oldestDated: 1,
};
const LATER: Clock = { ...CLOCK, parent: CLOCK.now, now: toTimestamp(1_000_001_000) };

/**
 * Returns the value of an account in the tree. Undefined if its balance is 0: then it is absent.
 */
function valueOf(balance: bigint): Uint8Array | undefined {
  if (balance === 0n) return undefined;
  return Account.encode({ balance: toAmount(balance), nonce: toNonce(0) });
}

function rootsOf(
  changes: readonly StateChange[],
  before: readonly bigint[],
): Pick<StateTransition, "rootBefore" | "rootAfter"> {
  const standing = TEST_CHAIN.accounts.map(({ id }: { readonly id: AccountId }, at) => ({
    key: stateKey.account(id),
    value: valueOf(before[at] ?? 0n),
  }));
  const old = changes.map(({ key, before: value }) => ({ key, value }));
  const tree = emptyTree.update(standing).update(old);
  const next = tree.update(changes.map(({ key, after: value }) => ({ key, value })));
  return { rootBefore: tree.root, rootAfter: next.root };
}

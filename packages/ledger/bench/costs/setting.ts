import { sized } from "@aethel/bench";
import {
  Account,
  beginBlock,
  earliestBoundary,
  earliestTimestamp,
  type LedgerState,
  restoreState,
  STATE_BOUNDS,
  sealBlock,
  stateAfter,
  stateKey,
} from "@aethel/ledger";
import {
  createCertificate,
  type Evidence,
  type QuorumCertificate,
  type Signature,
  signableVote,
  type Timestamp,
  toAmount,
  toDifficulty,
  toHex,
  toNonce,
  toSignature,
  toValidatorIndex,
  toView,
  withLedgerHeader,
} from "@aethel/models";
import { type BenchChain, createChain, PARAMETERS, type Person } from "../chain.ts";
import { equivocationOf } from "./accusations.ts";

/** Members of the set that has voted on the parent of a block with a certificate. */
const MEMBERS = sized(1_000, 60);
/** Validators that were convicted before: as many as one epoch boundary raises the costs of. */
const CONVICTED = sized(STATE_BOUNDS.raisesMax, 2);
/** Pieces of evidence in each of the blocks that convict them. */
const CONVICTED_AT_ONCE = STATE_BOUNDS.evidenceMax;
/** Units of a new chain's block, or the least that a chain may have. */
const parameters = { blockUnitsMax: sized<number>(PARAMETERS.blockUnitsMax, 4_000_000) };
const BALANCE = toAmount(1_000_000_000_000n);
const NO_SIGNATURE = toSignature(new Uint8Array(64));

/** Chain on which blocks are measured, in the two states on which they are built. */
export interface Setting {
  readonly on: BenchChain;
  /** Genesis state. The first block has no certificate: all of its units are for its proofs. */
  readonly first: LedgerState;
  /**
   * State after a block that ended an epoch, and on which a thousand members voted. Its proofs are
   * rewarded. Further validators were convicted before and are out of the set.
   */
  readonly later: LedgerState;
  /** Members by what a block has them do, so that nobody does two things. */
  readonly actors: readonly Person[];
  readonly accused: readonly Person[];
  readonly waiting: readonly Person[];
}

/** Builds the chain with so many accounts. */
export function createSetting(accounts: number): Setting {
  const bare = createChain({ accounts, senders: 1, parameters, members: MEMBERS - 1 + CONVICTED });
  const standing = [bare.validator, ...bare.members.slice(0, MEMBERS - 1)];
  const entries = bare.members.concat(bare.validator).map(({ id }) => ({
    key: stateKey.account(id),
    value: Account.encode({ balance: BALANCE, nonce: toNonce(1) }),
  }));
  const first = withEntries(bare.state, entries);
  const on = { ...bare, state: first };
  let state = advance(on, first, {});
  const guilty = bare.members.slice(MEMBERS - 1);
  for (let from = 0; from < guilty.length; from += CONVICTED_AT_ONCE) {
    const some = guilty.slice(from, from + CONVICTED_AT_ONCE);
    state = advance(on, state, { evidence: some.map((who) => equivocationOf(on, state, who)) });
  }
  // The convicted leave at epoch boundaries; the last block is voted on by those who stay.
  while (state.previousSet.validators.length > MEMBERS) {
    state = advance(on, state, { now: nextBoundary(state) });
  }
  return {
    on,
    first,
    later: rewarded(state),
    // Keys and dates of these change: the whole power of some, so that not all of them can wait.
    waiting: standing.slice(1, part(0.66)),
    actors: standing.slice(part(0.66), part(0.86)),
    accused: standing.slice(part(0.86)),
  };
}

function part(share: number): number {
  return Math.floor(share * MEMBERS);
}

/** Returns the earliest time at which the next block ends an epoch. */
export function nextBoundary({ clock, parameters }: LedgerState): Timestamp {
  return earliestBoundary({ ...clock, parent: clock.now }, parameters);
}

/** The state with other entries, as if its own block had written them. */
export function withEntries(
  state: LedgerState,
  entries: readonly { readonly key: Uint8Array; readonly value: Uint8Array }[],
): LedgerState {
  const tree = state.tree.update(entries);
  const header = withLedgerHeader(state.header, { stateRootAfter: tree.root });
  return restoreState({ chain: state.chain, tree, header });
}

/** The state as if the proofs of its block had been difficult enough for a reward. */
function rewarded({ chain, tree, header }: LedgerState): LedgerState {
  const difficult = withLedgerHeader(header, { totalDifficulty: toDifficulty(1_000_000) });
  return restoreState({ chain, tree, header: difficult });
}

/** Certificate of a state's block by all of its voters; undefined for the genesis block. */
export function certificateOf(
  { chain, header, digest, previousSet: set }: LedgerState,
  people: ReadonlyMap<string, Person> | undefined,
): QuorumCertificate | undefined {
  if (header.sequence === 0) return undefined;
  const vote = { sequence: header.sequence, view: toView(0), digest };
  const object = signableVote("commit", chain, vote);
  const sign = (id: Uint8Array): Signature =>
    people === undefined ? NO_SIGNATURE : signerOf(people, id).signer.sign(object);
  const votes = set.validators.map(({ id }, at) => ({
    voter: toValidatorIndex(at),
    signature: sign(id),
  }));
  return createCertificate({ phase: "commit", vote, set, votes });
}

function signerOf(people: ReadonlyMap<string, Person>, id: Uint8Array): Person {
  const found = people.get(toHex(id));
  if (found === undefined) throw new Error("a voter has no key here");
  return found;
}

/** Executes a block without proofs; nobody looks at the votes of its certificate. */
function advance(
  on: BenchChain,
  state: LedgerState,
  block: { readonly now?: Timestamp; readonly evidence?: readonly Evidence[] },
): LedgerState {
  const { now = earliestTimestamp(state), evidence = [] } = block;
  const parentCertificate = certificateOf(state, undefined);
  const opening = { now, proposer: on.validator.id, evidence, parentCertificate };
  const begun = beginBlock(state, opening, { ...on.tools, verifySigned: () => true });
  if (begun.type === "defect") throw new Error(JSON.stringify(begun));
  const execution = begun.run.finish();
  const { header } = sealBlock(state, { ...opening, proofs: [] }, execution);
  return stateAfter(state, header, execution).state;
}

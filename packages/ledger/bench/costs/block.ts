import {
  Account,
  AssetRecord,
  beginBlock,
  createLedger,
  createPrograms,
  earliestTimestamp,
  IntentRecord,
  type LedgerState,
  restoreState,
  sealBlock,
  stateKey,
} from "@aethel/ledger";
import {
  type AccountId,
  type Argument,
  Block,
  blockDigest,
  createSigner,
  type Digest,
  itemProof,
  type Proof,
  type ProofBody,
  sha256,
  signProof,
  toAccountId,
  toAmount,
  toDifficulty,
  toNonce,
  toResource,
  toSequence,
  UNITS,
  withLedgerHeader,
  ZERO_DIGEST,
} from "@aethel/models";
import { type BenchChain, type Person } from "../chain.ts";
import { accountsOf, membersOf, sourceOf } from "./programs.ts";
import type { Recipe } from "./recipe.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Price of checking and executing one block. */
export interface BlockCost {
  readonly milliseconds: number;
  readonly proofs: number;
  /** Micro-tokens charged. */
  readonly fees: bigint;
}

/** A full block of one recipe, and the state that it is executed on. */
export interface Prepared {
  readonly state: LedgerState;
  readonly bytes: Uint8Array;
  readonly proofs: number;
}

let made = 0;

/** People and accounts that no earlier block of this process knew: caches have nothing of them. */
function person(): Person {
  made += 1;
  const signer = createSigner(sha256(utf8(`costs ${made}`)));
  return { id: toAccountId(signer.publicKey), signer };
}

/** Proofs of one author: few, so that most signatures are by keys in no cache. */
const EACH = 2;
const ENOUGH = 400_000;

/**
 * Fills a block with calls of a recipe's programs until it has no room; undefined when none runs.
 */
export function prepareBlock(on: BenchChain, recipe: Recipe): Prepared | undefined {
  const programs = createPrograms();
  const called = Array.from({ length: recipe.programs }, (_, at) => {
    const [program] = programs.compile(utf8(sourceOf(recipe, at)), "published");
    if (program === undefined) throw new Error("a recipe makes a program");
    return program;
  });
  const records = called.map(({ digest, canonical }) => ({
    key: stateKey.intent(digest),
    value: IntentRecord.encode({ ...RECORD, canonical: utf8(canonical) }),
  }));
  const assets = called.flatMap(({ assets: declared }) => declared);
  const declared = assets.map(({ id, name }) => ({
    key: stateKey.asset(id),
    value: AssetRecord.encode({ name: utf8(name), issuer: NOBODY, supply: toAmount(0n) }),
  }));
  const people: Person[] = [];
  const known: AccountId[] = [];
  const build = (): readonly Proof[] => {
    const author = person();
    people.push(author);
    return Array.from({ length: EACH }, (_, at) => {
      const cosigners = Array.from({ length: recipe.cosigners }, person);
      people.push(...cosigners);
      const intent = called[proofCount++ % called.length]?.digest ?? ZERO_DIGEST;
      const nonce = (recipe.isFirst ? 0 : 1) + at;
      return callOf(on, { recipe, intent, author, cosigners, nonce, known });
    });
  };
  let proofCount = 0;
  const offered = Array.from({ length: Math.ceil(offeredOf(on, recipe) / EACH) }, build).flat();
  const holders = [...people].map(({ id }) => id);
  const first = toNonce(recipe.isFirst ? 0 : 1);
  const accounts = (recipe.isFresh ? holders : [...holders, ...known]).map((id) => ({
    key: stateKey.account(id),
    value: Account.encode({ balance: toAmount(BALANCE), nonce: first }),
  }));
  const tree = on.state.tree.update([...records, ...declared, ...accounts]);
  const header = withLedgerHeader(on.state.header, { stateRootAfter: tree.root });
  const state = restoreState({ chain: on.chain, tree, header });
  return seal(on, state, offered);
}

/** More calls than the block has units for the signatures of. */
function offeredOf({ genesis }: BenchChain, { cosigners, isFirst }: Recipe): number {
  const perSigner = UNITS.signature + UNITS.write + (isFirst ? UNITS.newKey : 0);
  return 8 + Math.floor(genesis.parameters.blockUnitsMax / (perSigner * (1 + cosigners)));
}

const BALANCE = 1_000_000_000_000n;
const NOBODY = toAccountId(sha256(utf8("nobody")));
const RECORD = {
  difficulty: toDifficulty(0),
  author: NOBODY,
  judgeVersion: 1,
  sequence: toSequence(0),
  origin: "published",
  trust: "solver",
  certification: undefined,
} as const;

function callOf(
  on: BenchChain,
  call: {
    readonly recipe: Recipe;
    readonly intent: Digest;
    readonly author: Person;
    readonly cosigners: readonly Person[];
    readonly nonce: number;
    readonly known: AccountId[];
  },
): Proof {
  const { recipe, author, known } = call;
  const cosigners = call.cosigners.toSorted((left, right) => compare(left.id, right.id));
  const count = membersOf(recipe);
  const values: Argument[] = Array.from({ length: count }, () => [
    { type: "account" as const, value: author.id },
    { type: "amount" as const, value: toAmount(1n) },
    ...Array.from({ length: accountsOf(recipe) }, () => {
      made += 1;
      const value = toAccountId(sha256(utf8(`account ${made}`)));
      known.push(value);
      return { type: "account" as const, value };
    }),
  ]).flat();
  const body: ProofBody = {
    type: "invoke",
    author: author.id,
    nonce: toNonce(call.nonce),
    resourceLimit: toResource(recipe.limit === "one" ? 1 : ENOUGH),
    feeLimit: toAmount(50_000_000n),
    expiry: toSequence(1_000),
    calls: [{ intent: call.intent, arguments: values }],
    cosigners: cosigners.map(({ id }) => ({
      account: id,
      nonce: toNonce(recipe.isFirst ? 0 : 1),
    })),
  };
  return signProof(on.chain, body, [author.signer, ...cosigners.map(({ signer }) => signer)]);
}

function compare(left: Uint8Array, right: Uint8Array): number {
  return Buffer.compare(left, right);
}

/** The leader's work: what is refused for want of room is left out. */
function seal(on: BenchChain, state: LedgerState, offered: readonly Proof[]): Prepared | undefined {
  const opening = {
    now: earliestTimestamp(state),
    proposer: on.validator.id,
    evidence: [],
    parentCertificate: undefined,
  };
  const tools = { programs: createPrograms(), checkProof: () => undefined };
  const begun = beginBlock(state, opening, tools);
  if (begun.type === "defect") throw new Error(begun.code);
  const proofs = [];
  let full = 0;
  for (const proof of offered) {
    const refusal = begun.run.add(proof, undefined);
    if (refusal === undefined) proofs.push(proof);
    else if (refusal.code === "block-full" || full > 0) full += 1;
    else throw new Error(`${refusal.code}: ${refusal.message}`);
    if (full > 3) break;
  }
  if (proofs.length === 0) return undefined;
  const block = sealBlock(state, { ...opening, proofs }, begun.run.finish());
  return { state, bytes: Block.encode(block), proofs: proofs.length };
}

/** Checks and executes a block as a voter does that has seen nothing of it, on one core. */
export async function measureBlock(on: BenchChain, prepared: Prepared): Promise<BlockCost> {
  const { state, bytes } = prepared;
  const head = { tree: state.tree, header: state.header, certificate: undefined };
  const nothing = () => Promise.resolve(undefined);
  const store = {
    load: () => Promise.resolve(head),
    write: nothing,
    block: nothing,
    receipts: () => Promise.resolve([]),
    receipt: nothing,
  };
  const judge = { check: () => Promise.reject(new Error("nothing is judged")) };
  const ledger = await createLedger({ genesis: on.genesis, judge, store });
  const before = process.cpuUsage();
  const block = Block.decode(bytes);
  const request = { block, digest: blockDigest(block.header), patience: "watchdog" as const };
  const verdict = await ledger.verify({ ...request, signal: new AbortController().signal });
  const { user, system } = process.cpuUsage(before);
  if (verdict.type !== "accepted") throw new Error(JSON.stringify(verdict));
  return {
    milliseconds: (user + system) / 1_000,
    proofs: prepared.proofs,
    fees: feesOf(prepared),
  };
}

/** Fees from the change of supply and treasury would do; the receipts say it plainly. */
function feesOf({ state, bytes }: Prepared): bigint {
  const { header, ...body } = Block.decode(bytes);
  const tools = { programs: createPrograms(), checkProof: () => undefined };
  const opening = { ...body, proposer: header.proposer, now: header.timestamp };
  const begun = beginBlock(state, opening, tools);
  if (begun.type === "defect") throw new Error(begun.code);
  for (const proof of body.items.map(itemProof)) begun.run.add(proof, undefined);
  return begun.run.finish().receipts.reduce((sum, { fee }) => sum + fee, 0n);
}

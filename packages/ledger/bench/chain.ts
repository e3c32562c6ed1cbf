import {
  Account,
  beginBlock,
  createPrograms,
  type ExecutionTools,
  earliestTimestamp,
  genesisState,
  type Judged,
  type LedgerState,
  leastFeeLimit,
  restoreState,
  Supply,
  sealBlock as sealOf,
  stateKey,
  systemIntents,
} from "@aethel/ledger";
import { createSimdHasher, createTree, nobleHasher } from "@aethel/merkle";
import {
  type AccountId,
  type Block,
  type ChainParameters,
  createCertificate,
  createSigner,
  type Digest,
  type Genesis,
  hashGenesis,
  ledgerHeader,
  type Proof,
  type ProofBody,
  type QuorumCertificate,
  type Sequence,
  type Signer,
  sha256,
  signableVote,
  signProof,
  toAccountId,
  toAmount,
  toDifficulty,
  toDigest,
  toNonce,
  toResource,
  toSequence,
  toTimestamp,
  toValidatorIndex,
  toView,
  withLedgerHeader,
} from "@aethel/models";
import { DEFAULT_ECONOMICS } from "@aethel/rewards";
import { compileSource, standardIntents } from "@aethel/verifier";
import { encodeCertificate } from "@aethel/verifier/certificate";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** An account with a key. */
export interface Person {
  readonly id: AccountId;
  readonly signer: Signer;
}

/** A chain with many accounts, on which nothing has happened yet. */
export interface BenchChain {
  readonly chain: Digest;
  readonly genesis: Genesis;
  readonly state: LedgerState;
  readonly validator: Person;
  /** Further validators, each with as much stake. */
  readonly members: readonly Person[];
  readonly senders: readonly Person[];
  readonly tools: ExecutionTools;
  readonly transfer: Digest;
  /** Digest of an intent of the genesis, by its name. */
  readonly intentNamed: (name: string) => Digest;
  /** An account of the million, spread over the tree. */
  readonly receiver: (at: number) => AccountId;
}

export const PARAMETERS: ChainParameters = {
  ...DEFAULT_ECONOMICS,
  minBlockIntervalMs: 1_000,
  heartbeatIntervalMs: 0,
  clockPrecisionMs: 250,
  maxDriftMs: 500,
  viewTimeoutMs: 5_000,
  viewTimeoutMaxMs: 60_000,
  judgingBoundMs: 10_000,
  disseminationBoundMs: 1_000,
  networkDelayMs: 500,
  checkpointInterval: toSequence(100),
  epochMs: 100_000,
  blockBytesMax: 4_194_304,
  blockResourceMax: toResource(40_000_000),
  blockUnitsMax: toResource(6_000_000),
  stateGrowthMax: 4_194_304,
  proofResourceMax: toResource(20_000_000),
  judge: {
    version: 1,
    wasmHash: toDigest(new Uint8Array(32)),
    kernelVersion: 1,
    proverVersion: 1,
  },
};

const BALANCE = 1_000_000_000n;

/** No Judge is asked: the certificate has the form of one. */
function calledCertified(source: Uint8Array): Judged {
  const compiled = compileSource(source, { privileged: true });
  return {
    type: "judged",
    verdict: "valid",
    trust: "certified",
    certificate: encodeCertificate(compiled.ok ? compiled.intents.map(() => []) : []),
    difficulty: toDifficulty(5_000),
    resource: toResource(4_000),
    milliseconds: 1,
  };
}

/** Builds the chain; signatures count as verified before (`checkProof` finds nothing). */
export function createChain(options: {
  readonly accounts: number;
  readonly senders: number;
  /** Validators beside the first. Default: 0. */
  readonly members?: number;
  /** Some of the parameters, in place of `PARAMETERS`. */
  readonly parameters?: { readonly blockUnitsMax: number };
}): BenchChain {
  const validator = person("validator");
  const members = Array.from({ length: options.members ?? 0 }, (_, at) => person(`member ${at}`));
  const senders = Array.from({ length: options.senders }, (_, at) => person(`sender ${at}`));
  const sources = [...standardIntents(), ...systemIntents()].map(({ source }) => utf8(source));
  const genesis: Genesis = {
    name: utf8("bench"),
    timestamp: toTimestamp(1_800_000_000_000),
    parameters: {
      ...PARAMETERS,
      blockUnitsMax: toResource(options.parameters?.blockUnitsMax ?? PARAMETERS.blockUnitsMax),
    },
    validators: [validator, ...members].map(({ id, signer }) => ({
      id,
      key: signer.publicKey,
      stake: toAmount(5_000_000_000n),
    })),
    assets: [],
    accounts: senders.map(({ id }) => ({ id, balance: toAmount(BALANCE) })),
    intents: sources.map((source) => ({ source })),
    faucet: undefined,
  };
  const programs = createPrograms();
  const bare = genesisState(
    genesis,
    sources.map(calledCertified),
    programs,
    createTree({ hasher: createSimdHasher() ?? nobleHasher }),
  );
  const known = sources.flatMap((source) => programs.compile(source, "genesis"));
  const intentNamed = (wanted: string): Digest => {
    const found = known.find(({ name }) => name === wanted);
    if (found === undefined) throw new Error(`the genesis has no intent ${wanted}`);
    return found.digest;
  };
  return {
    chain: hashGenesis(genesis),
    genesis,
    state: withAccounts(bare, options.accounts - senders.length, senders),
    validator,
    members,
    senders,
    tools: { programs, checkProof: () => undefined },
    transfer: intentNamed("transfer"),
    intentNamed,
    receiver: receiverOf,
  };
}

function person(name: string): Person {
  const signer = createSigner(sha256(utf8(name)));
  return { id: toAccountId(signer.publicKey), signer };
}

/** Accounts that only receive need no key: any 32 bytes are an account. */
function receiverOf(at: number): AccountId {
  return toAccountId(sha256(utf8(`receiver ${at}`)));
}

/** Proofs that each account has sent before: only the first one of an account pays for its key. */
export const SENT = 1;

function withAccounts(state: LedgerState, count: number, senders: readonly Person[]): LedgerState {
  const value = Account.encode({ balance: toAmount(BALANCE), nonce: toNonce(SENT) });
  const accounts = Array.from({ length: count }, (_, at) => ({
    key: stateKey.account(receiverOf(at)),
    value,
  }));
  const genesis = toAmount(ledgerHeader(state.header).supplyAfter + BALANCE * BigInt(count));
  const zero = toAmount(0n);
  const supply = {
    key: stateKey.supply,
    value: Supply.encode({ genesis, minted: zero, burned: zero }),
  };
  const known = senders.map(({ id }) => {
    const key = stateKey.account(id);
    const { balance } = Account.decode(state.tree.get(key) ?? value);
    return { key, value: Account.encode({ balance, nonce: toNonce(SENT) }) };
  });
  const tree = state.tree.update([...accounts, ...known, supply]);
  const header = withLedgerHeader(state.header, {
    stateRootAfter: tree.root,
    supplyAfter: genesis,
  });
  return restoreState({ chain: state.chain, tree, header });
}

/** A transfer of one micro-token; signed only where the signature matters. */
export function transferBy(
  on: BenchChain,
  from: Person,
  options: {
    readonly nonce: number;
    readonly to: AccountId;
    readonly fee?: bigint;
    readonly tip?: bigint;
    readonly signed?: boolean;
    readonly expiry?: Sequence;
  },
): Proof {
  const overlay: ProofBody = {
    type: "invoke",
    author: from.id,
    nonce: toNonce(SENT + options.nonce),
    resourceLimit: toResource(500),
    feeLimit: toAmount(0n),
    expiry: options.expiry ?? toSequence(1_000),
    calls: [
      {
        intent: on.transfer,
        arguments: [
          { type: "account", value: from.id },
          { type: "account", value: options.to },
          { type: "amount", value: toAmount(1n) },
        ],
      },
    ],
    cosigners: [],
    ...(options.tip === undefined ? {} : { tip: toAmount(options.tip) }),
  };
  const least = leastFeeLimit({ body: overlay, bytes: 400 }, PARAMETERS);
  // The first call of a block also pays for loading the program.
  const feeLimit = toAmount(5n * least + (options.fee ?? 0n));
  return seal(on, { ...overlay, feeLimit }, from, options.signed ?? false);
}

/** A theorem with room for judging; what it claims does not matter here. */
export function theoremBy(
  on: BenchChain,
  from: Person,
  options: {
    readonly nonce: number;
    readonly script: string;
    readonly resourceLimit?: number;
    readonly signed?: boolean;
  },
): Proof {
  const overlay: ProofBody = {
    type: "theorem",
    author: from.id,
    nonce: toNonce(SENT + options.nonce),
    resourceLimit: toResource(options.resourceLimit ?? 10_000),
    feeLimit: toAmount(0n),
    expiry: toSequence(1_000),
    script: utf8(options.script),
  };
  const bytes = 400 + options.script.length;
  const feeLimit = toAmount(leastFeeLimit({ body: overlay, bytes }, PARAMETERS));
  return seal(on, { ...overlay, feeLimit }, from, options.signed ?? false);
}

const NO_SIGNATURE = new Uint8Array(64);

function seal(on: BenchChain, body: ProofBody, from: Person, signed: boolean): Proof {
  if (signed) return signProof(on.chain, body, [from.signer]);
  return { body, signatures: [NO_SIGNATURE as Proof["signatures"][number]] };
}

/** The next block with these proofs, as an honest leader seals it. */
export function sealBlock(on: BenchChain, state: LedgerState, proofs: readonly Proof[]): Block {
  const opening = {
    now: earliestTimestamp(state),
    proposer: on.validator.id,
    evidence: [],
    parentCertificate: certify(on, state),
  };
  const begun = beginBlock(state, opening, on.tools);
  if (begun.type === "defect") throw new Error(begun.code);
  for (const proof of proofs) {
    const refusal = begun.run.add(proof, undefined);
    if (refusal !== undefined) throw new Error(refusal.message);
  }
  return sealOf(state, { ...opening, proofs }, begun.run.finish());
}

/** Certificate of the block of a state, by the only validator; genesis has none. */
export function certify(
  on: BenchChain,
  state: Pick<LedgerState, "header" | "digest" | "previousSet">,
): QuorumCertificate | undefined {
  const { sequence } = state.header;
  if (sequence === 0) return undefined;
  const vote = { sequence, view: toView(0), digest: state.digest };
  const signature = on.validator.signer.sign(signableVote("commit", on.chain, vote));
  const votes = [{ voter: toValidatorIndex(0), signature }];
  return createCertificate({ phase: "commit", vote, set: state.previousSet, votes });
}

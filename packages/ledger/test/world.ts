import {
  type AccountId,
  type Argument,
  type Block,
  type ChainParameters,
  compareBytes,
  createCertificate,
  createSigner,
  type Digest,
  type DoubleVote,
  type Evidence,
  findProofDefect,
  type Genesis,
  type GenesisAsset,
  hashGenesis,
  itemProof,
  leaderOf,
  type Proof,
  type ProofBody,
  type QuorumCertificate,
  type Signer,
  sha256,
  signableVote,
  signProof,
  type Theorem,
  type Timestamp,
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
} from "@aethel/models";
import {
  Account,
  type BlockDefect,
  beginBlock,
  createPrograms,
  type ExecutedBlock,
  type ExecutionTools,
  earliestTimestamp,
  executeBlock,
  genesisState,
  type Judgement,
  type LedgerState,
  sealBlock,
  stateKey,
} from "../src/index.ts";
import { judgedSource, tableJudgement } from "./judgements.ts";

/** Standard intents of the tests; the real Judge proves them in `judge.test.ts`. */
export const STANDARD_SOURCE = `
intent transfer(signer from: Account, to: Account, amount: Amount) {
  guard { amount > 0; from.balance >= amount; }
  effect { from.balance -= amount; to.balance += amount; }
  verify { from == to => from.balance == old(from.balance); }
}
intent stake(signer owner: Account, amount: Amount) {
  guard { amount > 0; owner.balance >= amount; }
  effect { owner.balance -= amount; owner.stake += amount; }
  verify { owner.stake == old(owner.stake) + amount; }
}
intent unstake(signer owner: Account, amount: Amount) {
  guard { amount > 0; owner.stake >= amount; }
  effect { owner.stake -= amount; owner.balance += amount; }
  verify { owner.stake == old(owner.stake) - amount; }
}
intent swap(signer left: Account, signer right: Account, give: Amount, take: Amount) {
  guard { left != right; left.balance >= give; right.balance >= take; }
  effect { left.balance -= give; right.balance += give; right.balance -= take; left.balance += take; }
  verify { left.balance + right.balance == old(left.balance) + old(right.balance); }
}
`;

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A person with a key; `seed` names them. */
export interface Person {
  readonly id: AccountId;
  readonly signer: Signer;
}

export function person(seed: string): Person {
  const signer = createSigner(sha256(utf8(seed)));
  return { id: toAccountId(signer.publicKey), signer };
}

export const PARAMETERS: ChainParameters = {
  minBlockIntervalMs: 100,
  heartbeatIntervalMs: 0,
  clockPrecisionMs: 250,
  maxDriftMs: 500,
  viewTimeoutMs: 1_000,
  viewTimeoutMaxMs: 60_000,
  judgingBoundMs: 5_000,
  disseminationBoundMs: 1_000,
  networkDelayMs: 500,
  checkpointInterval: toSequence(10),
  epochMs: 400,
  blockBytesMax: 4_000_000,
  blockResourceMax: toResource(40_000_000),
  blockUnitsMax: toResource(8_000_000),
  stateGrowthMax: 4_194_304,
  proofResourceMax: toResource(20_000_000),
  baseReward: toAmount(1_000_000n),
  emissionPerSecond: toAmount(100_000_000n),
  halvingMs: 100_000_000,
  emissionTotal: toAmount(1_000_000_000_000_000n),
  proposerBonusBasisPoints: 500,
  resourcePrice: toAmount(1_000n),
  judgingUnits: toResource(10_000),
  bytePrice: toAmount(10n),
  invokeBaseFeeMin: toAmount(1n),
  judgedBaseFeeMin: toAmount(1n),
  creationFee: toAmount(70n),
  statePrice: toAmount(90n),
  burnBasisPoints: 5_000,
  slashDoubleSignBasisPoints: 2_000,
  slashVerificationBasisPoints: 500,
  minimumStake: toAmount(1_000_000n),
  unbondingMs: 1_200,
  absenceMs: 1_000_000,
  invokeDifficulty: toDifficulty(1_000),
  solverTheoremsMint: false,
  judge: {
    version: 1,
    wasmHash: toDigest(new Uint8Array(32).fill(7)),
    kernelVersion: 3,
    proverVersion: 1,
  },
};

export interface WorldOptions {
  readonly stakes?: readonly bigint[];
  readonly balances?: readonly bigint[];
  readonly parameters?: Partial<ChainParameters>;
  /** Consensus keys that differ from the validator's own, by index. */
  readonly keys?: Readonly<Record<number, Person>>;
  readonly assets?: readonly GenesisAsset[];
  /** More intents of the genesis list, which may write stake. */
  readonly source?: string;
}

export interface World {
  readonly genesis: Genesis;
  readonly chain: Digest;
  readonly validators: readonly Person[];
  readonly people: readonly Person[];
  readonly alice: Person;
  readonly bob: Person;
  readonly carol: Person;
  readonly tools: ExecutionTools;
  readonly state: LedgerState;
  readonly intents: Readonly<Record<string, Digest>>;
}

export const STAKES = [40_000_000n, 30_000_000n, 20_000_000n, 10_000_000n];

export function createWorld(options: WorldOptions = {}): World {
  const stakes = options.stakes ?? STAKES;
  const balances = options.balances ?? [1_000_000_000n, 500_000_000n, 2_000_000n];
  const validators = stakes.map((_, at) => person(`validator ${at}`));
  const people = balances.map((_, at) => person(`person ${at}`));
  const source = utf8(STANDARD_SOURCE + (options.source ?? ""));
  const genesis: Genesis = {
    name: utf8("test"),
    timestamp: toTimestamp(1_000_000),
    parameters: { ...PARAMETERS, ...options.parameters },
    validators: validators.map(({ id, signer }, at) => ({
      id,
      key: options.keys?.[at]?.signer.publicKey ?? signer.publicKey,
      stake: toAmount(stakes[at] ?? 0n),
    })),
    accounts: people.map(({ id }, at) => ({ id, balance: toAmount(balances[at] ?? 0n) })),
    assets: options.assets ?? [],
    intents: [{ source }],
    faucet: undefined,
  };
  const chain = hashGenesis(genesis);
  const programs = createPrograms();
  const state = genesisState(genesis, [judgedSource(source)], programs);
  const intents = Object.fromEntries(
    programs.compile(source, "genesis").map(({ name, digest }) => [name, digest]),
  );
  const tools = { programs, checkProof: (proof: Proof) => findProofDefect(chain, proof) };
  const [alice, bob, carol] = people;
  if (!alice || !bob || !carol) throw new Error("a world has three people at least");
  return { genesis, chain, validators, people, alice, bob, carol, tools, state, intents };
}

export interface Envelope {
  readonly nonce: number;
  readonly resourceLimit?: number;
  readonly feeLimit?: bigint;
  readonly tip?: bigint;
  readonly expiry?: number;
}

function envelope(author: Person, options: Envelope): Omit<Theorem, "script"> {
  return {
    author: author.id,
    nonce: toNonce(options.nonce),
    resourceLimit: toResource(options.resourceLimit ?? 10_000),
    feeLimit: toAmount(options.feeLimit ?? 100_000n),
    ...(options.tip === undefined ? {} : { tip: toAmount(options.tip) }),
    expiry: toSequence(options.expiry ?? 1_000_000),
  };
}

export function theorem(world: World, author: Person, script: string, options: Envelope): Proof {
  const body: ProofBody = {
    type: "theorem",
    ...envelope(author, options),
    script: utf8(script),
  };
  return signProof(world.chain, body, [author.signer]);
}

export function publish(world: World, author: Person, source: string, options: Envelope): Proof {
  const body: ProofBody = {
    type: "publish",
    ...envelope(author, options),
    source: utf8(source),
  };
  return signProof(world.chain, body, [author.signer]);
}

export interface Call extends Envelope {
  readonly intent: string | Digest;
  readonly arguments: readonly Argument[];
  readonly cosigners?: readonly { readonly person: Person; readonly nonce: number }[];
}

export function invoke(world: World, author: Person, call: Call): Proof {
  const cosigners = (call.cosigners ?? []).toSorted((left, right) =>
    Buffer.compare(left.person.id, right.person.id),
  );
  const intent = typeof call.intent === "string" ? world.intents[call.intent] : call.intent;
  const body: ProofBody = {
    type: "invoke",
    ...envelope(author, call),
    calls: [{ intent: intent ?? toDigest(new Uint8Array(32)), arguments: call.arguments }],
    cosigners: cosigners.map((c) => ({ account: c.person.id, nonce: toNonce(c.nonce) })),
  };
  return signProof(world.chain, body, [author.signer, ...cosigners.map((c) => c.person.signer)]);
}

export const accountArgument = (id: AccountId): Argument => ({ type: "account", value: id });
export const amountArgument = (value: bigint): Argument => ({
  type: "amount",
  value: toAmount(value),
});

export function transfer(
  world: World,
  from: Person,
  to: AccountId,
  options: Envelope & { readonly amount: bigint },
): Proof {
  return invoke(world, from, {
    ...options,
    intent: "transfer",
    arguments: [accountArgument(from.id), accountArgument(to), amountArgument(options.amount)],
  });
}

/** A commit certificate for the head of a state, by those of its voters that are named. */
export function certify(
  world: World,
  state: LedgerState,
  voters?: readonly number[],
): QuorumCertificate | undefined {
  if (state.header.sequence === 0) return undefined;
  const vote = { sequence: state.header.sequence, view: toView(0), digest: state.digest };
  const everyone = [...world.validators, ...world.people];
  const members = state.previousSet.validators.map((member) =>
    everyone.find((one) => Buffer.compare(one.signer.publicKey, member.key) === 0),
  );
  const object = signableVote("commit", world.chain, vote);
  return createCertificate({
    phase: "commit",
    vote,
    set: state.previousSet,
    votes: members.flatMap((member, at) =>
      member === undefined || (voters !== undefined && !voters.includes(at))
        ? []
        : [{ voter: toValidatorIndex(at), signature: member.signer.sign(object) }],
    ),
  });
}

export interface NextBlock {
  readonly proofs?: readonly Proof[];
  readonly evidence?: readonly Evidence[];
  /** Indices in the previous set whose votes the certificate has. Default: all. */
  readonly voters?: readonly number[];
  readonly judge?: (body: ProofBody) => Judgement | undefined;
  /** Its timestamp. Default: the earliest there can be. */
  readonly now?: Timestamp;
  /** Index of who builds it. Default: the scheduled leader. */
  readonly proposer?: number;
}

/** Builds the next block as an honest leader does. Throws what makes it impossible. */
export function build(world: World, state: LedgerState, next: NextBlock = {}): Block {
  const { proofs = [], evidence = [], judge = tableJudgement } = next;
  const parentCertificate = certify(world, state, next.voters);
  const scheduled = leaderOf(state.votingSet, toSequence(state.header.sequence + 1), toView(0));
  const at = next.proposer ?? scheduled;
  const proposer = state.votingSet.validators[at]?.id ?? toAccountId(new Uint8Array(32));
  const opening = {
    now: next.now ?? earliestTimestamp(state),
    proposer,
    evidence,
    parentCertificate,
  };
  const begun = beginBlock(state, opening, world.tools);
  if (begun.type === "defect") throw new BuildRefused(begun);
  for (const [index, proof] of proofs.entries()) {
    const refusal = begun.run.add(proof, judge(proof.body));
    if (refusal !== undefined) throw new BuildRefused({ code: "proof", at: index, refusal });
  }
  return sealBlock(state, { ...opening, proofs }, begun.run.finish());
}

/** Why a block could not be built. */
export class BuildRefused extends Error {
  readonly defect: BlockDefect;

  constructor(defect: BlockDefect) {
    super(JSON.stringify(defect));
    this.defect = defect;
  }

  /** Code of the refusal, of a proof or of the block. */
  get code(): string {
    return this.defect.code === "proof" ? this.defect.refusal.code : this.defect.code;
  }
}

export type Executed = Extract<ExecutedBlock, { readonly type: "executed" }>;

/** Executes a block as a voter does, and demands that it is valid. */
export function execute(
  world: World,
  state: LedgerState,
  block: Block,
  judge: (body: ProofBody) => Judgement | undefined = tableJudgement,
): Executed {
  const judgements = block.items.map((item) => judge(itemProof(item).body));
  const executed = executeBlock(state, block, judgements, world.tools);
  if (executed.type === "invalid") throw new Error(executed.reason);
  return executed;
}

/** Builds and executes the next block. */
export function step(world: World, state: LedgerState, next: NextBlock = {}): Executed {
  return execute(world, state, build(world, state, next), next.judge ?? tableJudgement);
}

/** Several empty blocks. */
export function skip(world: World, state: LedgerState, count: number): LedgerState {
  let now = state;
  for (let at = 0; at < count; at++) now = step(world, now).state;
  return now;
}

export function accountOf(state: LedgerState, id: AccountId): Account {
  const bytes = state.tree.get(stateKey.account(id));
  return bytes === undefined ? { balance: toAmount(0n), nonce: toNonce(0) } : Account.decode(bytes);
}

/** Who signs two votes, and who is accused of it. */
export interface Vote {
  readonly signer: Signer;
  readonly accused: Person;
  readonly sequence: number;
  readonly words?: readonly [string, string];
}

/** Two prepares of one view for different blocks, signed. */
export function doubleVote(of: World, vote: Vote): Evidence {
  const [left = sha256(utf8("a")), right = sha256(utf8("b"))] = (vote.words ?? ["a", "b"])
    .map((word) => sha256(utf8(word)))
    .toSorted(compareBytes);
  const at = { sequence: toSequence(vote.sequence), view: toView(0) };
  const sign = (digest: Digest): DoubleVote["first"] => ({
    digest,
    signature: vote.signer.sign(signableVote("prepare", of.chain, { ...at, digest })),
  });
  const about = { validator: vote.accused.id, key: vote.signer.publicKey };
  return {
    type: "double-vote",
    ...about,
    ...at,
    phase: "prepare",
    first: sign(left),
    second: sign(right),
  };
}

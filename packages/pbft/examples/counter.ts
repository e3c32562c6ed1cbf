/** Four replicas agree on a counter, in one process. Run: `node --conditions=@aethel/source counter.ts` */
import {
  type AccountId,
  type BlockHeader,
  blockDigest,
  createSigner,
  createValidatorSet,
  type Digest,
  equalBytes,
  evidenceRoot,
  type FinalizedBlock,
  type ProofBlock,
  parentCertificateRoot,
  proofsRoot,
  sha256,
  toAccountId,
  toAmount,
  toDifficulty,
  toHex,
  toRoot,
  toSequence,
  toTimestamp,
  type ValidatorSet,
  verificationRoot,
  ZERO_DIGEST,
} from "@aethel/models";
import {
  type Application,
  type ApplicationHead,
  type ApplicationVerdict,
  createReplica,
  type ProposeRequest,
  type Replica,
  type Transport,
  type TransportHandlers,
  type VerifyRequest,
} from "@aethel/pbft";

const genesis: Digest = sha256(new TextEncoder().encode("counter"));
const pacing = { minBlockIntervalMs: 20, heartbeatIntervalMs: 0, maxDriftMs: 5_000 };
const timeouts = { viewTimeoutMs: 500, viewTimeoutMaxMs: 4_000 };
const bounds = { judgingBoundMs: 100, disseminationBoundMs: 100, networkDelayMs: 20 };

/** The application: a number that each block raises by one. Its state root is its own hash. */
export class Counter implements Application {
  readonly #blocks: FinalizedBlock[] = [];
  #head: ApplicationHead;
  wanted = 0;

  constructor(set: ValidatorSet) {
    const nothing = { chain: genesis, sequence: toSequence(0), timestamp: toTimestamp(0) };
    const roots = { proofsRoot: proofsRoot([]), verificationRoot: verificationRoot([]) };
    const state = { stateRootBefore: rootOf(0), stateRootAfter: rootOf(0) };
    const supply = { supplyBefore: toAmount(0n), supplyAfter: toAmount(0n) };
    const header: BlockHeader = {
      ...nothing,
      ...roots,
      ...state,
      ...supply,
      parent: ZERO_DIGEST,
      parentCertificateRoot: ZERO_DIGEST,
      evidenceRoot: evidenceRoot([]),
      validators: set.hash,
      nextValidators: set.hash,
      proposer: toAccountId(ZERO_DIGEST),
      totalDifficulty: toDifficulty(0),
      judgeVersion: 1,
    };
    const sets = { validators: set, previousValidators: set };
    this.#head = { header, digest: blockDigest(header), certificate: undefined, ...sets };
  }

  head = (): ApplicationHead => this.#head;
  hasWork = (): boolean => this.value() < this.wanted;
  value = (): number => this.#head.header.sequence;

  async propose(request: ProposeRequest): Promise<ProofBlock> {
    const { sequence, timestamp, proposer, parentCertificate, evidence } = request;
    const header: BlockHeader = {
      ...this.#head.header,
      sequence,
      timestamp,
      proposer,
      parent: this.#head.digest,
      evidenceRoot: evidenceRoot(evidence),
      parentCertificateRoot: parentCertificateRoot(parentCertificate),
      stateRootBefore: rootOf(this.value()),
      stateRootAfter: rootOf(this.value() + 1),
    };
    return { header, proofs: [], evidence, parentCertificate };
  }

  async verify({ block }: VerifyRequest): Promise<ApplicationVerdict> {
    const right = equalBytes(block.header.stateRootAfter, rootOf(this.value() + 1));
    return right ? { type: "accepted" } : { type: "refused", reason: "not the next number" };
  }

  async commit(finalized: FinalizedBlock): Promise<ApplicationHead> {
    const { block, certificate } = finalized;
    if (block.header.sequence > this.value()) {
      this.#blocks.push(finalized);
      const { header } = block;
      this.#head = { ...this.#head, header, digest: certificate.digest, certificate };
    }
    return this.#head;
  }

  finalized = async (sequence: number): Promise<FinalizedBlock | undefined> =>
    this.#blocks[sequence - 1];
}

function rootOf(value: number): BlockHeader["stateRootAfter"] {
  return toRoot(sha256(new TextEncoder().encode(String(value))));
}

/** A network within one process. */
function createHub(): (id: AccountId) => Transport {
  const others = new Map<string, { id: AccountId; handlers: TransportHandlers }>();
  return (id) => {
    const peers = () => [...others.values()].filter((other) => !equalBytes(other.id, id));
    return {
      attach: (handlers) => others.set(toHex(id), { id, handlers }),
      peers: () => peers().map((other) => other.id),
      send: (to, message) =>
        queueMicrotask(() => others.get(toHex(to))?.handlers.message(message, id)),
      broadcast(message) {
        for (const { handlers } of peers()) queueMicrotask(() => handlers.message(message, id));
      },
      async request(to, request) {
        const other = others.get(toHex(to));
        if (other === undefined) throw new Error("no such peer");
        return other.handlers.request(request, id);
      },
    };
  };
}

/** Counts to `goal` on four replicas; returns what each of them holds in the end. */
export async function countTo(goal: number): Promise<readonly number[]> {
  const signers = [1, 2, 3, 4].map((seed) => createSigner(new Uint8Array(32).fill(seed)));
  const ids = signers.map((signer) => toAccountId(signer.publicKey));
  const set = createValidatorSet(
    signers.map((signer) => ({
      id: toAccountId(signer.publicKey),
      key: signer.publicKey,
      power: toAmount(1n),
    })),
  );
  const connect = createHub();
  const counters = signers.map(() => new Counter(set));
  const replicas = signers.map((signer, at): Replica => {
    const id = ids[at] ?? toAccountId(signer.publicKey);
    return createReplica({
      genesis,
      parameters: { ...pacing, ...timeouts, ...bounds },
      signer,
      id,
      application: counters[at] ?? new Counter(set),
      transport: connect(id),
      // In production: @aethel/pbft/file. Without it a restarted replica could contradict itself.
      signingLog: { load: async () => [], append: async () => {}, compact: async () => {} },
      clock: {
        now: () => Date.now(),
        schedule(delayMs, action) {
          const timer = setTimeout(action, delayMs);
          return () => clearTimeout(timer);
        },
      },
    });
  });
  for (const counter of counters) counter.wanted = goal;
  await Promise.all(replicas.map((replica) => replica.start()));
  while (counters.some((counter) => counter.value() < goal)) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await Promise.all(replicas.map((replica) => replica.stop()));
  return counters.map((counter) => counter.value());
}

if (import.meta.main) console.log("all four replicas counted to", await countTo(10));

/** What `counter.ts` replicates, and the world around it: an application, a network, a clock. */
import {
  type AccountId,
  type BlockHeader,
  blockDigest,
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
  type Clock,
  type PacingParameters,
  type ProposeRequest,
  type SigningLog,
  type Transport,
  type TransportHandlers,
  type VerifyRequest,
} from "@aethel/pbft";

export const genesis: Digest = sha256(new TextEncoder().encode("counter"));
export const parameters: PacingParameters = {
  minBlockIntervalMs: 20,
  heartbeatIntervalMs: 0,
  maxDriftMs: 5_000,
  viewTimeoutMs: 500,
  viewTimeoutMaxMs: 4_000,
  judgingBoundMs: 100,
  disseminationBoundMs: 100,
  networkDelayMs: 20,
};

/** Real time. */
export const clock: Clock = {
  now: () => Date.now(),
  schedule(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Remembers nothing: in production this is `@aethel/pbft/file`. */
export const forgetfulLog: SigningLog = {
  load: async () => [],
  append: async () => {},
  compact: async () => {},
};

/** The application: a number that each block raises by one. Its state root is its own hash. */
export class Counter implements Application {
  readonly #blocks: FinalizedBlock[] = [];
  #head: ApplicationHead;
  readonly #goal: number;

  constructor(set: ValidatorSet, goal: number) {
    this.#goal = goal;
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
  hasWork = (): boolean => this.value() < this.#goal;
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
export function createHub(): (id: AccountId) => Transport {
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

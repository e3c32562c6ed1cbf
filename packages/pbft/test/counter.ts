import {
  annexRoot,
  type Block,
  type BlockHeader,
  blockDigest,
  concatBytes,
  type Digest,
  equalBytes,
  evidenceRoot,
  type FinalizedBlock,
  type Item,
  parentCertificateRoot,
  payloadRoot,
  type Root,
  sha256,
  toRoot,
  toSequence,
  toTimestamp,
  type ValidatorSet,
  WIRE_VERSION,
  ZERO_DIGEST,
} from "@aethel/models";
import {
  type ApplicationHead,
  type ApplicationVerdict,
  EMPTY_LEADERSHIP,
  leadershipAfter,
  leadershipHashAfter,
  type ProposeRequest,
} from "../src/index.ts";

/** The smallest state machine: its state is a hash that each block moves on. Synchronous. */
export class Counter {
  readonly genesis: Digest;
  head: ApplicationHead;
  readonly blocks: FinalizedBlock[] = [];
  /** Things to do; a block settles them all. */
  pending = 0;
  /** There is something to do after each block, too. */
  isAlwaysBusy = false;
  /** Items that the application has without their being in a block of its own. */
  pool: readonly Item[] = [];
  /** Verdict of `verify` in place of the true one. */
  override: ((block: Block, patience: string) => ApplicationVerdict | undefined) | undefined;
  /** Claim that a search of a block finds, and how long it takes. */
  shownOf: ((block: Block) => Uint8Array | undefined) | undefined;
  searchMs = 1;
  /** Set that votes from a sequence on, for tests of boundaries. */
  setAt: (sequence: number) => ValidatorSet;

  readonly #first: ApplicationHead;

  constructor(genesis: Digest, set: ValidatorSet, timestamp = 0) {
    this.genesis = genesis;
    this.setAt = () => set;
    const header: BlockHeader = {
      version: WIRE_VERSION,
      chain: genesis,
      sequence: toSequence(0),
      timestamp: toTimestamp(timestamp),
      parent: ZERO_DIGEST,
      payloadRoot: payloadRoot([]),
      annexRoot: annexRoot([]),
      evidenceRoot: evidenceRoot([]),
      parentCertificateRoot: ZERO_DIGEST,
      validators: set.hash,
      nextValidators: set.hash,
      leadership: ZERO_DIGEST,
      proposer: set.validators[0]?.id ?? (ZERO_DIGEST as never),
      application: ZERO_DIGEST,
    };
    this.head = {
      header,
      digest: blockDigest(header),
      certificate: undefined,
      validators: set,
      previousValidators: set,
      leadership: EMPTY_LEADERSHIP,
    };
    this.#first = this.head;
  }

  propose(
    request: Omit<ProposeRequest, "signal" | "leadership"> &
      Partial<Pick<ProposeRequest, "leadership">>,
  ): Block | undefined {
    if (request.reason === "work" && this.pending === 0) return undefined;
    const { head } = this;
    const header: BlockHeader = {
      ...head.header,
      sequence: request.sequence,
      timestamp: request.timestamp,
      parent: head.digest,
      evidenceRoot: evidenceRoot(request.evidence),
      parentCertificateRoot: parentCertificateRoot(request.parentCertificate),
      validators: head.validators.hash,
      nextValidators: this.setAt(request.sequence + 1).hash,
      leadership: request.leadership ?? leadershipHashAfter(head, request.parentCertificate),
      proposer: request.proposer,
      application: after(head.header.application),
    };
    return {
      version: WIRE_VERSION,
      header,
      items: [],
      annex: [],
      evidence: request.evidence,
      parentCertificate: request.parentCertificate,
    };
  }

  item(hash: Digest): Item | undefined {
    return this.pool.find((one) => equalBytes(one.hash, hash));
  }

  verify(block: Block, patience: string): ApplicationVerdict {
    const overridden = this.override?.(block, patience);
    if (overridden !== undefined) return overridden;
    const { header } = block;
    const right =
      equalBytes(header.application, after(this.head.header.application)) &&
      equalBytes(header.nextValidators, this.setAt(header.sequence + 1).hash);
    return right ? { type: "accepted" } : { type: "refused", reason: "another state" };
  }

  /** `given`: the record as consensus gives it, or worked out here. */
  commit(finalized: FinalizedBlock, given?: Uint8Array): ApplicationHead {
    const { block, certificate } = finalized;
    const { header } = block;
    const { head } = this;
    const leadership = given ?? leadershipAfter(head, block.parentCertificate);
    if (header.sequence === head.header.sequence) return head;
    if (!equalBytes(header.application, after(head.header.application))) {
      throw new Error("another state");
    }
    this.blocks.push(finalized);
    this.pending = this.isAlwaysBusy ? 1 : 0;
    this.head = {
      header,
      digest: certificate.digest,
      certificate,
      validators: this.setAt(header.sequence + 1),
      previousValidators: head.validators,
      leadership,
    };
    return this.head;
  }

  /** The database comes back from a copy that was made when block `to` was the last. */
  rollBack(to: number): void {
    const { pending } = this;
    const kept = this.blocks.splice(0).slice(0, to);
    this.head = this.#first;
    for (const finalized of kept) this.commit(finalized);
    this.pending = pending;
  }
}

function after(root: Uint8Array): Root {
  return toRoot(sha256(concatBytes(root, new Uint8Array([1]))));
}

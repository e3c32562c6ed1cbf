import {
  type AccountId,
  type Block,
  blockDigest,
  type QuorumCertificate,
  toHex,
  toRoot,
  toSequence,
  toTimestamp,
  toView,
  type ValidatorSet,
  validatorAt,
  ZERO_DIGEST,
} from "@aethel/models";
import {
  type ApplicationHead,
  advanceHead,
  createGenesisHead,
  createPlainBlock,
  leaderAt,
} from "../src/index.ts";
import { GENESIS } from "./keys.ts";

/** One final block, as it was appended: what the record may look at, by name. */
export interface ToldBlock {
  readonly set: ValidatorSet;
  readonly proposer: string;
  /**
   * The view in which the parent became final, and who its certificate names; none in the first.
   */
  readonly parentView: number;
  readonly named: ReadonlySet<string> | undefined;
}

/** Circumstances of the next block. */
export interface Appended {
  /** The view in which it becomes final. */
  readonly view?: number;
  /** The view whose leader built it; by default the one in which it becomes final. */
  readonly builtIn?: number;
  /** Validators that are not in the certificate of the parent that it holds. */
  readonly unnamed?: ReadonlySet<string>;
  /** The set from the next sequence on. */
  readonly nextSet?: ValidatorSet;
  readonly timestamp?: number;
}

/** A chain of headers and certificates that nobody signed: all that the record is made of. */
export class LeaderChain {
  head: ApplicationHead;
  /** The last one appended. */
  block: Block | undefined;
  readonly told: ToldBlock[] = [];
  #view = 0;

  constructor(set: ValidatorSet) {
    this.head = createGenesisHead({ genesis: GENESIS, validators: set, application: ROOT });
  }

  /** Name of the leader of a view of the next sequence. */
  leader(view: number): string {
    const { head } = this;
    const sequence = toSequence(head.header.sequence + 1);
    return toHex(this.#id(leaderAt({ head, sequence }, toView(view))));
  }

  append(how: Appended = {}): void {
    const { head, told } = this;
    const { view = 0, builtIn = view, unnamed = new Set(), nextSet = head.validators } = how;
    const sequence = toSequence(head.header.sequence + 1);
    const proposer = this.#id(leaderAt({ head, sequence }, toView(builtIn)));
    const signers = head.previousValidators.validators.map(({ id }) => !unnamed.has(toHex(id)));
    const parentCertificate =
      sequence === 1 ? undefined : certificate(head, { view: this.#view, signers });
    const timestamp = toTimestamp(how.timestamp ?? sequence);
    const request = { sequence, timestamp, proposer, parentCertificate, evidence: [] };
    const block = createPlainBlock({
      head,
      request,
      items: [],
      application: ROOT,
      nextValidators: nextSet,
    });
    told.push({
      set: head.validators,
      proposer: toHex(proposer),
      parentView: this.#view,
      named:
        parentCertificate &&
        new Set(
          head.previousValidators.validators.flatMap(({ id }, at) =>
            signers[at] === true ? [toHex(id)] : [],
          ),
        ),
    });
    const digest = blockDigest(block.header);
    const own = { ...certificate(head, { view, signers: [] }), sequence, digest };
    this.block = block;
    this.head = advanceHead(head, { block, certificate: own }, nextSet);
    this.#view = view;
  }

  #id(index: Parameters<typeof validatorAt>[1]): AccountId {
    const validator = validatorAt(this.head.validators, index);
    if (validator === undefined) throw new RangeError("a leader is in the set");
    return validator.id;
  }
}

const ROOT = toRoot(ZERO_DIGEST);

function certificate(
  { header, digest }: ApplicationHead,
  { view, signers }: { readonly view: number; readonly signers: readonly boolean[] },
): QuorumCertificate {
  const seal = { type: "ed25519", signatures: [] } as const;
  const { sequence } = header;
  return { phase: "commit", sequence, view: toView(view), digest, signers, seal };
}

/**
 * Runs until `blocks` more are final. Who is down neither leads nor votes; who is `mute` votes and
 * leads nothing. `leaveOut` says whom a proposer leaves out of the certificate. Gives the views.
 */
export function grow(
  chain: LeaderChain,
  blocks: number,
  who: {
    readonly down?: ReadonlySet<string>;
    readonly mute?: ReadonlySet<string>;
    readonly leaveOut?: (proposer: string) => ReadonlySet<string>;
  } = {},
): readonly number[] {
  const { down = new Set(), mute = new Set(), leaveOut = () => new Set<string>() } = who;
  const views: number[] = [];
  for (let block = 0; block < blocks; block++) {
    let view = 0;
    while (down.has(chain.leader(view)) || mute.has(chain.leader(view))) view += 1;
    const unnamed = new Set([...down, ...leaveOut(chain.leader(view))]);
    chain.append({ view, unnamed });
    views.push(view);
  }
  return views;
}

/** Names of a set's members, in its order. */
export function namesOf(set: ValidatorSet): readonly string[] {
  return set.validators.map(({ id }) => toHex(id));
}

import {
  type BlockHeader,
  blockDigest,
  createValidatorSet,
  type Digest,
  equalBytes,
  evidenceRoot,
  type FinalizedBlock,
  findBodyDefect,
  findProofDefect,
  type Genesis,
  hashGenesis,
  hashProof,
  type Proof,
  type ProofBlock,
  parentCertificateRoot,
  proofsRoot,
  type Root,
  sha256,
  signProof,
  toAmount,
  toDifficulty,
  toHex,
  toNonce,
  toResource,
  toRoot,
  toSequence,
  type ValidatorSet,
  type VerificationResult,
  verificationRoot,
  ZERO_DIGEST,
} from "@aethel/models";
import {
  type Application,
  type ApplicationHead,
  type ApplicationVerdict,
  EMPTY_LEADERSHIP,
  leadershipAfter,
} from "@aethel/pbft";
import type {
  ApplicationKind,
  ChainApplication,
  ChangingSets,
  OpenApplication,
} from "../application-kind.ts";
import { keyAt } from "../key-changes.ts";

/**
 * A light application: its state is the hash of all theorems so far, in order. A theorem whose
 * script says `refuted` is false, and a block that holds it is wrong. It checks every commitment
 * of the header, so that consensus is tested against an application that really refuses.
 */
export const counter: ApplicationKind = {
  name: "counter",
  intents: [],
  create: async (genesis, world) => createCounterChain(genesis, world ?? { rotation: [] }),
};

/** Proofs that one block of the counter holds. */
const BLOCK_PROOFS_MAX = 32;

/** Blocks of an epoch, where a world does not say it. The counter counts blocks, not time. */
const EPOCH_BLOCKS = 8;

function createCounterChain(genesis: Genesis, world: ChangingSets): ChainApplication {
  const chain = hashGenesis(genesis);
  const setOf = createSchedule(genesis, world);
  const encoder = new TextEncoder();
  return {
    createNode: () => {
      const disk: CounterOptions["disk"] = { blocks: [], records: [EMPTY_LEADERSHIP] };
      const open = async (): Promise<OpenApplication> =>
        openCounter({ chain, setOf, genesis, disk });
      const rollBack = (count: number): void => {
        disk.blocks = disk.blocks.slice(0, Math.max(0, disk.blocks.length - count));
        disk.records = disk.records.slice(0, disk.blocks.length + 1);
      };
      return Object.assign(open, { rollBack });
    },
    work: ({ author, nonce }) =>
      signProof(
        chain,
        {
          type: "theorem",
          author: author.id,
          nonce: toNonce(nonce),
          resourceLimit: toResource(1),
          feeLimit: toAmount(0n),
          expiry: toSequence(Number.MAX_SAFE_INTEGER),
          script: encoder.encode("(assert false)(check-sat)"),
        },
        [author.signer],
      ),
  };
}

/** The set that votes on a sequence. */
type SetSchedule = (sequence: number) => ValidatorSet;

/** The genesis powers in the first epoch, then those of the rotation, then from the start again. */
function createSchedule(
  { validators, parameters }: Genesis,
  { rotation, keyChanges: changes = [], epochBlocks = EPOCH_BLOCKS }: ChangingSets,
): SetSchedule {
  const first = validators.map(({ stake }) => stake);
  const later = rotation.map((powers) =>
    powers.map((power) => toAmount(parameters.minimumStake * BigInt(power))),
  );
  const turns = [first, ...later];
  const setIn = (epoch: number, stakes: typeof first): ValidatorSet =>
    createValidatorSet(
      validators
        .map(({ id, key }, at) => ({
          id,
          key: keyAt(at, epoch, { key, changes }),
          power: stakes[at] ?? toAmount(0n),
        }))
        .filter(({ power }) => power > 0n),
    );
  // After the last change of a key the sets repeat.
  const lastChange = changes.reduce((last, { epoch }) => Math.max(last, epoch), 0);
  const sets = new Map<number, ValidatorSet>();
  return (sequence) => {
    const epoch = Math.floor(Math.max(0, sequence - 1) / epochBlocks);
    const turn = epoch % turns.length;
    const name = epoch < lastChange ? epoch : lastChange + turn;
    const set = sets.get(name) ?? setIn(epoch, turns[turn] ?? refuseEmpty());
    sets.set(name, set);
    return set;
  };
}

interface CounterOptions {
  readonly chain: Digest;
  readonly setOf: SetSchedule;
  readonly genesis: Genesis;
  /** Durable: written in one go by `commit`, with the record of leaders after the last of them. */
  readonly disk: {
    blocks: readonly FinalizedBlock[];
    /** Of leaders, after genesis and after each block. */
    records: readonly (Uint8Array | undefined)[];
  };
}

function openCounter(options: CounterOptions): OpenApplication {
  const { chain, disk } = options;
  const done = new Set(disk.blocks.flatMap(({ block }) => block.proofs.map(nameOf)));
  const pending = new Map<string, Proof>();
  let head = headOf(options);

  const findDefect = (block: ProofBlock): string | undefined => {
    const names = block.proofs.map(nameOf);
    if (findBodyDefect(block) !== undefined) return "body";
    if (new Set(names).size !== names.length) return "a proof is there twice";
    if (names.some((name) => done.has(name))) return "a proof was there before";
    if (!block.proofs.every((proof) => isUsable(chain, proof))) return "a false proof";
    const { timestamp, proposer, leadership } = block.header;
    const minimum = head.header.timestamp + options.genesis.parameters.minBlockIntervalMs;
    if (timestamp < minimum) return "too early";
    const expected = headerOf(head.header, {
      ...block,
      timestamp,
      proposer,
      leadership,
      setOf: options.setOf,
    });
    return equalBytes(blockDigest(expected), blockDigest(block.header)) ? undefined : "header";
  };

  const application: Application = {
    head: () => head,
    hasWork: () => pending.size > 0,
    propose: async ({ timestamp, proposer, parentCertificate, evidence, leadership, reason }) => {
      const proofs = [...pending.values()].slice(0, BLOCK_PROOFS_MAX);
      if (proofs.length === 0 && reason === "work") return undefined;
      const body = { proofs, evidence, parentCertificate };
      const parts = { ...body, timestamp, proposer, leadership, setOf: options.setOf };
      return { header: headerOf(head.header, parts), ...body };
    },
    verify: async ({ block }): Promise<ApplicationVerdict> => {
      const reason = findDefect(block);
      return reason === undefined ? { type: "accepted" } : { type: "refused", reason };
    },
    commit: async (finalized, given) => {
      const { header, proofs, parentCertificate } = finalized.block;
      if (header.sequence === head.header.sequence) return head;
      const reason = findDefect(finalized.block);
      if (reason !== undefined) throw new Error(`the counter refuses a final block: ${reason}`);
      disk.blocks = [...disk.blocks, finalized];
      disk.records = [...disk.records, given ?? leadershipAfter(head, parentCertificate)];
      for (const name of proofs.map(nameOf)) {
        done.add(name);
        pending.delete(name);
      }
      head = headOf(options);
      return head;
    },
    finalized: async (sequence) => disk.blocks[sequence - 1],
  };
  return {
    application,
    submit: (proof) => {
      const name = nameOf(proof);
      if (done.has(name) || !isUsable(chain, proof)) return "refused";
      pending.set(name, proof);
      return "accepted";
    },
  };
}

function nameOf(proof: Proof): string {
  return toHex(hashProof(proof));
}

/** All nodes of a world hold the same proof objects: each is looked at once. */
const usable = new WeakMap<Proof, boolean>();

function isUsable(chain: Digest, proof: Proof): boolean {
  const known = usable.get(proof);
  if (known !== undefined) return known;
  const verdict = judge(chain, proof);
  usable.set(proof, verdict);
  return verdict;
}

function judge(chain: Digest, proof: Proof): boolean {
  if (proof.body.type !== "theorem" || findProofDefect(chain, proof) !== undefined) return false;
  return !new TextDecoder().decode(proof.body.script).includes("refuted");
}

function headOf({ chain, setOf, genesis, disk }: CounterOptions): ApplicationHead {
  const last = disk.blocks.at(-1);
  const header = last?.block.header ?? genesisHeader(chain, setOf(1), genesis);
  return {
    header,
    digest: blockDigest(header),
    certificate: last?.certificate,
    validators: setOf(header.sequence + 1),
    previousValidators: setOf(header.sequence),
    leadership: disk.records.at(-1),
  };
}

function genesisHeader(chain: Digest, set: ValidatorSet, genesis: Genesis): BlockHeader {
  const root = toRoot(chain);
  const supply = toAmount(0n);
  return {
    chain,
    sequence: toSequence(0),
    timestamp: genesis.timestamp,
    parent: ZERO_DIGEST,
    proofsRoot: proofsRoot([]),
    verificationRoot: verificationRoot([]),
    evidenceRoot: evidenceRoot([]),
    parentCertificateRoot: ZERO_DIGEST,
    stateRootBefore: root,
    stateRootAfter: root,
    supplyBefore: supply,
    supplyAfter: supply,
    validators: set.hash,
    nextValidators: set.hash,
    leadership: ZERO_DIGEST,
    proposer: set.validators[0]?.id ?? refuseEmpty(),
    totalDifficulty: toDifficulty(0),
    judgeVersion: 1,
  };
}

function headerOf(
  parent: BlockHeader,
  parts: Omit<ProofBlock, "header"> &
    Pick<BlockHeader, "timestamp" | "proposer" | "leadership"> & { readonly setOf: SetSchedule },
): BlockHeader {
  const { proofs, evidence, parentCertificate, timestamp, proposer, leadership, setOf } = parts;
  const sequence = toSequence(parent.sequence + 1);
  return {
    ...parent,
    sequence,
    validators: setOf(sequence).hash,
    nextValidators: setOf(sequence + 1).hash,
    timestamp,
    proposer,
    leadership,
    parent: blockDigest(parent),
    proofsRoot: proofsRoot(proofs),
    verificationRoot: verificationRoot(proofs.map(resultOf)),
    evidenceRoot: evidenceRoot(evidence),
    parentCertificateRoot: parentCertificateRoot(parentCertificate),
    stateRootBefore: parent.stateRootAfter,
    stateRootAfter: proofs.reduce(extend, parent.stateRootAfter),
    totalDifficulty: toDifficulty(proofs.length),
  };
}

function extend(root: Root, proof: Proof): Root {
  const bytes = new Uint8Array(64);
  bytes.set(root);
  bytes.set(hashProof(proof), 32);
  return toRoot(sha256(bytes));
}

function resultOf(proof: Proof): VerificationResult {
  return {
    proofHash: hashProof(proof),
    verdict: "valid",
    trust: "certified",
    outcome: "applied",
    difficulty: toDifficulty(1),
    resource: toResource(1),
    errorCode: 0,
  };
}

function refuseEmpty(): never {
  throw new RangeError("a chain has a validator");
}

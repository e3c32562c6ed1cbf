import {
  type BlockHeader,
  blockDigest,
  type CertifiedHeader,
  concatBytes,
  createValidatorSet,
  type Digest,
  encodeValidatorSet,
  equalBytes,
  type SnapshotHead,
  sha256,
  toRoot,
  toSequence,
  toTimestamp,
  type ValidatorSet,
  ZERO_DIGEST,
} from "@aethel/models";
import type { ApplicationHead } from "../src/index.ts";
import { certifiedByAll } from "./commit-certificate.ts";
import { createMembership, GENESIS, type Member } from "./keys.ts";

/** Minimum block interval of the chains, and the time of their genesis. */
export const INTERVAL_MS = 1_000;
export const GENESIS_MS = 1_000_000_000_000;

const PATH_BYTES = 32;
const pool = createMembership(Array.from({ length: 20 }, () => 1));
export const verify = pool.verify;

/** A chain of headers with a state, as a server would offer it. */
export interface SyncChain {
  readonly genesis: ApplicationHead;
  readonly length: number;
  headerAt(sequence: number): BlockHeader;
  updateAt(sequence: number): CertifiedHeader;
  /** Sequences of the headers that change the set. */
  readonly changes: readonly number[];
  headOf(sequence: number): SnapshotHead;
  /** Chunk that begins at a path in the state after a block; undefined if none begins there. */
  chunkAt(sequence: number, from: Uint8Array): Uint8Array | undefined;
  readonly paths: readonly Uint8Array[];
}

/**
 * Makes a chain whose set changes after the sequences `changes`. `first` is the first of its
 * validators among all keys: chains with other keys are what an attacker can make.
 */
export function createSyncChain(options: {
  readonly length: number;
  readonly changes: readonly number[];
  readonly chunks: number;
  readonly first?: number;
  /** Chain whose headers these headers name as parents: each is a twin of one of its blocks. */
  readonly parents?: SyncChain;
}): SyncChain {
  const { length, changes, chunks, first = 0, parents } = options;
  const sets = Array.from({ length: changes.length + 1 }, (_, turn) => setOf(first + (turn % 3)));
  const before = (sequence: number): ValidatorSet =>
    sets[changes.filter((at) => at < sequence).length] ?? sets[0] ?? pool.set;
  const paths = Array.from({ length: chunks }, (_, at) => pathAt(at, chunks));
  const hashesOf = (sequence: number): Uint8Array =>
    concatBytes(...paths.map((_, at) => sha256(contentOf(sequence, at, first))));
  const genesisHeader = headerOf({
    sequence: 0,
    parent: ZERO_DIGEST,
    set: before(1),
    next: before(1),
  });
  const headers: BlockHeader[] = [genesisHeader];
  for (let at = 1; at <= length; at++) {
    const parent = blockDigest(parents?.headerAt(at - 1) ?? headers[at - 1] ?? genesisHeader);
    const root = sha256(hashesOf(at));
    headers.push(headerOf({ sequence: at, parent, set: before(at), next: before(at + 1), root }));
  }
  const headerAt = (sequence: number): BlockHeader => headers[sequence] ?? genesisHeader;
  const updateAt = (sequence: number): CertifiedHeader => {
    const header = headerAt(sequence);
    const certificate = certifiedByAll(membersOf(before(sequence)), { header });
    const isChange = changes.includes(sequence);
    const nextValidators = isChange ? encodeValidatorSet(before(sequence + 1)) : undefined;
    return { header, certificate, nextValidators };
  };
  return {
    genesis: {
      header: genesisHeader,
      digest: blockDigest(genesisHeader),
      certificate: undefined,
      validators: before(1),
      previousValidators: before(1),
    },
    length,
    headerAt,
    updateAt,
    changes,
    paths,
    headOf: (sequence) => ({
      header: headerAt(sequence),
      certificate: updateAt(sequence).certificate,
      validators: encodeValidatorSet(before(sequence)),
      nextValidators: encodeValidatorSet(before(sequence + 1)),
      leadership: new Uint8Array(),
    }),
    chunkAt(sequence, from) {
      const at = paths.findIndex((path) => equalBytes(path, from));
      if (at < 0) return undefined;
      return concatBytes(from, hashesOf(sequence), contentOf(sequence, at, first));
    },
  };
}

/** Whether a chunk begins at a path and belongs to a state with this root. */
export function isChunkOf(
  { paths }: Pick<SyncChain, "paths">,
  { root, from, chunk }: { root: Uint8Array; from: Uint8Array; chunk: Uint8Array },
): boolean {
  const at = paths.findIndex((path) => equalBytes(path, from));
  const hashes = chunk.slice(PATH_BYTES, PATH_BYTES * (paths.length + 1));
  const content = chunk.slice(PATH_BYTES * (paths.length + 1));
  const wanted = hashes.slice(PATH_BYTES * at, PATH_BYTES * (at + 1));
  return (
    equalBytes(chunk.slice(0, PATH_BYTES), from) &&
    equalBytes(sha256(hashes), root) &&
    equalBytes(sha256(content), wanted)
  );
}

function pathAt(at: number, count: number): Uint8Array {
  const path = new Uint8Array(PATH_BYTES);
  new DataView(path.buffer).setUint32(0, Math.floor((at * 2 ** 32) / count));
  return path;
}

/** A hundred bytes that follow from the state and the chunk. */
function contentOf(sequence: number, at: number, first: number): Uint8Array {
  return sha256(new Uint8Array([sequence >> 8, sequence % 256, at, first, 9]));
}

function setOf(first: number): ValidatorSet {
  return createValidatorSet(pool.set.validators.slice(first, first + 6));
}

function membersOf(set: ValidatorSet): { readonly set: ValidatorSet; readonly members: Member[] } {
  const members = set.validators.flatMap(({ id }) =>
    pool.members.filter((member) => equalBytes(member.id, id)),
  );
  return { set, members };
}

function headerOf(options: {
  readonly sequence: number;
  readonly parent: Digest;
  readonly set: ValidatorSet;
  readonly next: ValidatorSet;
  readonly root?: Uint8Array;
}): BlockHeader {
  const { sequence, parent, set, next, root = new Uint8Array(32) } = options;
  const [proposer] = set.validators;
  if (proposer === undefined) throw new Error("a set has members");
  return {
    version: "v1",
    chain: GENESIS,
    sequence: toSequence(sequence),
    timestamp: toTimestamp(GENESIS_MS + sequence * INTERVAL_MS),
    parent,
    payloadRoot: toRoot(ZERO_DIGEST),
    annexRoot: toRoot(ZERO_DIGEST),
    evidenceRoot: toRoot(ZERO_DIGEST),
    parentCertificateRoot: ZERO_DIGEST,
    validators: set.hash,
    nextValidators: next.hash,
    leadership: ZERO_DIGEST,
    proposer: proposer.id,
    application: root,
  };
}

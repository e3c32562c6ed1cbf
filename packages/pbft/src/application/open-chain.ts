import {
  blockDigest,
  type Digest,
  equalBytes,
  findBodyDefect,
  toSequence,
  type ValidatorSet,
} from "@aethel/models";
import { PbftError } from "../errors.ts";
import { advanceHead, createGenesisHead } from "../plain-chain.ts";
import type { ApplicationHead } from "../ports.ts";
import { hashLeadership } from "../schedule/record.ts";
import type { ChainStore, StoredBlock } from "./chain-store.ts";
import { applyItems, type StateMachine } from "./state-machine.ts";

/** Encoding of a whole state, so that a restart need not apply all blocks again. */
export interface StateCoding<State> {
  /** Writes a whole state. */
  readonly encode: (state: State) => Uint8Array;
  /** Decodes what `encode` returned. Throws for other bytes. */
  readonly decode: (bytes: Uint8Array) => State;
  /** Number of blocks after which the state is saved again. Default: 1,000. */
  readonly everyBlocks?: number;
}

/** State of a chain that was opened: its last block, and the application state after it. */
export interface OpenChain<State> {
  readonly head: ApplicationHead;
  readonly state: State;
  /** Sequence of the saved state; 0 if none is saved. */
  readonly saved: number;
}

/**
 * Opens the chain in a store: decodes the saved state and applies the blocks after it. Compares
 * each resulting root with the one in the block's header. This detects damage as well as a changed
 * state machine.
 * @throws PbftError `CHAIN_DAMAGED` naming the block; `CONFIG` if the stored blocks have another
 * validator set.
 */
export async function openChain<State>(options: {
  readonly genesis: Digest;
  readonly validators: ValidatorSet;
  readonly machine: StateMachine<State>;
  readonly coding: StateCoding<State> | undefined;
  readonly store: ChainStore;
}): Promise<OpenChain<State>> {
  const { genesis, validators, machine, coding, store } = options;
  const application = machine.root(machine.initial);
  const first = createGenesisHead({ genesis, validators, application });
  const { blocks, state: stored } = await store.load();
  const read = (sequence: number): Promise<StoredBlock> => blockAt(options, sequence);
  let head = first;
  let { initial: state } = machine;
  let saved = 0;
  if (stored !== undefined && coding !== undefined && stored.sequence > 0) {
    const { sequence, bytes } = stored;
    saved = sequence;
    head = headOf(await read(sequence), first);
    state = decode(coding, { bytes, sequence });
    if (!equalBytes(machine.root(state), head.header.application)) throw wrongState(sequence);
  }
  for (let sequence = saved + 1; sequence <= blocks; sequence++) {
    const next = await read(sequence);
    const { header, items } = next.finalized.block;
    if (!equalBytes(header.parent, head.digest)) {
      throw damaged(sequence, "it does not follow the block before");
    }
    const applied = applyItems(machine, state, items);
    if (applied.type === "refused") throw damaged(sequence, applied.reason);
    if (!equalBytes(machine.root(applied.state), header.application)) {
      throw damaged(sequence, "its items give another root now");
    }
    ({ state } = applied);
    head = headOf(next, head);
  }
  return { head, state, saved };
}

function headOf({ finalized, leadership }: StoredBlock, before: ApplicationHead): ApplicationHead {
  return { ...advanceHead(before, finalized), leadership };
}

/**
 * Reads a block.
 * @throws PbftError `CHAIN_DAMAGED` if it is missing or not of this chain; `CONFIG` if it has
 * another validator set.
 */
async function blockAt(
  options: {
    readonly genesis: Digest;
    readonly validators: ValidatorSet;
    readonly store: ChainStore;
  },
  sequence: number,
): Promise<StoredBlock> {
  const { genesis, validators, store } = options;
  const stored = await store.block(toSequence(sequence));
  if (stored === undefined) throw damaged(sequence, "it is missing");
  const { finalized, leadership } = stored;
  const { block, certificate } = finalized;
  const { header } = block;
  const isWhole =
    header.sequence === sequence &&
    equalBytes(blockDigest(header), certificate.digest) &&
    equalBytes(hashLeadership(leadership), header.leadership) &&
    findBodyDefect(block) === undefined;
  if (!isWhole) throw damaged(sequence, "its bytes are not those that were final");
  if (!equalBytes(header.chain, genesis)) throw damaged(sequence, "it is of another chain");
  if (equalBytes(header.nextValidators, validators.hash)) return stored;
  const problems = [`validators: another set than in block ${sequence}, which is kept`];
  throw new PbftError({ code: "CONFIG", problems });
}

function decode<State>(
  coding: StateCoding<State>,
  { bytes, sequence }: { readonly bytes: Uint8Array; readonly sequence: number },
): State {
  try {
    return coding.decode(bytes);
  } catch (cause) {
    throw wrongState(sequence, cause);
  }
}

function wrongState(sequence: number, cause?: unknown): PbftError {
  const reason = "the state that was saved is not the one after it";
  const remedy = "remove the saved state: all blocks are applied again";
  const fault = { code: "CHAIN_DAMAGED", sequence, reason, remedy } as const;
  return new PbftError(fault, { cause });
}

function damaged(sequence: number, reason: string): PbftError {
  const remedy =
    "if the state machine changed, run the one of these blocks; else remove the chain store (not the " +
    "signing log): the replica fetches all blocks from its peers";
  return new PbftError({ code: "CHAIN_DAMAGED", sequence, reason, remedy });
}

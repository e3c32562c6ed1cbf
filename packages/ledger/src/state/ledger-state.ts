import type { Tree } from "@aethel/merkle";
import {
  assert,
  type BlockHeader,
  blockDigest,
  ChainParameters,
  type Digest,
  decodeValidatorSet,
  encodeValidatorSet,
  equalBytes,
  ledgerHeader,
  toHex,
  type ValidatorSet,
} from "@aethel/models";
import { LedgerError } from "../errors.ts";
import { Clock, Supply } from "./records.ts";
import { stateKey } from "./state-key.ts";
import type { Coding } from "./state-overlay.ts";

/**
 * State of the ledger after one block: a version of the state tree, with values read from it and
 * facts of the chain. It is immutable. Executing a block returns a new state.
 */
export interface LedgerState {
  /** Genesis hash, which identifies the chain. */
  readonly chain: Digest;
  readonly parameters: ChainParameters;
  readonly tree: Tree;
  /** Header of the last block, and its digest. */
  readonly header: BlockHeader;
  readonly digest: Digest;
  /** Header times up to the last block. */
  readonly clock: Clock;
  /** Set that votes on the next block. */
  readonly votingSet: ValidatorSet;
  /** Set that voted on the last block. That block's certificate is verified against it. */
  readonly previousSet: ValidatorSet;
}

/** Coding of a validator set in the tree. */
export const validatorSetCoding: Coding<ValidatorSet> = {
  encode: encodeValidatorSet,
  decode: decodeValidatorSet,
};

/**
 * Restores a state from a stored tree and the header of its block.
 * @throws LedgerError `STORE_MISMATCH` if the header is of another chain, if the tree has another
 * root than the header, or if a value is missing from the tree.
 */
export function restoreState(options: {
  readonly chain: Digest;
  readonly tree: Tree;
  readonly header: BlockHeader;
}): LedgerState {
  const { chain, tree, header } = options;
  if (!equalBytes(header.chain, chain)) {
    refuse("chain", `is ${toHex(header.chain)}, expected ${toHex(chain)}`);
  }
  const { stateRootAfter } = ledgerHeader(header);
  if (!equalBytes(tree.root, stateRootAfter)) {
    refuse("root", `is ${toHex(tree.root)}, expected ${toHex(stateRootAfter)}`);
  }
  const parameters = ChainParameters.decode(valueAt(tree, stateKey.parameters));
  const votingSet = decodeValidatorSet(valueAt(tree, stateKey.votingSet));
  const previousSet = decodeValidatorSet(valueAt(tree, stateKey.previousSet));
  assert(equalBytes(votingSet.hash, header.nextValidators), "the voting set is the header's next");
  assert(equalBytes(previousSet.hash, header.validators), "the previous set is the header's");
  return {
    chain,
    parameters,
    tree,
    header,
    digest: blockDigest(header),
    clock: restoreClock(tree),
    votingSet,
    previousSet,
  };
}

/** Reads the header times of a state. */
export function restoreClock(tree: Tree): Clock {
  return Clock.decode(valueAt(tree, stateKey.clock));
}

/** Reads the supply record of a state. */
export function supplyOf(tree: Tree): Supply {
  return Supply.decode(valueAt(tree, stateKey.supply));
}

/** Returns the number of micro-tokens that exist: genesis + minted - burned. */
export function totalSupply(supply: Supply): bigint {
  return supply.genesis + supply.minted - supply.burned;
}

function valueAt(tree: Tree, key: Uint8Array): Uint8Array {
  const value = tree.get(key);
  return value ?? refuse("state", `the key ${toHex(key)} is missing`);
}

function refuse(what: string, reason: string): never {
  throw new LedgerError({ code: "STORE_MISMATCH", what, reason });
}

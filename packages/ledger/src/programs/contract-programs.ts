import { assert, type Digest, equalBytes } from "@aethel/models";
import {
  compileContract,
  contractIntentDigest,
  type TypedContract,
  type TypedIntent,
} from "@aethel/verifier";
import { createByteCache } from "../collections/byte-cache.ts";
import { keyName } from "../collections/key-name.ts";
import type { ContractIntentRecord, ContractRecord } from "../state/contract-records.ts";
import type { PublishedIntent } from "../state/contracts.ts";
import { type ContractInterface, intentRecord, interfaceOfIntent } from "./contract-interface.ts";

/** Program that a call can run: an intent of a contract, which is proved as a whole. */
export interface ContractProgram extends ContractInterface {
  /** Digest by which a call names the intent. */
  readonly digest: Digest;
  readonly contract: TypedContract;
  readonly intent: TypedIntent;
}

/** Cache of compiled contracts. What is cached changes only the speed of its methods. */
export interface ContractPrograms {
  /**
   * Returns the compiled contract of a record from the cache, or compiles it. `contract`: the
   * digest in the record's key.
   */
  contractOf(contract: Digest, record: Pick<ContractRecord, "canonical">): TypedContract;
  /**
   * Returns the program of a published intent from the cache, or compiles its contract. Only for
   * calls that are charged for loading the contract.
   */
  load(published: PublishedIntent): ContractProgram;
  /**
   * Returns the cached program of an intent; undefined if its contract is not cached. Compiles
   * nothing, and does not count as a use of the entry.
   */
  remembered(published: ContractIntentRecord): ContractProgram | undefined;
  /**
   * Whether a contract can be compiled again from its canonical text. If it can, the contract is
   * cached.
   */
  isStorable(contract: TypedContract): boolean;
}

/**
 * Bytes of memory that a compiled contract takes for each byte of its canonical text. Measured on
 * the library: 44 to 53, and 66 to 71 once each of its intents was called.
 */
const BYTES_OF_TEXT = 72;

/** Compiled contract with the programs of its intents. */
interface Compiled {
  readonly contract: TypedContract;
  readonly programs: readonly ContractProgram[];
}

/** Creates an empty cache of contracts. `bytesMax`: most bytes of memory that they take. */
export function createContractPrograms({
  bytesMax,
}: {
  readonly bytesMax: number;
}): ContractPrograms {
  const known = createByteCache<Compiled>({ bytesMax });
  const remember = (contract: TypedContract): Compiled => {
    const programs = contract.intents.map((_, index) => programOf(contract, index));
    const compiled = { contract, programs };
    known.set(keyName(contract.digest), compiled, BYTES_OF_TEXT * contract.canonical.length);
    return compiled;
  };
  const compiledOf = (digest: Digest, canonical: () => Uint8Array): Compiled => {
    const found = known.get(keyName(digest));
    if (found !== undefined) return found;
    const result = compileContract(canonical());
    assert(result.type === "contract", "a stored contract compiles");
    assert(equalBytes(result.contract.digest, digest), "a stored contract is the one of its key");
    return remember(result.contract);
  };
  return {
    contractOf: (digest, { canonical }) => compiledOf(digest, () => canonical).contract,
    load: ({ contract, index, canonical }) => {
      const program = compiledOf(contract, canonical).programs[index];
      assert(program !== undefined, "a recorded intent is one of its contract");
      return program;
    },
    remembered: ({ contract, index }) => known.peek(keyName(contract))?.programs[index],
    isStorable: ({ canonical, digest }) => {
      if (known.get(keyName(digest)) !== undefined) return true;
      const again = compileContract(canonical);
      if (again.type !== "contract" || !equalBytes(again.contract.digest, digest)) return false;
      remember(again.contract);
      return true;
    },
  };
}

function programOf(contract: TypedContract, index: number): ContractProgram {
  const intent = contract.intents[index];
  assert(intent !== undefined, "an index of a list");
  const digest = contractIntentDigest(contract.digest, intent.name);
  return { ...interfaceOfIntent(intentRecord(contract, index)), digest, contract, intent };
}

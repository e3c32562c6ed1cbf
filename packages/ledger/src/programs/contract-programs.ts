import { assert, type Digest, equalBytes } from "@aethel/models";
import {
  type ContractParameter,
  compileContract,
  contractIntentDigest,
  type TypedContract,
  type TypedIntent,
} from "@aethel/verifier";
import { createByteCache } from "../collections/byte-cache.ts";
import { keyName } from "../collections/key-name.ts";
import { growthOfIntent, type IntentGrowth, sureWorkOfIntent } from "../metering/contract-work.ts";
import type { SureWork } from "../metering/least-run.ts";
import { cellBytes } from "../state/contract-codings.ts";
import type { ContractRecord } from "../state/contract-records.ts";
import type { PublishedIntent } from "../state/contracts.ts";

/** Program that a call can run: an intent of a contract, which is proved as a whole. */
export interface ContractProgram extends IntentGrowth {
  readonly kind: "contract";
  /** Name of the contract and of the intent, such as `escrow.open`. */
  readonly name: string;
  /** Digest by which a call names the intent. */
  readonly digest: Digest;
  readonly contract: TypedContract;
  readonly intent: TypedIntent;
  readonly parameters: readonly ContractParameter[];
  /** Least work of every complete call. */
  readonly sure: SureWork;
}

/** Name, parameters and bounds of an intent of a contract. */
export type ContractInterface = Omit<ContractProgram, "contract" | "intent">;

/** Cache of compiled contracts. What is cached changes only the speed of its methods. */
export interface ContractPrograms {
  /**
   * Returns the compiled contract of a record from the cache, or compiles it. `contract`: the
   * digest in the record's key.
   */
  contractOf(contract: Digest, record: Pick<ContractRecord, "canonical">): TypedContract;
  /** Returns the program of a published intent from the cache, or compiles its contract. */
  load(published: PublishedIntent): ContractProgram;
  /**
   * Returns the interface of a published intent. The cache has space for many more interfaces than
   * compiled contracts.
   */
  interfaceOf(published: PublishedIntent): ContractInterface;
  /**
   * Returns the cached program of an intent; if only its interface is cached, the interface; if
   * neither, undefined. Compiles nothing, and does not count as a use of the entry.
   */
  remembered(published: PublishedIntent): ContractProgram | ContractInterface | undefined;
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

/** Estimated bytes of memory of an interface, and of each of its parameters. */
const INTERFACE_BYTES = 400;

const PARAMETER_BYTES = 200;

/** Compiled contract with the programs of its intents. */
interface Compiled {
  readonly contract: TypedContract;
  readonly programs: readonly ContractProgram[];
}

/** Creates an empty cache of contracts, with the most bytes of contracts and of interfaces. */
export function createContractPrograms(limits: {
  readonly bytesMax: number;
  readonly interfaceBytesMax: number;
}): ContractPrograms {
  const known = createByteCache<Compiled>({ bytesMax: limits.bytesMax });
  const interfaces = createByteCache<ContractInterface>({ bytesMax: limits.interfaceBytesMax });
  const remember = (contract: TypedContract): Compiled => {
    const programs = contract.intents.map((intent) => programOf(contract, intent));
    const compiled = { contract, programs };
    known.set(keyName(contract.digest), compiled, BYTES_OF_TEXT * contract.canonical.length);
    for (const [index, { contract: _, intent: __, ...shown }] of programs.entries()) {
      const bytes = INTERFACE_BYTES + shown.parameters.length * PARAMETER_BYTES;
      interfaces.set(nameOf({ contract: contract.digest, index }), shown, bytes);
    }
    return compiled;
  };
  const compiledOf = (
    digest: Digest,
    { canonical }: Pick<ContractRecord, "canonical">,
  ): Compiled => {
    const found = known.get(keyName(digest));
    if (found !== undefined) return found;
    const result = compileContract(canonical);
    assert(result.type === "contract", "a stored contract compiles");
    assert(equalBytes(result.contract.digest, digest), "a stored contract is the one of its key");
    return remember(result.contract);
  };
  const load: ContractPrograms["load"] = ({ contract, index, record }) => {
    const program = compiledOf(contract, record).programs[index];
    assert(program !== undefined, "a recorded intent is one of its contract");
    return program;
  };
  return {
    contractOf: (digest, record) => compiledOf(digest, record).contract,
    load,
    interfaceOf: (published) => interfaces.get(nameOf(published)) ?? load(published),
    remembered: (published) =>
      known.peek(keyName(published.contract))?.programs[published.index] ??
      interfaces.peek(nameOf(published)),
    isStorable: ({ canonical, digest }) => {
      if (known.get(keyName(digest)) !== undefined) return true;
      const again = compileContract(canonical);
      if (again.type !== "contract" || !equalBytes(again.contract.digest, digest)) return false;
      remember(again.contract);
      return true;
    },
  };
}

function nameOf({ contract, index }: Pick<PublishedIntent, "contract" | "index">): string {
  return `${keyName(contract)} ${index}`;
}

function programOf(contract: TypedContract, intent: TypedIntent): ContractProgram {
  const bytesOf = (name: string): number => {
    const map = contract.maps.find((one) => one.name === name);
    assert(map !== undefined, "a checked map is declared");
    return cellBytes(map);
  };
  return {
    kind: "contract",
    name: `${contract.name}.${intent.name}`,
    digest: contractIntentDigest(contract.digest, intent.name),
    contract,
    intent,
    parameters: intent.parameters,
    ...growthOfIntent(intent, bytesOf),
    sure: sureWorkOfIntent(intent),
  };
}

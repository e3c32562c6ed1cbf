import { assert, type Digest, equalBytes } from "@aethel/models";
import {
  type CompiledBatch,
  type CompiledIntent,
  compileSource,
  type DeclaredAsset,
  type TypedParameter,
} from "@aethel/verifier";
import { createByteCache } from "../collections/byte-cache.ts";
import { keyName } from "../collections/key-name.ts";
import { growthOfRun } from "../metering/growth.ts";
import { type SureWork, sureWorkOf } from "../metering/least-run.ts";
import type { IntentRecord } from "../state/records.ts";
import {
  type ContractProgram,
  type ContractPrograms,
  createContractPrograms,
} from "./contract-programs.ts";
import { systemActionOf } from "./system-intents.ts";

/** Program that a call can run: plain intents, or an intent of a contract. */
export type AnyProgram = Program | ContractProgram;

/** Program of plain intents: one intent, or an atomic batch of intents in order. */
export interface Program {
  readonly kind: "intents";
  readonly name: string;
  readonly digest: Digest;
  readonly canonical: string;
  /**
   * Parameters of a call. Those of a batch are named `member.parameter`, in the order of its
   * members.
   */
  readonly parameters: readonly TypedParameter[];
  readonly steps: readonly CompiledIntent[];
  /**
   * Index of each step among the intents of the source. The certificate of a source has the same
   * order.
   */
  readonly places: readonly number[];
  readonly assets: readonly DeclaredAsset[];
  /** Most bytes by which one run of the program can grow the state. */
  readonly growth: number;
  /** Least work of every complete run of the program. */
  readonly sure: SureWork;
  /**
   * Whether a call of the program must be the only one of its transaction: the program writes stake,
   * or the ledger performs an action for it.
   */
  readonly isAlone: boolean;
}

/** Name, parameters and bounds of a program of plain intents. */
export type Interface = Pick<
  Program,
  "kind" | "name" | "parameters" | "growth" | "sure" | "isAlone"
>;

/**
 * Cache of compiled programs and of their interfaces. What is cached changes only the speed of its
 * methods, except for `remembered`.
 */
export interface Programs {
  /** Compiled contracts. */
  readonly contracts: ContractPrograms;
  /**
   * Returns the interface of a program. The cache has space for many more interfaces than compiled
   * programs. So a call that does not fit its program, and is refused without a fee, rarely causes
   * a compilation, and `submitCost` counts it.
   */
  interfaceOf(digest: Digest, record: Pick<IntentRecord, "canonical" | "origin">): Interface;
  /**
   * Returns the cached program; if only its interface is cached, the interface; if neither,
   * undefined. Compiles nothing, and does not count as a use of the entry.
   */
  remembered(digest: Digest): Program | Interface | undefined;
  /** Returns the program with this digest from the cache, or compiles it from its record. */
  load(digest: Digest, record: Pick<IntentRecord, "canonical" | "origin">): Program;
  /**
   * Whether a program can be compiled from its canonical text, which may be longer or nested deeper
   * than its source and so exceed the limits of the language. If it can, the program is cached.
   */
  isStorable(program: Program, origin: IntentRecord["origin"]): boolean;
  /**
   * Compiles a source that the Judge accepted. Returns its programs: first the intents that are in
   * no batch, then the batches.
   */
  compile(source: Uint8Array, origin: IntentRecord["origin"]): readonly Program[];
}

/** Bytes of memory that a compiled program takes for each byte of its canonical text (measured). */
const BYTES_OF_TEXT = 64;

/**
 * Most bytes of compiled programs in memory, for intents and for contracts each. The least recently
 * used is dropped first.
 */
const PROGRAM_BYTES_MAX = 128 * 1024 * 1024;

/**
 * Estimated bytes of memory of an interface. `PARAMETER_BYTES`: bytes for each parameter, and for
 * each store in `sure`.
 */
const INTERFACE_BYTES = 400;

const PARAMETER_BYTES = 200;

/**
 * Most bytes of interfaces in memory. This is enough for thousands of the largest programs, and
 * publishing each of them costs a fee.
 */
const INTERFACE_BYTES_MAX = 32 * 1024 * 1024;

/**
 * Creates an empty cache. `bytesMax` limits the bytes of compiled intents, and separately those of
 * contracts. Default: 128 MiB.
 */
export function createPrograms({
  bytesMax = PROGRAM_BYTES_MAX,
}: {
  readonly bytesMax?: number;
} = {}): Programs {
  const known = createByteCache<Program>({ bytesMax });
  const interfaces = createByteCache<Interface>({ bytesMax: INTERFACE_BYTES_MAX });
  const remember = (digest: Digest, program: Program): void => {
    known.set(keyName(digest), program, BYTES_OF_TEXT * program.canonical.length);
    const { kind, name, parameters, growth, sure, isAlone } = program;
    const parts = parameters.length + sure.stores.length;
    const bytes = INTERFACE_BYTES + parts * PARAMETER_BYTES;
    interfaces.set(keyName(digest), { kind, name, parameters, growth, sure, isAlone }, bytes);
  };
  const load: Programs["load"] = (digest, record) => {
    const found = known.get(keyName(digest));
    if (found !== undefined) return found;
    const program = compileRecord(digest, record);
    remember(digest, program);
    return program;
  };
  const contracts = createContractPrograms({ bytesMax });
  return {
    contracts,
    load,
    remembered: (digest) => known.peek(keyName(digest)) ?? interfaces.peek(keyName(digest)),
    interfaceOf: (digest, record) => interfaces.get(keyName(digest)) ?? load(digest, record),
    isStorable: ({ canonical, digest }, origin) => {
      if (known.get(keyName(digest)) !== undefined) return true;
      const [again, ...more] = compiledPrograms(canonical, origin) ?? [];
      if (again === undefined || more.length > 0) return false;
      if (!equalBytes(again.digest, digest)) return false;
      remember(digest, again);
      return true;
    },
    compile: compileOrigin,
  };
}

function compileRecord(
  digest: Digest,
  record: Pick<IntentRecord, "canonical" | "origin">,
): Program {
  const [program] = compileOrigin(record.canonical, record.origin);
  assert(program !== undefined, "a stored intent compiles");
  assert(equalBytes(program.digest, digest), "a stored intent is the one of its key");
  return program;
}

function compileOrigin(source: Uint8Array, origin: IntentRecord["origin"]): readonly Program[] {
  const programs = compiledPrograms(source, origin);
  assert(programs !== undefined, "what the Judge accepted compiles");
  return programs;
}

function compiledPrograms(
  source: Uint8Array | string,
  origin: IntentRecord["origin"],
): readonly Program[] | undefined {
  const compiled = compileSource(source, { privileged: origin === "genesis" });
  if (!compiled.ok) return undefined;
  const { intents, batches } = compiled;
  const alone = intents.filter((intent) => intent.batch === undefined);
  return [
    ...alone.map((intent) => programOfIntent(intent, intents)),
    ...batches.map((batch) => programOfBatch(batch, intents)),
  ];
}

function programOfIntent(intent: CompiledIntent, all: readonly CompiledIntent[]): Program {
  const { name, digest, canonical, parameters, assets } = intent;
  const places = [all.indexOf(intent)];
  const steps = [intent];
  const runs = boundsOf(digest, steps);
  return { kind: "intents", name, digest, canonical, parameters, assets, steps, places, ...runs };
}

/** Computes what is known of every run of a program. */
function boundsOf(
  digest: Digest,
  steps: readonly CompiledIntent[],
): Pick<Program, "growth" | "sure" | "isAlone"> {
  const writesStake = steps.some(({ writes }) => writes.some(({ field }) => field === "stake"));
  const isAlone = writesStake || systemActionOf(digest) !== undefined;
  return { growth: growthOfRun(steps), sure: sureWorkOf(steps), isAlone };
}

function programOfBatch(batch: CompiledBatch, all: readonly CompiledIntent[]): Program {
  const { name, digest, canonical, parameters, members } = batch;
  const assets = members.flatMap((member) => member.assets);
  const places = members.map((member) => all.indexOf(member));
  const runs = boundsOf(digest, members);
  return {
    kind: "intents",
    name,
    digest,
    canonical,
    parameters,
    assets,
    steps: members,
    places,
    ...runs,
  };
}

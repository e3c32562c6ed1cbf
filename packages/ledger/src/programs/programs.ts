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

/** Program that can run: one intent, or the members of an atomic batch in order. */
export interface Program {
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
   * For each step, its index among the intents of the source. The certificates of a source have the
   * same order.
   */
  readonly places: readonly number[];
  readonly assets: readonly DeclaredAsset[];
  /** Most bytes by which one run can grow the state. */
  readonly growth: number;
  /** Work that every complete run needs at least. */
  readonly sure: SureWork;
}

/** Name, parameters and bounds of a program. */
export type Interface = Pick<Program, "name" | "parameters" | "growth" | "sure">;

/**
 * Cache of compiled programs and of their interfaces. Except for `remembered`, its answers do not
 * depend on what is cached.
 */
export interface Programs {
  /**
   * Returns the interface of a program. Many more interfaces than compiled programs are cached. So
   * a call that does not fit its program, and pays nothing, rarely causes a compilation.
   */
  interfaceOf(digest: Digest, record: Pick<IntentRecord, "canonical" | "origin">): Interface;
  /**
   * Returns the program if it is cached, else its interface if that is cached, else undefined.
   * Nothing is compiled, and the lookup does not count as a use.
   */
  remembered(digest: Digest): Program | Interface | undefined;
  /** Returns the program with this digest, from the cache or compiled from its record. */
  load(digest: Digest, record: Pick<IntentRecord, "canonical" | "origin">): Program;
  /**
   * Whether a program can be compiled from its canonical text, which may be longer or nested deeper
   * than its source. If so, the program is cached for later calls.
   */
  isStorable(program: Program, origin: IntentRecord["origin"]): boolean;
  /**
   * Compiles a source that the Judge accepted. Returns its programs: the intents outside batches,
   * then the batches.
   */
  compile(source: Uint8Array, origin: IntentRecord["origin"]): readonly Program[];
}

/** Bytes of memory that a compiled program takes for each byte of its canonical text (measured). */
const BYTES_OF_TEXT = 64;

/** Most bytes of compiled programs in memory. The least recently used is dropped first. */
const PROGRAM_BYTES_MAX = 128 * 1024 * 1024;

/**
 * Bytes of memory of an interface (estimated). `PARAMETER_BYTES`: of each parameter, and of each
 * store in `sure`.
 */
const INTERFACE_BYTES = 400;

const PARAMETER_BYTES = 200;

/**
 * Most bytes of interfaces in memory. That is enough for thousands of the largest programs, and it
 * costs tokens to publish each.
 */
const INTERFACE_BYTES_MAX = 32 * 1024 * 1024;

/** Creates an empty cache. `bytesMax`: most bytes of compiled programs. Default: 128 MiB. */
export function createPrograms({
  bytesMax = PROGRAM_BYTES_MAX,
}: {
  readonly bytesMax?: number;
} = {}): Programs {
  const known = createByteCache<Program>({ bytesMax });
  const interfaces = createByteCache<Interface>({ bytesMax: INTERFACE_BYTES_MAX });
  const remember = (digest: Digest, program: Program): void => {
    known.set(keyName(digest), program, BYTES_OF_TEXT * program.canonical.length);
    const { name, parameters, growth, sure } = program;
    const parts = parameters.length + sure.stores.length;
    const bytes = INTERFACE_BYTES + parts * PARAMETER_BYTES;
    interfaces.set(keyName(digest), { name, parameters, growth, sure }, bytes);
  };
  const load: Programs["load"] = (digest, record) => {
    const found = known.get(keyName(digest));
    if (found !== undefined) return found;
    const program = compileRecord(digest, record);
    remember(digest, program);
    return program;
  };
  return {
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
  const runs = { growth: growthOfRun(steps), sure: sureWorkOf(steps) };
  return { name, digest, canonical, parameters, assets, steps, places, ...runs };
}

function programOfBatch(batch: CompiledBatch, all: readonly CompiledIntent[]): Program {
  const { name, digest, canonical, parameters, members } = batch;
  const assets = members.flatMap((member) => member.assets);
  const places = members.map((member) => all.indexOf(member));
  const runs = { growth: growthOfRun(members), sure: sureWorkOf(members) };
  return { name, digest, canonical, parameters, assets, steps: members, places, ...runs };
}

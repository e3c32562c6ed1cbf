import { assert, type Digest, equalBytes } from "@aethel/models";
import {
  type CompiledBatch,
  type CompiledIntent,
  compileSource,
  type DeclaredAsset,
  type TypedParameter,
} from "@aethel/verifier";
import { keyName } from "./key-name.ts";
import type { IntentRecord } from "./state-layout.ts";

/** What an invoke runs: an intent, or the members of an atomic batch in their order. */
export interface Program {
  readonly name: string;
  readonly digest: Digest;
  readonly canonical: string;
  /** What a call has to give; of a batch, `member.parameter` for all members in their order. */
  readonly parameters: readonly TypedParameter[];
  readonly steps: readonly CompiledIntent[];
  /** Places of the steps among the intents of the source: where their certificates stand. */
  readonly places: readonly number[];
  readonly assets: readonly DeclaredAsset[];
}

/** Gives runnable programs for what the state holds. Remembers; never changes what it answers. */
export interface Programs {
  /** The program with this digest, compiled from its record. */
  load(digest: Digest, record: IntentRecord): Program;
  /**
   * Whether a program survives storage: its canonical text may be longer or nested deeper than
   * the source it came from, and then it would not compile again.
   */
  isStorable(program: Program, origin: IntentRecord["origin"]): boolean;
  /** What a source publishes: the intents that stand in no batch, then the batches. */
  compile(source: Uint8Array, origin: IntentRecord["origin"]): readonly Program[];
}

/** Compiled programs kept in memory; the oldest goes first. */
const PROGRAMS_MAX = 4_096;

/** A memory of compiled programs. */
export function createPrograms(): Programs {
  const known = new Map<string, Program>();
  return {
    load: (digest, record) => {
      const name = keyName(digest);
      const program = known.get(name) ?? compileRecord(digest, record);
      if (!known.has(name)) remember(known, name, program);
      return program;
    },
    isStorable: ({ canonical, digest }, origin) => {
      const [again, ...more] = compiledPrograms(canonical, origin) ?? [];
      return again !== undefined && more.length === 0 && equalBytes(again.digest, digest);
    },
    compile: compileOrigin,
  };
}

function compileRecord(digest: Digest, record: IntentRecord): Program {
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
  return { name, digest, canonical, parameters, assets, steps: [intent], places };
}

function programOfBatch(batch: CompiledBatch, all: readonly CompiledIntent[]): Program {
  const { name, digest, canonical, parameters, members } = batch;
  const assets = members.flatMap((member) => member.assets);
  const places = members.map((member) => all.indexOf(member));
  return { name, digest, canonical, parameters, assets, steps: members, places };
}

function remember(known: Map<string, Program>, name: string, program: Program): void {
  if (known.size >= PROGRAMS_MAX) {
    const [oldest] = known.keys();
    if (oldest !== undefined) known.delete(oldest);
  }
  known.set(name, program);
}

import { assert, type Digest, equalBytes, toHex } from "@aethel/models";
import { type CompiledIntent, compileSource } from "@aethel/verifier";
import type { IntentRecord } from "./state-layout.ts";

/** Gives runnable intents for what the state holds. Remembers; never changes what it answers. */
export interface Programs {
  /** The intent with this digest, compiled from its record. */
  load(digest: Digest, record: IntentRecord): CompiledIntent;
  /**
   * Whether an intent survives storage: its canonical text may be longer or nested deeper than
   * the source it came from, and then it would not compile again.
   */
  isStorable(program: CompiledIntent, origin: IntentRecord["origin"]): boolean;
  /** The intents of a source that the Judge accepted. */
  compile(source: Uint8Array, origin: IntentRecord["origin"]): readonly CompiledIntent[];
}

/** Compiled intents kept in memory; the oldest goes first. */
const PROGRAMS_MAX = 4_096;

/** A memory of compiled intents. */
export function createPrograms(): Programs {
  const known = new Map<string, CompiledIntent>();
  return {
    load: (digest, record) => {
      const name = toHex(digest);
      const program = known.get(name) ?? compileRecord(digest, record);
      if (!known.has(name)) remember(known, name, program);
      return program;
    },
    isStorable: ({ canonical, digest }, origin) => {
      const compiled = compileSource(canonical, { privileged: origin === "genesis" });
      const [again, ...more] = compiled.ok ? compiled.intents : [];
      return again !== undefined && more.length === 0 && equalBytes(again.digest, digest);
    },
    compile: compileOrigin,
  };
}

function compileRecord(digest: Digest, record: IntentRecord): CompiledIntent {
  const [program] = compileOrigin(record.canonical, record.origin);
  assert(program !== undefined, "a stored intent compiles");
  assert(equalBytes(program.digest, digest), "a stored intent is the one of its key");
  return program;
}

function compileOrigin(
  source: Uint8Array,
  origin: IntentRecord["origin"],
): readonly CompiledIntent[] {
  const compiled = compileSource(source, { privileged: origin === "genesis" });
  assert(compiled.ok, "what the Judge accepted compiles");
  return compiled.intents;
}

function remember(known: Map<string, CompiledIntent>, name: string, program: CompiledIntent): void {
  if (known.size >= PROGRAMS_MAX) {
    const [oldest] = known.keys();
    if (oldest !== undefined) known.delete(oldest);
  }
  known.set(name, program);
}

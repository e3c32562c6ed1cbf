import { type Digest, sha256 } from "@aethel/models/primitives";
import {
  type CheckedIntent,
  checkModule,
  type TypedParameter,
} from "../../language/check/check.ts";
import { parseSource } from "../../language/parse/parse.ts";
import { printAssets, printBatch, printIntent } from "../../language/print/print.ts";
import type { DeclaredAsset } from "../../language/syntax/assets.ts";
import type { Diagnostic } from "../../language/syntax/diagnostic.ts";
import type { Intent } from "../../language/syntax/syntax.ts";
import { type Write, writeSetOf } from "./write-set.ts";

/** Options of `compileSource`. */
export interface CompileOptions {
  /**
   * Whether the source comes from the genesis file. Only then may its intents write stake. Default:
   * false.
   */
  readonly privileged?: boolean;
}

/** Intent that is well formed and typed. Nothing is proved about it yet. */
export interface CompiledIntent extends CheckedIntent {
  readonly name: string;
  readonly parameters: readonly TypedParameter[];
  /** Syntax tree in which constants are replaced by their values. */
  readonly intent: Intent;
  /**
   * Canonical text. It is equal for programs that differ only in layout, comments or names of
   * constants. It declares the assets that it uses, so it can be compiled on its own.
   */
  readonly canonical: string;
  /** SHA-256 of the canonical text in UTF-8, which identifies the intent. */
  readonly digest: Digest;
  /** Declared assets that the intent reads or writes, ordered by name. */
  readonly assets: readonly DeclaredAsset[];
  /**
   * Fields that the intent may write, derived by the Judge. The ledger checks at execution that no
   * others are written.
   */
  readonly writes: readonly Write[];
  /** Whether the intent writes stake, which only intents of the genesis file may do. */
  readonly privileged: boolean;
}

/**
 * Atomic batch. Its members run in order, each on the state that the previous one left. Either all
 * of them apply or none does. Every member is proved for all states, so the batch itself needs no
 * proof.
 */
export interface CompiledBatch {
  readonly name: string;
  /** Members in the order in which they run. A member cannot be called alone. */
  readonly members: readonly CompiledIntent[];
  /** Parameters of all members in order, named `member.parameter`. */
  readonly parameters: readonly TypedParameter[];
  /** Canonical text: the declared assets, then the batch. */
  readonly canonical: string;
  /** SHA-256 of the canonical text in UTF-8, which identifies the batch. */
  readonly digest: Digest;
}

/** Result of compiling a source: its intents and batches, or all diagnostics. */
export type CompileResult =
  | {
      readonly ok: true;
      /** All intents of the source, including members of batches. */
      readonly intents: readonly CompiledIntent[];
      readonly batches: readonly CompiledBatch[];
    }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/**
 * Parses and checks a source, and computes the digests of its intents. A pure function: any bytes
 * give the same intents or diagnostics on every machine.
 */
export function compileSource(
  source: Uint8Array | string,
  options: CompileOptions = {},
): CompileResult {
  const parsed = parseSource(source);
  if (!parsed.ok) return parsed;
  const checked = checkModule(parsed.module, { privileged: options.privileged ?? false });
  if (!checked.ok) return checked;
  const intents = checked.intents.map(compileIntent);
  const batches = parsed.module.items
    .filter((item) => item.type === "batch")
    .map(({ name }) => compileBatch(name.text, intents));
  return { ok: true, intents, batches };
}

function compileBatch(name: string, intents: readonly CompiledIntent[]): CompiledBatch {
  const members = intents.filter((intent) => intent.batch === name);
  const assets = new Map(members.flatMap((one) => one.assets.map((asset) => [asset.name, asset])));
  const names = [...assets.keys()].toSorted((left, right) => (left < right ? -1 : 1));
  const declarations = printAssets(names.flatMap((asset) => assets.get(asset) ?? []));
  const text = printBatch(
    name,
    members.map((member) => member.intent),
  );
  const parameters = members.flatMap((member) =>
    member.parameters.map((one) => ({ ...one, name: `${member.name}.${one.name}` })),
  );
  return { name, members, parameters, ...identify(`${declarations}${text}`) };
}

/** Returns a canonical text together with its digest. */
function identify(canonical: string): { readonly canonical: string; readonly digest: Digest } {
  return { canonical, digest: sha256(new TextEncoder().encode(canonical)) };
}

function compileIntent(checked: CheckedIntent): CompiledIntent {
  const writes = writeSetOf(checked);
  return {
    ...checked,
    name: checked.intent.name.text,
    // Without the declarations two intents on assets of different issuers would have one name.
    ...identify(`${printAssets(checked.assets)}${printIntent(checked.intent)}`),
    writes,
    privileged: writes.some((write) => write.field === "stake"),
  };
}

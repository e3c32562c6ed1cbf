import { registerHooks } from "node:module";
import type * as Pbft from "@aethel/pbft";
import { applyEdits, locateEdits, type PatchedFile } from "./patch.ts";
import type { WrongEngine } from "./wrong-engine.ts";

/** Exports of an engine, right or wrong. */
export type Engine = typeof Pbft;

const patches = new Map<string, readonly PatchedFile[]>();
const INDEX = new URL("../../../pbft/src/index.ts", import.meta.url).href;

// An engine's modules carry its name in their addresses, so each engine has modules of its own; the
// packages below are shared.
registerHooks({
  resolve(specifier, context, nextResolve) {
    const resolved = nextResolve(specifier, context);
    const name = engineOf(context.parentURL);
    if (name === undefined || !specifier.startsWith(".")) return resolved;
    return { ...resolved, url: `${resolved.url.split("?")[0]}?engine=${name}` };
  },
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const files = patches.get(engineOf(url) ?? "") ?? [];
    const file = files.find((each) => each.url === url.split("?")[0]);
    if (file === undefined) return loaded;
    const text = new TextDecoder().decode(bytesOf(loaded.source));
    return { ...loaded, source: applyEdits(text, file.edits) };
  },
});

/** Loads the production engine with some of its text changed. Only in a plain Node process. */
export async function loadEngine({
  name,
  edits,
}: Pick<WrongEngine, "name" | "edits">): Promise<Engine> {
  patches.set(name, locateEdits(edits));
  const engine: Engine = await import(`${INDEX}?engine=${name}`);
  return engine;
}

function engineOf(url: string | undefined): string | undefined {
  return url === undefined ? undefined : /\?engine=([a-z-]+)$/.exec(url)?.[1];
}

function bytesOf(source: unknown): Uint8Array {
  if (typeof source === "string") return new TextEncoder().encode(source);
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  throw new TypeError("a module has a text");
}

import { concatBytes, sha256, toHex } from "@aethel/models/primitives";
import { KERNEL_VERSION } from "../kernel/index.ts";
import { PROVER_VERSION } from "../prover/index.ts";
import type { Judged, JudgePayload, Rejected } from "./judgement.ts";
import { JUDGE_VERSION } from "./limits.ts";

/** Judgements by what they are a pure function of; the least recently used is dropped first. */
export interface VerdictCache {
  readonly get: (key: string) => Judged | Rejected | undefined;
  readonly set: (key: string, judgement: Judged | Rejected) => void;
}

/** `sha256(versions | kind | privileged | limit | bytes)`: nothing else decides a verdict. */
export function verdictKey(payload: JudgePayload, resourceLimit: number): string {
  const head = new Uint8Array(24);
  const view = new DataView(head.buffer);
  view.setUint32(0, JUDGE_VERSION);
  view.setUint8(4, payload.type === "theorem" ? 0 : 1);
  view.setUint8(5, payload.type === "publish" && payload.privileged === true ? 1 : 0);
  view.setBigUint64(8, BigInt(resourceLimit));
  view.setUint32(16, KERNEL_VERSION);
  view.setUint32(20, PROVER_VERSION);
  const bytes = payload.type === "theorem" ? payload.script : payload.source;
  return toHex(sha256(concatBytes(head, bytes)));
}

/** A cache of at most `entriesMax` judgements. */
export function createVerdictCache(entriesMax: number): VerdictCache {
  const entries = new Map<string, Judged | Rejected>();
  return {
    get: (key) => {
      const found = entries.get(key);
      if (found === undefined) return undefined;
      // A Map keeps the order of insertion, so inserting again makes it the youngest.
      entries.delete(key);
      entries.set(key, found);
      return found;
    },
    set: (key, judgement) => {
      entries.delete(key);
      entries.set(key, judgement);
      const oldest = entries.keys().next();
      if (entries.size > entriesMax && oldest.done !== true) entries.delete(oldest.value);
    },
  };
}

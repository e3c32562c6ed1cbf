import { concatBytes, sha256, toHex } from "@aethel/models/primitives";
import type { Judged, JudgePayload, Rejected } from "../judgement.ts";
import { KERNEL_VERSION } from "../kernel/index.ts";
import { JUDGE_VERSION } from "../limits.ts";
import { PROVER_VERSION } from "../prover/index.ts";

/** Cache of judgements, by key (`verdictKey`). It drops the least recently used ones first. */
export interface VerdictCache {
  readonly get: (key: string) => Judged | Rejected | undefined;
  readonly set: (key: string, judgement: Judged | Rejected) => void;
}

/**
 * Returns the SHA-256 hash, in hexadecimal, of everything that decides a verdict: the versions of
 * Judge, kernel and prover, the kind of payload, its options, the limit and the bytes.
 */
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

/** Limits of a cache. */
export interface CacheLimits {
  readonly entriesMax: number;
  /** Greatest size of all judgements together, in bytes as `weightOf` counts them. */
  readonly bytesMax: number;
}

/** Creates a cache that is limited in number and size of judgements. */
export function createVerdictCache({ entriesMax, bytesMax }: CacheLimits): VerdictCache {
  const entries = new Map<string, Judged | Rejected>();
  let bytes = 0;

  function remove(key: string): void {
    const known = entries.get(key);
    if (known === undefined) return;
    entries.delete(key);
    bytes -= weightOf(known);
  }

  return {
    get: (key) => {
      const found = entries.get(key);
      if (found === undefined) return undefined;
      // A Map keeps the order of insertion; inserting again makes the entry the youngest.
      entries.delete(key);
      entries.set(key, found);
      return found;
    },
    set: (key, judgement) => {
      remove(key);
      entries.set(key, judgement);
      bytes += weightOf(judgement);
      for (const oldest of entries.keys()) {
        if (entries.size <= entriesMax && bytes <= bytesMax) break;
        remove(oldest);
      }
    },
  };
}

/**
 * Estimates the memory of a judgement, in bytes. The estimate is at least the certificate's length.
 */
export function weightOf(judgement: Judged | Rejected): number {
  if (judgement.type === "rejected") return JUDGEMENT_BYTES * (1 + judgement.diagnostics.length);
  const { certificate, obligations, notes } = judgement;
  const parts = 1 + obligations.length + notes.length;
  return (certificate?.length ?? 0) + JUDGEMENT_BYTES * parts;
}

/**
 * Memory of a judgement, and of each report, note or diagnostic in it, in bytes. Measured: 600 to
 * 900.
 */
const JUDGEMENT_BYTES = 1_024;

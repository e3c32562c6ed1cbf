import { readCorpus } from "../judge/fixtures.ts";
import { parseScript, type Script } from "./script.ts";
import { depthOf } from "./sexp.ts";

/**
 * Scripts that others wrote, in the folder that AETHEL_CORPUS names, and small enough to be judged
 * in milliseconds; `undefined` without one.
 */
export function corpusSeeds(limits: {
  readonly bytes: number;
  readonly milliseconds: number;
}): readonly Script[] | undefined {
  return readCorpus()?.flatMap((row) => {
    if (!/^(unsat|sat|vc)$/.test(row.kind)) return [];
    if ((row.milliseconds ?? 1e9) > limits.milliseconds) return [];
    const payload = row.payload();
    if (payload.type !== "theorem" || payload.script.length > limits.bytes) return [];
    const script = parseScript(new TextDecoder().decode(payload.script));
    if (script === undefined || script.assertions.length === 0) return [];
    // Rewriting is recursive.
    return script.assertions.some((term) => depthOf(term) > 60) ? [] : [script];
  });
}

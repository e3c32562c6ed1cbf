import type { Judgement, JudgePayload, JudgePort } from "@aethel/ledger";
import {
  concatBytes,
  fromHex,
  type Resource,
  sha256,
  toDifficulty,
  toHex,
  toResource,
  type Verdict,
} from "@aethel/models";
import type { Counterexample } from "@aethel/verifier";

/** Verdict of the real Judge on a payload under a resource limit. */
export interface TableRow {
  /** Key of the payload and the resource limit: the result of `payloadKey`, in hex. */
  readonly key: string;
  readonly verdict: Verdict;
  /** Basis of a `valid` verdict; undefined for other verdicts. */
  readonly trust?: "certified" | "solver";
  /**
   * Certificate in hex. Worlds store the bytes that a real chain would store. Absent if there is
   * none.
   */
  readonly certificate?: string;
  readonly difficulty: number;
  readonly resource: number;
  /**
   * Counterexample of a refuted publish. Evidence against those who voted for it is made from it.
   * Absent if there is none.
   */
  readonly counterexample?: Counterexample;
}

/**
 * Returns a key for a payload together with its resource limit. Together they determine the
 * verdict.
 */
export function payloadKey(payload: JudgePayload, resourceLimit: Resource): string {
  const bytes = payload.type === "theorem" ? payload.script : payload.source;
  const privileged = payload.type === "publish" && payload.privileged === true;
  const head = new TextEncoder().encode(`${payload.type} ${privileged} ${resourceLimit}\n`);
  return toHex(sha256(concatBytes(head, bytes)));
}

/**
 * Creates a Judge that looks verdicts up in a table. It answers at once and uses no threads, so
 * worlds stay deterministic. It abstains if the table has no verdict.
 */
export function createTableJudge(rows: readonly TableRow[]): JudgePort {
  const table = new Map(rows.map((row) => [row.key, judgementOf(row)]));
  return {
    check: async (payload, { resourceLimit }) =>
      table.get(payloadKey(payload, resourceLimit)) ?? {
        type: "abstained",
        reason: "the table has no verdict for it",
      },
  };
}

function judgementOf(row: TableRow): Judgement {
  const { verdict, trust, certificate, difficulty, resource, counterexample } = row;
  return {
    type: "judged",
    verdict,
    trust,
    certificate: certificate === undefined ? undefined : fromHex(certificate),
    difficulty: toDifficulty(difficulty),
    resource: toResource(resource),
    milliseconds: 0,
    ...(verdict === "valid" ? {} : { reason: `the Judge said ${verdict}` }),
    ...(counterexample === undefined ? {} : { counterexample }),
  };
}

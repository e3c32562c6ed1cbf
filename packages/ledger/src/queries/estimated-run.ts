import {
  type Amount,
  hashProof,
  type Invoke,
  type Outcome,
  type ProofBody,
  type Resource,
  toAmount,
  toResource,
  toSequence,
} from "@aethel/models";
import { type Charge, emissionCap } from "@aethel/rewards";
import { findInterface } from "../calls/find-call.ts";
import { type ExecutedProof, executeProof } from "../execution/execute-proof.ts";
import { earliestTimestamp } from "../execution/linkage.ts";
import { baseFeesOf } from "../fees/base-fees.ts";
import { signedBytes } from "../fees/quote.ts";
import { createMeter } from "../metering/meter.ts";
import type { Program, Programs } from "../programs/programs.ts";
import { callOf } from "../programs/sole-call.ts";
import type { Refusal } from "../results/refusal.ts";
import { RESULT_CODES } from "../results/result-code.ts";
import { openAccount, readAccount } from "../state/accounts.ts";
import { STATE_BOUNDS } from "../state/bounds.ts";
import { spanTo } from "../state/clock.ts";
import type { LedgerState } from "../state/ledger-state.ts";
import { TREASURY } from "../state/records.ts";
import { createStateOverlay } from "../state/state-overlay.ts";

/** Result of running a call for an estimate of its cost. */
export type EstimatedRun =
  | ({
      readonly type: "run";
      readonly outcome: Outcome;
      /** Execution units that the run used. With this resource limit the same run succeeds. */
      readonly units: Resource;
    } & Pick<Charge, "charged" | "burned" | "tip">)
  | ({ readonly type: "refused" } & Refusal)
  /**
   * The call was not run, because nobody pays for an estimate and the run is too expensive. The
   * call may still succeed in a block. `not-compiled`: the program is not cached. `long`: the run
   * takes more than 50,000 units.
   */
  | { readonly type: "not-run"; readonly reason: "not-compiled" | "long" };

type Call = Extract<ProofBody, { readonly type: "invoke" }>;

/** Most execution units of an estimated run. They take a few milliseconds. */
const RUN_UNITS_MAX = 50_000;

/**
 * Runs a call of a published program on a state if the program is cached, and discards the changes.
 * Compiles nothing. `quoted`: the fee limit for the run.
 */
export function estimateRun(
  state: LedgerState,
  body: Call,
  options: { readonly programs: Programs; readonly quoted: Amount },
): EstimatedRun {
  const { programs, quoted } = options;
  const known = programs.remembered(callOf(body).intent);
  if (known === undefined) return { type: "not-run", reason: "not-compiled" };
  const unfit = refuseUnfit(state, body, { ...programs, interfaceOf: () => known });
  if (unfit !== undefined) return { type: "refused", ...unfit };
  if (!("steps" in known)) return { type: "not-run", reason: "not-compiled" };
  return runOn(state, body, { programs: holdingOne(known, programs), quoted });
}

function refuseUnfit(state: LedgerState, body: Invoke, programs: Programs): Refusal | undefined {
  const found = findInterface(body, createStateOverlay(state.tree), programs);
  return "code" in found ? found : undefined;
}

/**
 * Returns a cache that contains this program only. A run with it does not count as a use of the
 * program in the real cache.
 */
function holdingOne(program: Program, programs: Programs): Programs {
  return { ...programs, load: () => program, interfaceOf: () => program };
}

function runOn(
  state: LedgerState,
  body: Call,
  { programs, quoted }: { readonly programs: Programs; readonly quoted: Amount },
): EstimatedRun {
  const overlay = createStateOverlay(state.tree);
  const { parameters, header } = state;
  const { balance } = readAccount(overlay, body.author);
  const priced: Call = {
    ...body,
    resourceLimit: toResource(Math.min(body.resourceLimit, RUN_UNITS_MAX)),
    // Enough for its own fees, and no more: the run sees the balance without it, as it will.
    feeLimit: toAmount(quoted < balance ? quoted : balance),
  };
  const proof = { body: priced, signatures: [] };
  const sized = { proof, bytes: signedBytes(priced), hash: hashProof(proof) };
  const { blockUnitsMax, stateGrowthMax } = parameters;
  const now = earliestTimestamp(state);
  const cap = emissionCap(spanTo(state.clock, now), parameters);
  const executed = executeProof(sized, undefined, {
    sequence: toSequence(header.sequence + 1),
    now,
    overlay,
    state,
    bounds: STATE_BOUNDS,
    programs,
    meter: createMeter({ unitsMax: blockUnitsMax, growthMax: stateGrowthMax, opened: 0 }),
    prices: { parameters, baseFees: baseFeesOf(state.tree), cap },
    treasury: openAccount(overlay, TREASURY),
    index: 0,
  });
  if ("code" in executed) return { type: "refused", ...executed };
  const isCut = executed.result.errorCode === RESULT_CODES["execution-limit"];
  if (isCut && body.resourceLimit > RUN_UNITS_MAX) return { type: "not-run", reason: "long" };
  return ranAs(executed);
}

function ranAs({ receipt, result }: ExecutedProof): EstimatedRun {
  const { fee, burned, tip } = receipt;
  const { outcome, resource: units } = result;
  return { type: "run", outcome, units, charged: fee, burned, tip };
}

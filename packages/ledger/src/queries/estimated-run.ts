import {
  type Amount,
  assert,
  type Digest,
  hashProof,
  type Outcome,
  type ProofBody,
  type Resource,
  toAmount,
  toResource,
  toSequence,
} from "@aethel/models";
import { type Charge, emissionCap } from "@aethel/rewards";
import type { CalledProgram } from "../calls/find-program.ts";
import { fitCalls } from "../calls/fit-calls.ts";
import { type ExecutedProof, executeProof } from "../execution/execute-proof.ts";
import { earliestTimestamp } from "../execution/linkage.ts";
import { baseFeesOf } from "../fees/base-fees.ts";
import { signedBytes } from "../fees/quote.ts";
import { createMeter } from "../metering/meter.ts";
import type { Interface, Program, Programs } from "../programs/programs.ts";
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

type InvokeBody = Extract<ProofBody, { readonly type: "invoke" }>;

/** Most execution units of an estimated run. They take a few milliseconds. */
const RUN_UNITS_MAX = 50_000;

/**
 * Runs the calls of an invoke on a state if their programs are cached, and discards the changes.
 * Compiles nothing. `found`: program of each call. `quoted`: the fee limit for the run.
 */
export function estimateRun(
  state: LedgerState,
  body: InvokeBody,
  options: {
    readonly found: readonly CalledProgram[];
    readonly programs: Programs;
    readonly quoted: Amount;
  },
): EstimatedRun {
  const { found, quoted } = options;
  const known = found.map(({ digest }) => options.programs.remembered(digest));
  if (known.includes(undefined)) return { type: "not-run", reason: "not-compiled" };
  const programs = peeking(options.programs);
  const fitting = fitCalls(body, found, programs);
  if ("code" in fitting) return { type: "refused", ...fitting };
  if (!known.every(isCompiled)) return { type: "not-run", reason: "not-compiled" };
  return runOn(state, body, { programs, quoted });
}

/**
 * Returns a cache with the same programs that compiles nothing. A run with it does not count as a
 * use of a program in the real cache. The caller MUST have checked that the programs are cached.
 */
function peeking(programs: Programs): Programs {
  const known = (digest: Digest): Program | Interface => {
    const found = programs.remembered(digest);
    assert(found !== undefined, "only cached programs are estimated");
    return found;
  };
  const load = (digest: Digest): Program => {
    const program = known(digest);
    assert(isCompiled(program), "only compiled programs are run");
    return program;
  };
  return { ...programs, interfaceOf: known, load };
}

function isCompiled(known: Program | Interface | undefined): known is Program {
  return known !== undefined && "steps" in known;
}

function runOn(
  state: LedgerState,
  body: InvokeBody,
  { programs, quoted }: { readonly programs: Programs; readonly quoted: Amount },
): EstimatedRun {
  const overlay = createStateOverlay(state.tree);
  const { parameters, header } = state;
  const { balance } = readAccount(overlay, body.author);
  const priced: InvokeBody = {
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

import { type Amount, type ProofBody, toDifficulty } from "@aethel/models";
import { type Lane, laneOf } from "@aethel/rewards";
import {
  type CalledProgram,
  differentPrograms,
  findProgram,
  findPrograms,
  textLength,
} from "../calls/find-program.ts";
import { baseFeesOf } from "../fees/base-fees.ts";
import { mostCharged, type QuoteOptions, quoteFeeLimit, signedBytes } from "../fees/quote.ts";
import { mostTaken, weightOfTaken } from "../fees/units.ts";
import type { Programs } from "../programs/programs.ts";
import { readAccount } from "../state/accounts.ts";
import type { LedgerState } from "../state/ledger-state.ts";
import { createStateOverlay } from "../state/state-overlay.ts";
import { type EstimatedRun, estimateRun } from "./estimated-run.ts";
import { namedEntries } from "./named-entries.ts";
import { usualCharge } from "./usual-charge.ts";

/** Cost of a proof in the next block. */
export interface FeeEstimate {
  readonly lane: Lane;
  /**
   * Base fee of the proof's lane in the next block: micro-tokens for each million units of weight.
   */
  readonly baseFee: Amount;
  /** Weight of the proof if it uses its whole resource limit. */
  readonly weight: bigint;
  /** Fee limit that suffices even if the base fee rises, as `quoteFeeLimit` computes it. */
  readonly feeLimit: Amount;
  readonly charge: ExpectedCharge;
  /** Estimated run of a call on the state. Absent for judged proofs. */
  readonly run?: EstimatedRun;
}

/** Charge of a proof at the base fees of the next block, in micro-tokens. */
export interface ExpectedCharge {
  /**
   * Expected charge. For a call that was run, the charge of that run. For a call that was not run,
   * its highest charge. For a judged proof, the charge of a typical claim of its length.
   */
  readonly expected: bigint;
  /** Charge if the proof uses its whole resource limit and adds as much as it can to the state. */
  readonly most: bigint;
}

/** Facts or guesses about a claim that was not judged. Default: 0 for each. */
export type Guess = Partial<Pick<QuoteOptions, "difficulty" | "certificateBytes">>;

/**
 * Estimates the cost of a proof on a state in bounded time. Compiles nothing, but runs a call whose
 * program is cached and discards the changes. The fee limit and the nonces in the body are ignored.
 */
export function estimateFee(
  state: LedgerState,
  asked: ProofBody,
  options: Guess & { readonly programs: Programs },
): FeeEstimate {
  const { parameters } = state;
  const body = withNonces(asked, state);
  const { programs, difficulty = toDifficulty(0), certificateBytes = 0 } = options;
  const lane = laneOf(body.type);
  const baseFees = baseFeesOf(state.tree);
  const bytes = signedBytes(body);
  const place = {
    lane,
    baseFee: baseFees[lane],
    weight: weightOfTaken(mostTaken({ body, bytes }), parameters),
  };
  const inputs = { body, parameters, baseFees, difficulty, certificateBytes };
  if (body.type !== "invoke") {
    const most = mostCharged(inputs);
    const usual = usualCharge(body, inputs);
    const expected = usual < most ? usual : most;
    return { ...place, feeLimit: quoteFeeLimit(inputs), charge: { expected, most } };
  }
  const overlay = createStateOverlay(state.tree);
  const found = findPrograms(body, (call) => findProgram(call, overlay));
  if ("code" in found) {
    const most = mostCharged(inputs);
    const run = { type: "refused", ...found } as const;
    return { ...place, feeLimit: quoteFeeLimit(inputs), charge: { expected: most, most }, run };
  }
  const programBytes = differentPrograms(found).map(textLength);
  const cellBytes = found.reduce((sum, program) => sum + growthOf(program), 0);
  const entries = namedEntries(body, found, state);
  const called = { ...inputs, programBytes, entries, cellBytes };
  const [quoted, most] = [quoteFeeLimit(called), mostCharged(called)];
  const run = estimateRun(state, body, { found, programs, quoted });
  const expected = run.type === "run" ? run.charged : most;
  return { ...place, feeLimit: quoted, charge: { expected, most }, run };
}

/** Returns the most bytes of cells that a call can add. 0 for plain intents. */
function growthOf(program: CalledProgram): number {
  return program.kind === "contract" ? program.published.cellBytes : 0;
}

/**
 * Returns the body with the next nonces of the state. The nonces matter for the cost, since the
 * first signature of a key costs more.
 */
function withNonces(body: ProofBody, state: LedgerState): ProofBody {
  const overlay = createStateOverlay(state.tree);
  const { nonce } = readAccount(overlay, body.author);
  if (body.type !== "invoke") return { ...body, nonce };
  const cosigners = body.cosigners.map(({ account }) => ({
    account,
    nonce: readAccount(overlay, account).nonce,
  }));
  return { ...body, nonce, cosigners };
}

import {
  type AccountId,
  type Amount,
  type Outcome,
  Proof,
  type ProofBody,
  type Resource,
  sha256,
  toAmount,
  toDifficulty,
  toResource,
  toSequence,
} from "@aethel/models";
import { type Charge, emissionCap, type Lane, laneOf } from "@aethel/rewards";
import { openAccount, readAccount } from "../accounts.ts";
import { createMeter } from "../costs/meter.ts";
import { createDraft } from "../draft.ts";
import { earliestTimestamp } from "../execute-block.ts";
import { type ExecutedProof, executeProof } from "../execute-proof.ts";
import type { Programs } from "../programs.ts";
import { STATE_BOUNDS } from "../queues/bounds.ts";
import type { Refusal } from "../refusal.ts";
import type { LedgerState } from "../state.ts";
import { TREASURY } from "../state-layout.ts";
import { spanTo } from "../time/clock.ts";
import { baseFeesOf } from "./base-fees.ts";
import { type QuoteOptions, quoteFeeLimit, signedBytes } from "./quote.ts";
import { mostTaken, weightOfTaken } from "./units.ts";

/** Cost of a proof in the block after a state. */
export interface FeeEstimate {
  readonly lane: Lane;
  /** Of the lane in the next block: micro-tokens for each million units of weight. */
  readonly baseFee: Amount;
  /** Weight of the proof when it uses its whole resource limit. */
  readonly weight: bigint;
  /** A fee limit that suffices, with room for a base fee that rises: see `quoteFeeLimit`. */
  readonly feeLimit: Amount;
  /** A call as it would run on the state; absent for what goes to the Judge. */
  readonly run?: EstimatedRun;
}

/** Estimate of a call; the fee limit and the nonces of its body are not looked at. */
export type EstimatedRun =
  | ({
      readonly type: "run";
      readonly outcome: Outcome;
      /** Units that its program used: its resource limit needs no more. */
      readonly units: Resource;
    } & Pick<Charge, "charged" | "burned" | "tip">)
  | ({ readonly type: "refused" } & Refusal);

/** Facts and guesses about a claim that nobody has judged. */
export type Guess = Partial<Pick<QuoteOptions, "difficulty" | "certificateBytes">>;

/** Estimates on a state: a call is run on it, and nothing of that is kept. */
export function estimateFee(
  state: LedgerState,
  body: ProofBody,
  options: Guess & { readonly programs: Programs },
): FeeEstimate {
  const { parameters } = state;
  const { programs, difficulty = toDifficulty(0), certificateBytes = 0 } = options;
  const lane = laneOf(body.type);
  const baseFees = baseFeesOf(state.tree);
  const guess = { difficulty, certificateBytes };
  const bytes = signedBytes(body);
  return {
    lane,
    baseFee: baseFees[lane],
    weight: weightOfTaken(mostTaken({ body, bytes }), parameters),
    feeLimit: quoteFeeLimit({ body, parameters, baseFees, ...guess }),
    ...(body.type === "invoke" ? { run: runOn(state, body, programs) } : {}),
  };
}

/** Most units of a run for an estimate, which nobody pays for: they take a few milliseconds. */
const RUN_UNITS_MAX = 200_000;

function runOn(
  state: LedgerState,
  body: Extract<ProofBody, { readonly type: "invoke" }>,
  programs: Programs,
): EstimatedRun {
  const draft = createDraft(state.tree);
  const nonceOf = (id: AccountId): ReturnType<typeof readAccount>["nonce"] =>
    readAccount(draft, id).nonce;
  const { parameters, header } = state;
  const asked: ProofBody = {
    ...body,
    nonce: nonceOf(body.author),
    cosigners: body.cosigners.map(({ account }) => ({ account, nonce: nonceOf(account) })),
  };
  // Enough for its own fees, and no more: the run sees the balance without it, as it will.
  const quoted = quoteFeeLimit({
    body: asked,
    parameters,
    difficulty: toDifficulty(0),
    baseFees: baseFeesOf(state.tree),
  });
  const { balance } = readAccount(draft, body.author);
  const resourceLimit = toResource(Math.min(body.resourceLimit, RUN_UNITS_MAX));
  const feeLimit = toAmount(quoted < balance ? quoted : balance);
  const priced = { ...asked, resourceLimit, feeLimit };
  const encoded = Proof.encode({ body: priced, signatures: [] });
  const sized = {
    proof: { body: priced, signatures: [] },
    bytes: signedBytes(priced),
    hash: sha256(encoded),
  };
  const { blockUnitsMax, stateGrowthMax } = parameters;
  const now = earliestTimestamp(state);
  const cap = emissionCap(spanTo(state.clock, now), parameters);
  const meter = createMeter({ unitsMax: blockUnitsMax, growthMax: stateGrowthMax, opened: 0 });
  const executed = executeProof(sized, undefined, {
    sequence: toSequence(header.sequence + 1),
    now,
    draft,
    state,
    bounds: STATE_BOUNDS,
    programs,
    meter,
    prices: { parameters, baseFees: baseFeesOf(state.tree), cap },
    treasury: openAccount(draft, TREASURY),
    index: 0,
  });
  return "code" in executed ? { type: "refused", ...executed } : ranAs(executed);
}

function ranAs({ receipt, result }: ExecutedProof): EstimatedRun {
  const { fee, burned, tip } = receipt;
  return {
    type: "run",
    outcome: result.outcome,
    units: result.resource,
    charged: fee,
    burned,
    tip,
  };
}

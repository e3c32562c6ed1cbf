import {
  AMOUNT_MAX,
  type Amount,
  type AssetId,
  assert,
  compareBytes,
  type Digest,
  equalBytes,
  hashProof,
  NATIVE_ASSET,
  type Outcome,
  type ProofBody,
  type Resource,
  SPENDING_LIMITS_MAX,
  type SpendingLimit,
  toAmount,
  toAssetId,
  toHex,
  toResource,
  toSequence,
} from "@aethel/models";
import { type Charge, emissionCap } from "@aethel/rewards";
import type { CalledProgram } from "../calls/find-program.ts";
import { fitCalls, signersOf } from "../calls/fit-calls.ts";
import { type ExecutedProof, executeProof } from "../execution/execute-proof.ts";
import { earliestTimestamp } from "../execution/linkage.ts";
import { baseFeesOf } from "../fees/base-fees.ts";
import { signedBytes } from "../fees/quote.ts";
import { createMeter } from "../metering/meter.ts";
import type { ContractProgram } from "../programs/contract-programs.ts";
import type { Interface, Program, Programs } from "../programs/programs.ts";
import { detailText, type Receipt } from "../results/receipt.ts";
import type { Refusal } from "../results/refusal.ts";
import { RESULT_CODES } from "../results/result-code.ts";
import { openAccount, readAccount } from "../state/accounts.ts";
import { STATE_BOUNDS } from "../state/bounds.ts";
import { spanTo } from "../state/clock.ts";
import type { PublishedIntent } from "../state/contracts.ts";
import type { LedgerState } from "../state/ledger-state.ts";
import { Account, Holding, TREASURY } from "../state/records.ts";
import { KEY_KIND } from "../state/state-key.ts";
import { createStateOverlay, type StateOverlay } from "../state/state-overlay.ts";

/** Result of running a call for an estimate of its cost. */
export type EstimatedRun =
  | ({
      readonly type: "run";
      readonly outcome: Outcome;
      /** Execution units that the run used. With this resource limit the same run succeeds. */
      readonly units: Resource;
      /** Reason for an outcome other than `applied`; empty for none. */
      readonly detail: string;
      /** Spending limits that the same run needs: each fall of a signer's holdings, exactly. */
      readonly losses: readonly SpendingLimit[];
      /** Micro-tokens of deposits for cells that appear, less those for cells that disappear. */
      readonly deposit: bigint;
    } & Pick<Charge, "charged" | "burned" | "tip">)
  | ({ readonly type: "refused" } & Refusal)
  /**
   * The call was not run, because nobody pays for an estimate and the run is too expensive. The
   * call may still succeed in a block. `not-compiled`: the program is not cached. `long`: the run
   * takes more than 50,000 units.
   */
  | { readonly type: "not-run"; readonly reason: "not-compiled" | "long" };

type Ran = Extract<EstimatedRun, { readonly type: "run" }>;

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
  const { found, programs, quoted } = options;
  const known = found.map((program) => rememberedOf(program, programs));
  // Of a contract that is not compiled, the state has the interface.
  const isUnknown = found.some(({ kind }, at) => kind === "intents" && known[at] === undefined);
  if (isUnknown) return { type: "not-run", reason: "not-compiled" };
  const limited = withoutLimits(body, found, known);
  const cache = peeking(programs);
  const fitting = fitCalls(limited, found, cache);
  if ("code" in fitting) return { type: "refused", ...fitting };
  if (!known.every(isCompiled)) return { type: "not-run", reason: "not-compiled" };
  return runOn(state, limited, { programs: cache, quoted, bytes: signedBytes(body) });
}

type Remembered = Program | Interface | ContractProgram | undefined;

/** Returns what the cache has of a program; undefined if it has nothing. */
function rememberedOf(program: CalledProgram, programs: Programs): Remembered {
  return program.kind === "contract"
    ? programs.contracts.remembered(program.published)
    : programs.remembered(program.digest);
}

/**
 * Returns the body with spending limits that every run meets, for all signers and all assets that
 * the programs can move. A body without limits that calls no contract is returned as it is.
 */
function withoutLimits(
  body: InvokeBody,
  found: readonly CalledProgram[],
  known: readonly Remembered[],
): InvokeBody {
  const isLimited = body.spending !== undefined || found.some(({ kind }) => kind === "contract");
  if (!isLimited) return body;
  const assets = new Map([[toHex(NATIVE_ASSET), NATIVE_ASSET]]);
  for (const { id } of known.flatMap(assetsOf)) assets.set(toHex(id), id);
  const sorted = [...assets.values()].toSorted(compareBytes);
  const spending = signersOf(body).flatMap((_, signer) =>
    sorted.map((asset) => ({ signer, asset, amount: toAmount(AMOUNT_MAX) })),
  );
  return { ...body, spending: spending.slice(0, SPENDING_LIMITS_MAX) };
}

function assetsOf(known: Remembered): readonly { readonly id: AssetId }[] {
  if (known === undefined || !isCompiled(known)) return [];
  return known.kind === "contract" ? known.contract.assets : known.assets;
}

/**
 * Returns a cache with the same programs that compiles nothing. A run with it does not count as a
 * use of a program in the real cache. The caller MUST have checked that the programs are cached.
 */
function peeking(programs: Programs): Programs {
  const known = (digest: Digest): Program | Interface => demand(programs.remembered(digest));
  const load = (digest: Digest): Program => {
    const program = known(digest);
    assert("steps" in program, "only compiled programs are run");
    return program;
  };
  const loadPublished = (intent: PublishedIntent): ContractProgram =>
    demand(programs.contracts.remembered(intent));
  const contracts = { ...programs.contracts, load: loadPublished };
  return { ...programs, interfaceOf: known, load, contracts };
}

function demand<T>(known: T | undefined): T {
  assert(known !== undefined, "only cached programs are estimated");
  return known;
}

function isCompiled(known: Remembered): known is Program | ContractProgram {
  return known !== undefined && ("steps" in known || "intent" in known);
}

function runOn(
  state: LedgerState,
  body: InvokeBody,
  options: { readonly programs: Programs; readonly quoted: Amount; readonly bytes: number },
): EstimatedRun {
  const { programs, quoted, bytes } = options;
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
  const sized = { proof, bytes, hash: hashProof(proof) };
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
  return { ...ranAs(executed), losses: lossesIn(overlay, body, executed.receipt) };
}

function ranAs({ receipt, result }: ExecutedProof): Omit<Ran, "losses"> {
  const { fee, burned, tip, depositPaid, depositReturned } = receipt;
  const { outcome, resource: units } = result;
  const deposit = depositPaid - depositReturned;
  const detail = detailText(receipt);
  return { type: "run", outcome, units, detail, deposit, charged: fee, burned, tip };
}

/** Returns each fall of a signer's holdings, without the fee and the deposit of the author. */
function lossesIn(
  overlay: StateOverlay,
  body: InvokeBody,
  { fee, depositPaid, depositReturned }: Receipt,
): readonly SpendingLimit[] {
  const signers = signersOf(body);
  const own = fee + depositPaid - depositReturned;
  const losses = overlay.changes().flatMap(({ key, before, after }): readonly SpendingLimit[] => {
    const [kind] = key;
    if (kind !== KEY_KIND.account && kind !== KEY_KIND.holding) return [];
    const signer = signers.findIndex((id) => equalBytes(id, key.subarray(1, 33)));
    if (signer < 0) return [];
    const isNative = kind === KEY_KIND.account;
    const amountIn = (value: Uint8Array | undefined): bigint => {
      if (value === undefined) return 0n;
      return isNative ? Account.decode(value).balance : Holding.decode(value).amount;
    };
    const beside = isNative && signer === 0 ? own : 0n;
    const loss = amountIn(before) - amountIn(after) - beside;
    const asset = isNative ? NATIVE_ASSET : toAssetId(key.slice(33));
    return loss > 0n ? [{ signer, asset, amount: toAmount(loss) }] : [];
  });
  return losses.toSorted(
    (left, right) => left.signer - right.signer || compareBytes(left.asset, right.asset),
  );
}

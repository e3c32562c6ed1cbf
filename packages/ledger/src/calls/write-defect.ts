import { AMOUNT_MAX } from "@aethel/models";
import type { CompiledIntent, FieldWrite, SupplyWrite, Value } from "@aethel/verifier";
import type { ResultCode } from "../results/result-code.ts";
import { assetName } from "../state/assets.ts";
import type { PendingWrites } from "./pending-writes.ts";

/** Reason for which the writes of a run must not be applied. */
export interface WriteDefect {
  readonly code: ResultCode;
  readonly detail: string;
}

/**
 * Writes of one run of an intent, with the facts that are needed to check them without trust in the
 * interpreter.
 */
export interface RunWrites {
  readonly intent: CompiledIntent;
  readonly values: ReadonlyMap<string, Value>;
  readonly writes: readonly FieldWrite[];
  readonly supplies: readonly SupplyWrite[];
  /** Whether the intent is on the genesis list, so that it may write stake. */
  readonly privileged: boolean;
  /** Accounts that signed, in hexadecimal digits. */
  readonly signed: ReadonlySet<string>;
  /** Amounts that the run could read. */
  readonly state: PendingWrites;
}

/**
 * Checks the writes of a run again, although the Judge proved these facts. Each write is in the
 * write set of the intent. Each account whose amounts decrease has signed. All amounts are in
 * range. The holdings of each asset change by as much as its supply, and the issuer has signed
 * every change of the supply. Returns undefined if there is no defect.
 */
export function findWriteDefect(run: RunWrites): WriteDefect | undefined {
  for (const write of run.writes) {
    const defect = fieldDefect(write, run);
    if (defect !== undefined) return defect;
  }
  for (const write of run.supplies) {
    const defect = supplyDefect(write, run);
    if (defect !== undefined) return defect;
  }
  return imbalance(run);
}

function fieldDefect(write: FieldWrite, run: RunWrites): WriteDefect | undefined {
  const code = fieldDefectCode(write, run);
  if (code === undefined) return undefined;
  const { account, field, asset, before, after } = write;
  const what = asset === undefined ? field : `${field}[${asset.name}]`;
  return { code, detail: `${what} of ${account} from ${before} to ${after}` };
}

function fieldDefectCode(write: FieldWrite, run: RunWrites): ResultCode | undefined {
  const { account, field, before, after } = write;
  if (before !== run.state.read(write)) return "fault";
  if (after < 0n || after > AMOUNT_MAX) return "fault";
  if (after < before && !run.signed.has(account)) return "authority";
  if (field === "stake" && !run.privileged) return "privileged";
  return inWriteSet(run, write) ? undefined : "privileged";
}

function inWriteSet({ intent, values }: RunWrites, write: FieldWrite): boolean {
  if (write.after === write.before) return true;
  const declared = writesByPlace(intent).get(placeOf(write)) ?? [];
  return declared.some(
    ({ parameter, increase, decrease }) =>
      values.get(parameter) === write.account && (write.after > write.before ? increase : decrease),
  );
}

type WriteSet = CompiledIntent["writes"];

/**
 * Cache of each intent's write sets by place. Without it, each write would search the whole write
 * set, which takes quadratic time.
 */
const writeSets = new WeakMap<CompiledIntent, ReadonlyMap<string, WriteSet>>();

function writesByPlace(intent: CompiledIntent): ReadonlyMap<string, WriteSet> {
  const known = writeSets.get(intent);
  if (known !== undefined) return known;
  const places = Map.groupBy(intent.writes, placeOf);
  writeSets.set(intent, places);
  return places;
}

function placeOf({ field, asset }: Pick<FieldWrite, "field" | "asset">): string {
  return `${field} ${nameOf(asset)}`;
}

function supplyDefect(write: SupplyWrite, run: RunWrites): WriteDefect | undefined {
  const { asset, before, after } = write;
  const detail = `the supply of ${asset.name} from ${before} to ${after}`;
  if (before !== run.state.supply(asset)) return { code: "fault", detail };
  if (after < 0n || after > AMOUNT_MAX) return { code: "fault", detail };
  const { supply } = run.intent.intent;
  const declared = supply === "issue" ? after >= before : supply === "burn" && after <= before;
  if (!declared) return { code: "privileged", detail };
  if (run.signed.has(asset.issuer)) return undefined;
  return { code: "issuer", detail: `${detail}: its issuer ${asset.issuer} did not sign` };
}

/**
 * Finds an asset whose holdings change by a different amount than its supply. Inside this function
 * the empty string names the native asset.
 */
function imbalance({ writes, supplies }: RunWrites): WriteDefect | undefined {
  const changes = new Map<string, bigint>();
  const note = (asset: string, change: bigint): void => {
    changes.set(asset, (changes.get(asset) ?? 0n) + change);
  };
  for (const { asset, before, after } of writes) note(nameOf(asset), after - before);
  for (const { asset, before, after } of supplies) note(nameOf(asset), before - after);
  for (const [asset, change] of changes) {
    if (change === 0n) continue;
    const what = asset === "" ? "the holdings" : `the holdings of asset ${asset}`;
    return { code: "conservation", detail: `${what} would change by ${change}` };
  }
  return undefined;
}

function nameOf(asset: FieldWrite["asset"]): string {
  return asset === undefined ? "" : assetName(asset);
}

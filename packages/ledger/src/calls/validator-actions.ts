import { type AccountId, assert, toPublicKey } from "@aethel/models";
import type { Value } from "@aethel/verifier";
import {
  SYSTEM_PARAMETERS,
  type SystemAction,
  systemActionOf,
} from "../programs/system-intents.ts";
import type { ResultCode } from "../results/result-code.ts";
import type { BoundedContext } from "../state/block-context.ts";
import { stateKey } from "../state/state-key.ts";
import { ValidatorRecord } from "../state/validator-records.ts";
import { enqueuePower, hasRoom } from "../validators/power-lanes.ts";
import { enqueue } from "../validators/queue.ts";
import { askForKey, mustLeaveFirst } from "../validators/rotation.ts";
import { canBeConsensusKey, powerIn, readValidator, statusOf } from "../validators/stake.ts";
import { laneIsFull, laneWith } from "../validators/stake-writes.ts";
import type { PreparedInvoke } from "./prepare-calls.ts";

/**
 * Action (a key rotation or an unjail) that the ledger performs for a system intent, in addition to
 * the intent's own effects.
 */
export interface PreparedAction {
  readonly action: SystemAction;
  readonly validator: AccountId;
  /** Account whose id becomes the new consensus key. Undefined if the action needs no key. */
  readonly key: AccountId | undefined;
}

/**
 * Returns the action that the ledger performs for an invoke. Undefined if it performs none: only
 * some intents of the genesis list have an action, and a call of one stands alone.
 */
export function actionOf({ calls, accounts }: PreparedInvoke): PreparedAction | undefined {
  const [call] = calls;
  if (call?.kind !== "intents" || call.record.origin !== "genesis") return undefined;
  const { program, steps } = call;
  const action = systemActionOf(program.digest);
  if (action === undefined) return undefined;
  const named = (name: string): AccountId | undefined => {
    const value: Value | undefined = steps[0]?.values.get(name);
    return value === undefined ? undefined : accounts.get(String(value));
  };
  const validator = named(SYSTEM_PARAMETERS.validator);
  assert(validator !== undefined, "a system intent says which validator it is about");
  return { action, validator, key: named(SYSTEM_PARAMETERS.key) };
}

/** Reason for which an action, and with it the whole invoke, is forbidden. */
interface ActionDefect {
  readonly code: ResultCode;
  readonly detail: string;
}

/** Finds the reason for which an action is forbidden; undefined if it is allowed. */
export function findActionDefect(
  { action, validator, key }: PreparedAction,
  block: Pick<BoundedContext, "overlay" | "state" | "bounds">,
): ActionDefect | undefined {
  const { overlay, state, bounds } = block;
  const { stake, status } = readValidator(overlay, validator);
  if (action === "unjail" && status !== "jailed") {
    return { code: "not-jailed", detail: `the validator is ${status}, not jailed` };
  }
  const lane = action === "rotate-key" ? "keys" : laneWith({ id: validator, stake }, state);
  if (lane !== undefined && !hasRoom(overlay, { lane, id: validator }, bounds)) {
    return { code: "stake-queue", detail: laneIsFull(bounds) };
  }
  return action === "rotate-key" ? findRotationDefect(validator, key, block) : undefined;
}

function findRotationDefect(
  validator: AccountId,
  key: AccountId | undefined,
  { overlay, state }: Pick<BoundedContext, "overlay" | "state">,
): ActionDefect | undefined {
  if (mustLeaveFirst(overlay, validator, state)) {
    const power = powerIn(state.votingSet, validator);
    const detail = `an ejected validator can change its key once it is out of the set; power ${power}`;
    return { code: "still-in-set", detail };
  }
  if (key !== undefined && canBeConsensusKey(overlay, key)) return undefined;
  const detail =
    "the key is no valid consensus key, or belongs to another validator; use a new one";
  return { code: "stake-key", detail };
}

/**
 * Performs an action in which `findActionDefect` found no defect. The new key or power takes effect
 * at an epoch boundary.
 */
export function act({ action, validator, key }: PreparedAction, block: BoundedContext): void {
  const { overlay, state } = block;
  if (action === "rotate-key" && key !== undefined) {
    askForKey(overlay, validator, toPublicKey(key));
    enqueue(overlay, "keys", validator);
    return;
  }
  // Jail ends and nothing else: what the validator missed it works off by voting.
  const record = readValidator(overlay, validator);
  const status = statusOf(record.stake, state.parameters);
  overlay.write(stateKey.validator(validator), ValidatorRecord, { ...record, status });
  enqueuePower(overlay, validator, state);
}

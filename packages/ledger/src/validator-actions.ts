import { type AccountId, assert, toPublicKey, toSequence } from "@aethel/models";
import type { Value } from "@aethel/verifier";
import type { Draft } from "./draft.ts";
import type { InvokeBlock, PreparedInvoke } from "./invoke.ts";
import type { ResultCode } from "./result-code.ts";
import { canBeConsensusKey, enqueue, readValidator, statusOf } from "./stake.ts";
import { KeyRecord, stateKey, ValidatorRecord } from "./state-layout.ts";
import { SYSTEM_PARAMETERS, type SystemAction, systemActionOf } from "./system-intents.ts";

/** What the ledger shall do beside the effects of an intent. */
export interface PreparedAction {
  readonly action: SystemAction;
  readonly validator: AccountId;
  /** Owner of the new key: its id is the key. */
  readonly key: AccountId | undefined;
}

/** The action of an invoke, if its intent has one. Only those of the genesis list do. */
export function actionOf({
  program,
  record,
  steps,
  accounts,
}: PreparedInvoke): PreparedAction | undefined {
  if (record.origin !== "genesis") return undefined;
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

/** Why an action cannot be done; then the whole invoke is forbidden. */
export function findActionDefect(
  { action, key }: PreparedAction,
  draft: Draft,
): { readonly code: ResultCode; readonly detail: string } | undefined {
  if (action !== "rotate-key") return undefined;
  if (key !== undefined && canBeConsensusKey(draft, key)) return undefined;
  return {
    code: "stake-key",
    detail: "the key is no usable consensus key, or is somebody's already",
  };
}

/** Does what `findActionDefect` has nothing against. It takes effect at a border. */
export function act({ action, validator, key }: PreparedAction, block: InvokeBlock): void {
  const { draft, sequence, state } = block;
  const record = readValidator(draft, validator);
  const keyAt = stateKey.validator(validator);
  if (action === "rotate-key" && key !== undefined) {
    const nextKey = toPublicKey(key);
    const from = toSequence(sequence);
    draft.write(stateKey.consensusKey(nextKey), KeyRecord, { validator, from, until: undefined });
    draft.write(keyAt, ValidatorRecord, { ...record, nextKey });
  } else {
    const status = statusOf(record.stake, state.parameters);
    draft.write(keyAt, ValidatorRecord, { ...record, status, absent: 0 });
  }
  enqueue(draft, stateKey.powerQueue, validator);
}

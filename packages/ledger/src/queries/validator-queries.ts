import {
  type AccountId,
  fromHex,
  indexOfValidator,
  toAccountId,
  type ValidatorSet,
} from "@aethel/models";
import { stateKey } from "../state/state-key.ts";
import { Unbonding, ValidatorRecord } from "../state/validator-records.ts";
import { powerIn } from "../validators/stake.ts";
import type { Directory } from "./directory.ts";
import type { Queries, ValidatorView } from "./queries.ts";
import type { StateReader } from "./state-reader.ts";

/** Creates the queries about stakers and the set that votes on the next block. */
export function createValidatorQueries(
  { current, read }: StateReader,
  { stakers }: Directory,
): Pick<Queries, "validator" | "validators" | "validatorPage" | "stakersBeginning"> {
  const validator = (id: AccountId, set: ValidatorSet): ValidatorView | undefined => {
    const record = read(stateKey.validator(id), ValidatorRecord);
    if (record === undefined) return undefined;
    const unbonding = read(stateKey.unbonding(id), Unbonding)?.entries ?? [];
    return { ...record, id, power: powerIn(set, id), unbonding };
  };
  return {
    validator: (id) => validator(id, current().votingSet),
    validators: () => {
      const set = current().votingSet;
      return set.validators.flatMap(({ id }) => validator(id, set) ?? []);
    },
    validatorPage: ({ after, limit }) => {
      const set = current().votingSet;
      const known = after === undefined ? undefined : indexOfValidator(set, after);
      const from = known === undefined ? 0 : known + 1;
      const shown = set.validators.slice(from, from + limit);
      const next = from + limit < set.validators.length ? shown.at(-1)?.id : undefined;
      return { entries: shown.flatMap(({ id }) => validator(id, set) ?? []), next };
    },
    stakersBeginning: (prefix, limit) => {
      const after = { name: prefix.slice(0, -1) + before(prefix.at(-1) ?? ""), id: "~" };
      return stakers
        .page({ after, limit })
        .filter(({ id }) => id.startsWith(prefix))
        .map(({ id }) => toAccountId(fromHex(id)));
    },
  };
}

/**
 * Returns the character that comes before a hexadecimal digit in code order. If it replaces the
 * last digit of a prefix, the result sorts before all names with that prefix.
 */
function before(digit: string): string {
  return digit === "" ? "" : String.fromCharCode(digit.charCodeAt(0) - 1);
}

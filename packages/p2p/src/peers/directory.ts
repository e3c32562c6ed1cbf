import {
  type AccountId,
  equalBytes,
  type PublicKey,
  toHex,
  type Validator,
  type ValidatorSet,
} from "@aethel/models";
import type { ValidatorClaim } from "./hello.ts";

/** Current validator set, by validator id. It follows changes of the set. */
export interface Directory {
  /** Returns a number that grows whenever another set takes effect. */
  version(): number;
  keyOf(id: AccountId): PublicKey | undefined;
  /** Returns whether the set has this validator with this key. */
  readonly names: (claim: ValidatorClaim) => boolean;
  members(): readonly Validator[];
}

/**
 * Creates a directory. `validators` is called at each use. As long as it returns the same set, a
 * call costs one comparison.
 */
export function createDirectory(validators: () => ValidatorSet): Directory {
  let set: ValidatorSet | undefined;
  let version = 0;
  let byId: ReadonlyMap<string, Validator> = new Map();

  function current(): ReadonlyMap<string, Validator> {
    const latest = validators();
    if (latest === set) return byId;
    if (set === undefined || !equalBytes(latest.hash, set.hash)) {
      byId = new Map(latest.validators.map((member) => [toHex(member.id), member]));
      version += 1;
    }
    set = latest;
    return byId;
  }

  return {
    version() {
      current();
      return version;
    },
    keyOf: (id) => current().get(toHex(id))?.key,
    names({ id, key }) {
      const member = current().get(toHex(id));
      return member !== undefined && equalBytes(member.key, key);
    },
    members: () => [...current().values()],
  };
}

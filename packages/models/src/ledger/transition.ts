import {
  amount,
  boundedBytes,
  type Codec,
  type Infer,
  list,
  optional,
  root,
  sequence,
  struct,
} from "../codec/index.ts";
import { CHANGES_MAX } from "../limits.ts";

/**
 * Change of one key of the state. `before` or `after` is undefined if the tree then has no such
 * key.
 */
export const StateChange: Codec<{
  readonly key: Uint8Array;
  readonly before: Uint8Array | undefined;
  readonly after: Uint8Array | undefined;
}> = struct("StateChange", {
  key: boundedBytes(256),
  before: optional(boundedBytes(1_048_576)),
  after: optional(boundedBytes(1_048_576)),
});
export type StateChange = Infer<typeof StateChange>;

/** Changes of the state by one block. `supplyAfter = supplyBefore + minted - burned`. */
export const StateTransition = struct("StateTransition", {
  sequence,
  /** Changes in strictly ascending order of keys. In each, `before` and `after` differ. */
  changes: list(StateChange, CHANGES_MAX),
  rootBefore: root,
  rootAfter: root,
  supplyBefore: amount,
  supplyAfter: amount,
  minted: amount,
  burned: amount,
});
export type StateTransition = Infer<typeof StateTransition>;

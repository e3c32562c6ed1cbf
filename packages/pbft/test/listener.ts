import { type AccountId, toTimestamp } from "@aethel/models";
import {
  type Config,
  createConfig,
  decodeSigningLog,
  type Effect,
  type Occurrence,
  recover,
  SigningRecord,
  type State,
  step,
} from "../src/index.ts";
import { parameters } from "./cluster-options.ts";
import { Counter } from "./counter.ts";
import { createMembership, GENESIS } from "./keys.ts";

/** Content of a log after the old one was lost. */
export const listens = SigningRecord.encode({
  entries: [{ type: "listen", since: toTimestamp(77) }],
});

/** A replica that a test drives, and who its validators are. */
export interface DrivenReplica {
  /** Its state now, and all effects since the start. */
  readonly replica: { state: State; readonly effects: Effect[] };
  readonly input: (occurrence: Occurrence) => void;
  readonly validator: (at: number) => AccountId;
}

/** A replica on an empty chain of `powers`, driven input by input. */
export function replicaOf(options: {
  readonly powers?: readonly number[];
  readonly log?: readonly Uint8Array[];
  readonly asksFirst?: boolean;
}): DrivenReplica {
  const { powers = [1, 1, 1, 1], log = [], asksFirst = false } = options;
  const membership = createMembership(powers);
  const id = membership.members[0]?.id;
  if (id === undefined) throw new Error("there is one");
  const config: Config = createConfig({ genesis: GENESIS, id, parameters });
  const { head } = new Counter(GENESIS, membership.set);
  const entries = decodeSigningLog(log);
  const first = recover({ config, head, entries, hasWork: false, now: 1_000, asksFirst });
  const replica = { state: first.state, effects: [...first.effects] };
  const input = (occurrence: Occurrence): void => {
    const next = step(config, replica.state, { ...occurrence, now: 1_000 });
    replica.state = next.state;
    replica.effects.push(...next.effects);
  };
  const validator = (at: number): AccountId => membership.members[at]?.id ?? id;
  return { replica, input, validator };
}

import { type AccountId, equalBytes } from "@aethel/models";
import type { NamedSession, Session, Sessions } from "../peers/sessions.ts";
import type { Standing } from "../peers/standing.ts";
import type { RecordStore } from "../records/record-store.ts";

/** Ways to validators to which this node has no connection. */
export interface Routes {
  /** Returns the sessions over which this node can ask a validator. */
  to(validator: AccountId): readonly Session[];
  /** Returns the sessions over which this node passes on a request that came over `from`. */
  onward(validator: AccountId, from: Session): readonly Session[];
  /** Returns the validators that can be asked over a sentry, each with the first session to it. */
  names(): readonly NamedSession[];
}

/** Creates the routes. */
export function createRoutes(options: {
  readonly sessions: Pick<Sessions, "all" | "ofValidator">;
  readonly standing: Standing;
  readonly records: RecordStore;
  readonly self: AccountId | undefined;
}): Routes {
  const { sessions, standing, records, self } = options;

  function namedBy(validator: AccountId): readonly Session[] {
    const peers = new Set(records.of(validator)?.entries.map(({ peer }) => peer));
    return sessions.all().filter(({ peer }) => peers.has(peer));
  }

  function to(validator: AccountId): readonly Session[] {
    if (self === undefined || sessions.ofValidator(validator) !== undefined) return [];
    if (!standing.isPrivate) return namedBy(validator);
    return sessions.all().filter(({ peer }) => standing.isOwnSentry(peer));
  }

  return {
    to,
    onward(validator, from) {
      const isOutward = standing.isPrivatePeer(from.peer);
      const direct = sessions.ofValidator(validator);
      if (direct !== undefined && direct.peer !== from.peer) {
        return isOutward || standing.isPrivatePeer(direct.peer) ? [direct] : [];
      }
      return isOutward ? namedBy(validator).filter(({ peer }) => peer !== from.peer) : [];
    },
    names() {
      return records.all().flatMap(({ validator }) => {
        const [session] = self !== undefined && equalBytes(self, validator) ? [] : to(validator);
        return session === undefined ? [] : [{ name: validator, session }];
      });
    },
  };
}

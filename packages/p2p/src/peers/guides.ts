import { aliasOf, type Claims, isDialed } from "./claims.ts";
import type { Directory } from "./directory.ts";
import type { NamedSession, Session } from "./session.ts";

/** Most peers that are asked although they are no validators. */
const GUIDES_MAX = 8;

/**
 * Creates the function that returns the guides: peers that claim to be no validator, and can be
 * asked under an alias while no more than half of the set is connected. Without them a node among
 * sentries and observers could ask nobody. Trusted peers come first, then those that this node
 * dialed, oldest first. Peers that dialed this node are no guides, so nobody can become one by
 * dialing.
 */
export function createGuides(options: {
  readonly claims: Claims;
  readonly directory: Directory;
  readonly isTrusted: (peer: string) => boolean;
  sessions(): Iterable<Session>;
}): () => readonly NamedSession[] {
  const { claims, directory, isTrusted } = options;
  return () => {
    if (2 * claims.validators().length > directory.members().length) return [];
    const chosen = new Map<string, { readonly session: Session; readonly isTrusted: boolean }>();
    for (const session of options.sessions()) {
      const { peer, claim } = session;
      if (claim !== undefined && directory.keyOf(claim.id) !== undefined) continue;
      const trusted = isTrusted(peer);
      if (trusted || isDialed(session)) chosen.set(peer, { session, isTrusted: trusted });
    }
    return [...chosen.values()]
      .toSorted((left, right) => Number(right.isTrusted) - Number(left.isTrusted))
      .slice(0, GUIDES_MAX)
      .map(({ session }) => ({ name: aliasOf(session.peer), session }));
  };
}

import type { DropReason } from "../events.ts";
import type { PeerLimits } from "../limits.ts";
import type { ItemVerdict } from "../peer-transport.ts";
import type { Session } from "../peers/sessions.ts";
import type { ItemLine } from "./item-line.ts";
import type { ReadingPace } from "./reading-pace.ts";
import type { SeenMessages } from "./seen-messages.ts";

/** Milliseconds before the application is asked again about an item that it put off. */
const AGAIN_MS = 50;

/** Parts that the check of a gossiped item uses. `id`: its name in gossipsub. */
export interface ItemCheck {
  readonly limits: Pick<PeerLimits, "itemWaitMs">;
  readonly line: ItemLine;
  readonly pace: Pick<ReadingPace, "checking">;
  readonly seen: SeenMessages;
  readonly id: Uint8Array;
  itemCost(bytes: Uint8Array): number | undefined;
  item(bytes: Uint8Array, session: Session): ItemVerdict | Promise<ItemVerdict>;
  readonly drop: (session: Session, reason: DropReason) => void;
  readonly fault: (session: Session, reason: DropReason) => void;
  readonly now: () => number;
}

/**
 * Checks an item. Its cost is charged to the peer that relayed it, before the check: each signature
 * is verified before anything else is known of an item. An item whose cost is not available waits,
 * and one that the application puts off is tried again, so that no item is lost because its sender
 * is quicker than this node. Meanwhile it does not count as seen, so another peer may bring it.
 */
export async function checkItem(
  data: Uint8Array,
  session: Session,
  check: ItemCheck,
): Promise<ItemVerdict> {
  const cost = check.itemCost(data);
  if (cost === undefined) {
    check.fault(session, "malformed");
    return "reject";
  }
  const done = check.pace.checking(session);
  try {
    const verdict = await judge(data, session, { ...check, cost });
    if (verdict === "later") check.drop(session, "too-fast");
    if (verdict === "reject") check.fault(session, "malformed");
    return verdict;
  } finally {
    done();
  }
}

async function judge(
  data: Uint8Array,
  session: Session,
  check: ItemCheck & { readonly cost: number },
): Promise<ItemVerdict> {
  const { line, seen, id, cost, now } = check;
  const deadline = now() + check.limits.itemWaitMs;
  let hasWaited = false;
  const putOff = (): void => {
    hasWaited = true;
    seen.forget(id);
  };
  const isStillNew = (): boolean => {
    if (!hasWaited) return true;
    if (seen.has(id)) return false;
    seen.note(id);
    return true;
  };
  if (!(await line.pay(session, cost, putOff))) return "later";
  for (;;) {
    if (!isStillNew()) return "ignore";
    hasWaited = false;
    const verdict = await check.item(data, session);
    if (verdict !== "later" || now() >= deadline) return verdict;
    if (session.connection.status !== "open") return verdict;
    putOff();
    await new Promise((resolve) => void setTimeout(resolve, AGAIN_MS).unref());
  }
}

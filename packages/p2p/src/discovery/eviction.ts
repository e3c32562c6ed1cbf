import { type BookEntry, isStale, scoreOf } from "./book-entry.ts";
import type { DiscoveryLimits } from "./discovery-limits.ts";

/** Place for a new entry. `free`: there is one, once the peer `evicted` is removed, if any. */
export type Room =
  | { readonly type: "free"; readonly evicted: string | undefined }
  | { readonly type: "full" };

/**
 * Finds a place for a new entry. A source that told as much as it may displaces its own worst
 * entry; a full address group loses its worst entry that was not reached. A full book loses an
 * entry of the source that told most. So a flood from one source displaces the flood.
 */
export function makeRoom(options: {
  readonly entries: Iterable<BookEntry>;
  readonly entry: BookEntry;
  readonly limits: DiscoveryLimits;
  readonly now: number;
}): Room {
  const { entry, limits, now } = options;
  const all = [...options.entries];
  const sameSource = all.filter(
    (each) => isHearsay(each) && each.sourceGroup === entry.sourceGroup,
  );
  if (sameSource.length >= limits.entriesPerSourceMax) return evict(worstOf(sameSource, now));
  const group = groupOfEntry(entry);
  const sameGroup = all.filter((each) => groupOfEntry(each) === group);
  if (sameGroup.length >= limits.entriesPerGroupMax) {
    return evict(worstOf(sameGroup.filter(isHearsay), now));
  }
  if (all.length < limits.entriesMax) return { type: "free", evicted: undefined };
  const stale = all.find((each) => isStale(each, { now, limits }));
  return evict(stale ?? worstOf(largestSource(all.filter(isHearsay)), now) ?? oldest(all));
}

function evict(entry: BookEntry | undefined): Room {
  return entry === undefined ? { type: "full" } : { type: "free", evicted: entry.peer };
}

function isHearsay({ reachedAt, isAnchor }: BookEntry): boolean {
  return reachedAt === 0 && !isAnchor;
}

function groupOfEntry({ addresses }: BookEntry): string {
  return addresses[0]?.group ?? "";
}

function largestSource(entries: readonly BookEntry[]): readonly BookEntry[] {
  const bySource = Map.groupBy(entries, ({ sourceGroup }) => sourceGroup);
  return [...bySource.values()].toSorted((left, right) => right.length - left.length)[0] ?? [];
}

function worstOf(entries: readonly BookEntry[], now: number): BookEntry | undefined {
  let worst: BookEntry | undefined;
  for (const entry of entries) {
    if (worst === undefined || isWorse(entry, worst, now)) worst = entry;
  }
  return worst;
}

function isWorse(entry: BookEntry, than: BookEntry, now: number): boolean {
  const difference = scoreOf(entry, now) - scoreOf(than, now);
  return difference === 0 ? entry.addedAt < than.addedAt : difference < 0;
}

/** Returns the peer that was reached longest ago and is no anchor. */
function oldest(entries: readonly BookEntry[]): BookEntry | undefined {
  return entries
    .filter(({ isAnchor }) => !isAnchor)
    .toSorted((left, right) => left.reachedAt - right.reachedAt)[0];
}

/** Edge of a directed graph, between two names. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
}

/**
 * Finds the strongly connected components of a graph that have a cycle: sorted groups of names in
 * which each name reaches every other. A single name is a group only if it has an arrow to itself.
 */
export function findKnots(arrows: readonly Arrow[]): readonly (readonly string[])[] {
  const reach = reachOf(arrows);
  const knots: (readonly string[])[] = [];
  const done = new Set<string>();
  for (const name of [...reach.keys()].toSorted(byText)) {
    if (done.has(name) || !reached(reach, name, name)) continue;
    const knot = [...reach.keys()]
      .filter((other) => reached(reach, name, other) && reached(reach, other, name))
      .toSorted(byText);
    for (const each of knot) done.add(each);
    knots.push(knot);
  }
  return knots;
}

/**
 * Finds the shortest path from a name back to itself. The name is its first and its last element.
 * Empty if there is no such path.
 */
export function shortestCycle(arrows: readonly Arrow[], start: string): readonly string[] {
  const next = targetsOf(arrows);
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (const name of queue) {
    for (const target of next.get(name) ?? []) {
      if (target === start) return trailTo(name, { start, cameFrom });
      if (cameFrom.has(target)) continue;
      cameFrom.set(target, name);
      queue.push(target);
    }
  }
  return [];
}

function trailTo(
  last: string,
  at: { readonly start: string; readonly cameFrom: ReadonlyMap<string, string> },
): readonly string[] {
  const trail = [at.start];
  for (let name: string | undefined = last; name !== undefined; name = at.cameFrom.get(name)) {
    trail.unshift(name);
    if (name === at.start) break;
  }
  return trail;
}

/** Returns for each name all names that it reaches by one or more arrows. */
function reachOf(arrows: readonly Arrow[]): ReadonlyMap<string, ReadonlySet<string>> {
  const next = targetsOf(arrows);
  return new Map(
    [...next.keys()].map((name) => {
      const found = new Set(next.get(name));
      // A set that grows while it is walked visits what is added.
      for (const each of found) for (const target of next.get(each) ?? []) found.add(target);
      return [name, found];
    }),
  );
}

function targetsOf(arrows: readonly Arrow[]): ReadonlyMap<string, ReadonlySet<string>> {
  const next = new Map<string, Set<string>>();
  for (const { from, to } of arrows) {
    const targets = next.get(from) ?? new Set();
    next.set(from, targets.add(to));
  }
  return next;
}

function reached(
  reach: ReadonlyMap<string, ReadonlySet<string>>,
  from: string,
  to: string,
): boolean {
  return reach.get(from)?.has(to) ?? false;
}

function byText(left: string, right: string): number {
  return left < right ? -1 : 1;
}

/**
 * Returns advice for an unknown name: to use the closest known name, or one of all known names if
 * none is close.
 */
export function closest(name: string, known: readonly string[]): string {
  const short = name.slice(0, 60);
  const near = known
    .map((candidate) => ({ candidate, distance: editDistance(short, candidate) }))
    .filter(({ candidate, distance }) => distance <= Math.max(2, candidate.length / 3))
    .toSorted((left, right) => left.distance - right.distance);
  const [best] = near;
  return best === undefined ? `use one of ${known.join(", ")}` : `write \`${best.candidate}\``;
}

/** Returns the Levenshtein distance, ignoring case. */
function editDistance(left: string, right: string): number {
  const [a, b] = [left.toLowerCase(), right.toLowerCase()];
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/**
 * Returns a message that ends with a suggestion: the candidate most like a name, if one is similar
 * enough. The text is computed only when it is shown, because a source can have more faults than
 * are shown.
 */
export function withHint(
  message: string,
  name: string,
  candidates: () => Iterable<string>,
  otherwise = message,
): () => string {
  return () => {
    const near = nearestName(name, candidates());
    return near === undefined ? otherwise : `${message}; did you mean \`${near}\`?`;
  };
}

/**
 * Returns the candidate that differs least from a name, if it differs by at most a third of its
 * letters (Damerau-Levenshtein, restricted to adjacent swaps). Undefined if no candidate is that
 * similar.
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const candidate of candidates) {
    const most = Math.max(1, Math.floor(Math.max(name.length, candidate.length) / 3));
    if (Math.abs(name.length - candidate.length) > most) continue;
    const distance = distanceOf(name, candidate);
    if (distance > most || (best !== undefined && best.distance <= distance)) continue;
    best = { name: candidate, distance };
  }
  return best?.name;
}

function distanceOf(left: string, right: string): number {
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const isSame = left[i - 1] === right[j - 1];
      let cost = Math.min(
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + (isSame ? 0 : 1),
      );
      const isSwap = i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1];
      if (isSwap) cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      next.push(cost);
    }
    before = row;
    row = next;
  }
  return row[right.length] ?? 0;
}

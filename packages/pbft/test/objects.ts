/** Counts the objects that a value holds, itself and shared ones counted once. */
export function countObjects(value: unknown): number {
  const seen = new Set<object>();
  const visit = (each: unknown): void => {
    if (typeof each !== "object" || each === null || seen.has(each)) return;
    seen.add(each);
    if (ArrayBuffer.isView(each)) return;
    if (each instanceof Map) for (const [key, item] of each) [key, item].forEach(visit);
    else Object.values(each).forEach(visit);
  };
  visit(value);
  return seen.size;
}

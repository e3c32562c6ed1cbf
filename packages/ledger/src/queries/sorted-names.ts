/** Entry of a listing. Entries are sorted by name, then by id. */
export interface Named {
  readonly name: string;
  /** Id in hexadecimal digits. */
  readonly id: string;
}

/** Beginning and length of a page. */
export interface PageRequest {
  /** Last entry of the previous page; undefined for the first page. */
  readonly after?: Named | undefined;
  /** Most entries of the page. */
  readonly limit: number;
}

/** Page of a listing: some of its entries. */
export interface Page<T> {
  readonly entries: readonly T[];
  /**
   * Last entry of this page, to be given as `after` for the next page. Undefined on the last page.
   */
  readonly next: Named | undefined;
}

/**
 * Returns the request with `limit` raised by one. If the answer has the extra entry, there is a
 * next page.
 */
export function oneMore(request: PageRequest): PageRequest {
  return { ...request, limit: request.limit + 1 };
}

/** List of entries, sorted by name and then by id. Strings are compared by code unit. */
export class SortedNames {
  readonly #entries: Named[] = [];

  /** Adds many entries, in any order. */
  addAll(entries: readonly Named[]): void {
    for (const entry of entries) this.#entries.push(entry);
    this.#entries.sort(compareNamed);
  }

  /** Adds an entry, unless the list has it already. */
  add(entry: Named): void {
    const at = this.#placeOf(entry);
    const there = this.#entries[at];
    if (there === undefined || compareNamed(there, entry) !== 0) this.#entries.splice(at, 0, entry);
  }

  get size(): number {
    return this.#entries.length;
  }

  /**
   * Returns the entries after `after`, or from the first entry on if `after` is undefined. `after`
   * need not be in the list.
   */
  page({ after, limit }: PageRequest): readonly Named[] {
    if (after === undefined) return this.#entries.slice(0, limit);
    const at = this.#placeOf(after);
    const there = this.#entries[at];
    const isThere = there !== undefined && compareNamed(there, after) === 0;
    const from = isThere ? at + 1 : at;
    return this.#entries.slice(from, from + limit);
  }

  /**
   * Returns the entries with one name, at most `limit`. They begin after `after`, or with the first
   * one if `after` is undefined.
   */
  named(name: string, { after, limit }: PageRequest): readonly Named[] {
    const from = after ?? { name, id: "" };
    return this.page({ after: from, limit }).filter((one) => one.name === name);
  }

  /** Returns the index of the first entry that is equal to this one or sorts after it. */
  #placeOf(entry: Named): number {
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const there = this.#entries[middle];
      if (there !== undefined && compareNamed(there, entry) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function compareNamed(left: Named, right: Named): number {
  if (left.name !== right.name) return left.name < right.name ? -1 : 1;
  if (left.id === right.id) return 0;
  return left.id < right.id ? -1 : 1;
}

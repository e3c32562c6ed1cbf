/**
 * Functions of one script that share a name.
 *
 * SMT-LIB has no such thing for names of a script, and tools use it for selectors and constructors.
 * It is read only where there can be no doubt which one is meant: every two differ in the number
 * of their arguments, or at some place one takes a sort of the script's own and the other another
 * sort. No conversion leads to or from such a sort, so arguments fit one of them at most.
 */
export interface Overloads {
  /** Names that more than one function has. */
  readonly names: ReadonlySet<string>;
  /** A sort without parameters that the script declares, in our printing. */
  readonly addSort: (printed: string) => void;
  /** Another name for a sort: from then on different texts may be one sort. */
  readonly addAlias: () => void;
  /** A function by the sorts it takes in our printing; `undefined` when its name must be its own. */
  readonly add: (name: string, domain: Domain | undefined) => boolean;
}

/** Sorts of the arguments. */
export type Domain = readonly string[];

/** No function is declared yet. */
export function createOverloads(): Overloads {
  const domains = new Map<string, (Domain | undefined)[]>();
  const names = new Set<string>();
  const sorts = new Set<string>();
  let aliased = false;

  function differ(left: Domain | undefined, right: Domain | undefined): boolean {
    // A constant could stand for a function that was forgotten, and no argument would tell.
    if (left === undefined || right === undefined) return false;
    if (left.length === 0 || right.length === 0) return false;
    if (left.length !== right.length) return true;
    return left.some((sort, at) => {
      const other = right[at] ?? "";
      return sort !== other && (sorts.has(sort) || sorts.has(other));
    });
  }

  function add(name: string, domain: Domain | undefined): boolean {
    const known = domains.get(name) ?? [];
    if (known.length > 0) {
      if (aliased || !known.every((other) => differ(domain, other))) return false;
      names.add(name);
    }
    domains.set(name, [...known, domain]);
    return true;
  }

  return {
    names,
    add,
    addSort: (printed) => sorts.add(printed),
    addAlias: () => {
      aliased = true;
    },
  };
}

/**
 * Shapes of scripts that make as much work for the screen as their bytes can: each is a script of
 * about as many parts as it is asked for.
 */
export interface Shape {
  readonly name: string;
  readonly write: (parts: number) => string;
}

const count = (parts: number): readonly number[] => Array.from({ length: parts }, (_, at) => at);
/** Parts one after the other. */
export const join = (parts: number, write: (at: number) => string): string =>
  count(parts).map(write).join("");
/** A text inside itself. */
export const nest = (depth: number, open: string, inner: string, close = ")"): string =>
  open.repeat(depth) + inner + close.repeat(depth);
/** Commands and their check. */
export const claim = (text: string): string => `${text}(check-sat)`;
/** Constants `p0`, `p1`, ... of sort Bool. */
export const truths = (parts: number): string => join(parts, (at) => `(declare-const p${at} Bool)`);
/** Half of a number, rounded down. */
export const half = (parts: number): number => Math.floor(parts / 2);
/** Square root, rounded down. */
export const root = (parts: number): number => Math.floor(Math.sqrt(parts));
/** A sort of about as many nodes, with `inner` at every end. */
export const deepSort = (nodes: number, inner: string): string =>
  nest(half(nodes), `(Array ${inner} `, inner);

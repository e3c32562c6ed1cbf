import { fromHex } from "@aethel/models";
import { failure } from "../failure/failure.ts";

/**
 * Reads a whole number from a path or query. Returns `fallback` if `text` is undefined and
 * `fallback` is given.
 * @throws NodeError `BAD_REQUEST`.
 */
export function readNatural(name: string, text: string | undefined, fallback?: number): number {
  if (text === undefined && fallback !== undefined) return fallback;
  const value = Number(text);
  if (text !== undefined && /^\d{1,16}$/.test(text) && Number.isSafeInteger(value)) return value;
  throw failure("BAD_REQUEST", `${name} is not a whole number`, `give ${name} as digits`);
}

/** Reads 32 bytes of hex from a path or query. @throws NodeError `BAD_REQUEST`. */
export function readBytes32(name: string, text: string): Uint8Array {
  if (/^(0x)?[0-9a-fA-F]{64}$/.test(text)) return fromHex(text);
  throw failure("BAD_REQUEST", `${name} is not 32 bytes of hex`, `give ${name} as 64 hex digits`);
}

/**
 * Reads from a query which page of a list it requests. `after`: last id of the page before;
 * undefined for the first page. `limit`: from 1 to `most`.
 */
export function readPage(
  query: Readonly<Record<string, string>>,
  most: number,
): { readonly after: Uint8Array | undefined; readonly limit: number } {
  const { after, limit } = query;
  const wanted = readNatural("limit", limit, most);
  return {
    after: after === undefined ? undefined : readBytes32("after", after),
    limit: Math.max(1, Math.min(most, wanted)),
  };
}

/**
 * Returns the field `next` of an answer: the value of `after` for the next page. Returns no field
 * on the last page.
 */
export function nextOf(next: string | undefined): { readonly next?: string } {
  return next === undefined ? {} : { next };
}

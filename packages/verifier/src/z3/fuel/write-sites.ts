import { encodeCode, unsigned } from "../wasm-encoder.ts";
import {
  append,
  appendByte,
  appendUnsigned,
  fillSize,
  type Output,
  reserveSize,
} from "./output.ts";
import type { Section } from "./sections.ts";
import type { Sites } from "./sites.ts";
import { cursorOf, readUnsigned } from "./wasm-cursor.ts";

const GET_LOCAL = 0x20;
const TEE_LOCAL = 0x22;
const GET_GLOBAL = 0x23;
const SET_GLOBAL = 0x24;
const I32 = 0x7f;
const CONST = 0x41;
const LESS = 0x48;
const SUBTRACT = 0x6b;
const SHIFT = 0x76;
const IF = 0x04;
const NOTHING = 0x40;
const CALL = 0x10;
const DROP = 0x1a;
const END = 0x0b;

/** An operation on a range of memory takes one of fuel for each 2^4 bytes. */
const BULK_SHIFT = 4;

/** Indices of the counter and of the function that is called when it is below zero. */
export interface FuelNames {
  readonly fuel: number;
  readonly poll: number;
}

/** Bytes that one entry of `Sites` adds at most. */
export const SITE_BYTES_MAX = 48;

/** Appends the content of a code section with the instructions that count. */
export function writeSites(
  output: Output,
  code: { readonly binary: Uint8Array; readonly section: Section; readonly sites: Sites },
  names: FuelNames,
): void {
  const { binary, section, sites } = code;
  const fragments = fragmentsOf(names);
  const cursor = cursorOf(binary);
  let from = section.begin;
  let start = 0;
  for (let at = 0; at < sites.length; ) {
    start += sites[at++] ?? 0;
    const end = start + (sites[at++] ?? 0);
    const localsEnd = start + (sites[at++] ?? 0);
    const local = sites[at++] ?? 0;
    const count = sites[at++] ?? 0;
    append(output, binary, from, start);
    cursor.at = start;
    readUnsigned(cursor);
    const groups = readUnsigned(cursor);
    const size = reserveSize(output);
    appendUnsigned(output, groups + 1);
    append(output, binary, cursor.at, localsEnd);
    appendByte(output, 1);
    appendByte(output, I32);
    from = localsEnd;
    let place = start;
    for (let site = 0; site < count; site++) {
      place += sites[at++] ?? 0;
      append(output, binary, from, place);
      from = place;
      writeSite(output, fragments, { weight: sites[at++] ?? 0, local });
    }
    append(output, binary, from, end);
    from = end;
    fillSize(output, size);
  }
  append(output, binary, from, section.end);
}

function writeSite(
  output: Output,
  fragments: Fragments,
  site: { readonly weight: number; readonly local: number },
): void {
  const { weight, local } = site;
  if (weight === 0) {
    // The size of the range is on top of the stack, and stays there.
    appendByte(output, TEE_LOCAL);
    appendUnsigned(output, local);
    append(output, fragments.get);
    appendByte(output, GET_LOCAL);
    appendUnsigned(output, local);
    append(output, fragments.takeBulk);
    return;
  }
  append(output, fragments.get);
  appendByte(output, CONST);
  appendByte(output, weight);
  appendByte(output, SUBTRACT);
  appendByte(output, TEE_LOCAL);
  appendUnsigned(output, local);
  append(output, fragments.set);
  appendByte(output, GET_LOCAL);
  appendUnsigned(output, local);
  append(output, fragments.pollBelowZero);
}

/** Instructions that are the same at all sites. */
interface Fragments {
  readonly get: Uint8Array;
  readonly set: Uint8Array;
  readonly takeBulk: Uint8Array;
  readonly pollBelowZero: Uint8Array;
}

function fragmentsOf({ fuel, poll }: FuelNames): Fragments {
  return {
    get: encodeCode([GET_GLOBAL, unsigned(fuel)]),
    set: encodeCode([SET_GLOBAL, unsigned(fuel)]),
    takeBulk: encodeCode([CONST, BULK_SHIFT, SHIFT, SUBTRACT, SET_GLOBAL, unsigned(fuel)]),
    pollBelowZero: encodeCode([CONST, 0, LESS, IF, NOTHING, CALL, unsigned(poll), DROP, END]),
  };
}

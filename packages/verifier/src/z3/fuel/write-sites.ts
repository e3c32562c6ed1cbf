import { encodeCode, unsigned } from "@aethel/models/web-assembly";
import { cursorOf, readUnsigned } from "../wasm/cursor.ts";
import {
  append,
  appendByte,
  appendUnsigned,
  fillSize,
  type Output,
  reserveSize,
} from "../wasm/output.ts";
import type { Section } from "../wasm/sections.ts";
import type { Sites } from "./sites.ts";

const GET_LOCAL = 0x20;
const TEE_LOCAL = 0x22;
const GET_GLOBAL = 0x23;
const SET_GLOBAL = 0x24;
const I32 = 0x7f;
const CONST = 0x41;
const LESS = 0x48;
const SUBTRACT = 0x6b;
const SHIFT_LEFT = 0x74;
const SHIFT_RIGHT = 0x76;
const IF = 0x04;
const NOTHING = 0x40;
const CALL = 0x10;
const DROP = 0x1a;
const END = 0x0b;

/** Exponent: an operation on a range of memory costs one unit of fuel for each 2^6 bytes. */
const NEAR_SHIFT = 6;
/**
 * Exponent: an operation on a range of memory costs 2^14 further units of fuel for each 2^18 bytes.
 * Memory beyond a cache takes five times as long (measured: 50 and 10 GB/s).
 */
const FAR_SHIFT = 18;
/** Exponent of the 2^14 units of fuel that each 2^18 bytes of a memory operation cost in addition. */
const FAR_WEIGHT_SHIFT = 14;

/**
 * Index of the global counter (`fuel`), and of the function that is called when it is below zero
 * (`poll`).
 */
export interface FuelNames {
  readonly fuel: number;
  readonly poll: number;
}

/** Greatest number of bytes of instructions that one number of `Sites` adds to the code. */
export const SITE_BYTES_MAX = 48;

/** Appends the content of a code section, with the instructions that count fuel added. */
export function writeSites(
  output: Output,
  code: { readonly binary: Uint8Array; readonly section: Section; readonly sites: Sites },
  names: FuelNames,
): void {
  const { binary, section, sites } = code;
  const fragmentsOf = createFragments(names);
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
    const fragments = fragmentsOf(local);
    let place = start;
    for (let site = 0; site < count; site++) {
      place += sites[at++] ?? 0;
      append(output, binary, from, place);
      from = place;
      writeSite(output, fragments, sites[at++] ?? 0);
    }
    append(output, binary, from, end);
    from = end;
    fillSize(output, size);
  }
  append(output, binary, from, section.end);
}

/** Instructions that count fuel at one place. The byte at `weightAt` is replaced by the weight. */
interface Fragment {
  readonly bytes: Uint8Array;
  readonly weightAt: number;
}

/**
 * Instructions that count fuel at the places of one function. They depend only on the index of the
 * local variable that is added to the function.
 */
interface Fragments {
  readonly take: Fragment;
  readonly takeBulk: Uint8Array;
}

function writeSite(output: Output, { take, takeBulk }: Fragments, weight: number): void {
  if (weight === 0) {
    append(output, takeBulk);
    return;
  }
  const at = output.at;
  append(output, take.bytes);
  output.bytes[at + take.weightAt] = weight;
}

/**
 * Creates a function that makes the counting instructions for the index of an added local variable.
 * It remembers the instructions of each index, because few indexes occur.
 */
function createFragments({ fuel, poll }: FuelNames): (local: number) => Fragments {
  const known = new Map<number, Fragments>();
  const get = [GET_GLOBAL, unsigned(fuel)];
  const set = [SET_GLOBAL, unsigned(fuel)];
  const pollBelowZero = [CONST, 0, LESS, IF, NOTHING, CALL, unsigned(poll), DROP, END];
  const weightAt = encodeCode([get, CONST]).length;
  return (index) => {
    const made = known.get(index);
    if (made !== undefined) return made;
    const local = unsigned(index);
    const read = [GET_LOCAL, local];
    const keep = [TEE_LOCAL, local];
    const bytes = encodeCode([get, CONST, 0, SUBTRACT, keep, set, read, pollBelowZero]);
    // The size of the range is on top of the stack, and stays there.
    const near = [read, CONST, NEAR_SHIFT, SHIFT_RIGHT];
    const far = [read, CONST, FAR_SHIFT, SHIFT_RIGHT, CONST, FAR_WEIGHT_SHIFT, SHIFT_LEFT];
    const takeBulk = encodeCode([keep, get, near, SUBTRACT, far, SUBTRACT, set]);
    const fragments = { take: { bytes, weightAt }, takeBulk };
    known.set(index, fragments);
    return fragments;
  };
}

import {
  type Cursor,
  cursorOf,
  MEMORY_COPY,
  MEMORY_FILL,
  readByte,
  readUnsigned,
  skipNumber,
  skipOperand,
  unreadable,
} from "../wasm/cursor.ts";
import { functionParameters, sectionsOf } from "../wasm/sections.ts";

/**
 * Places at which the solver's code has to count fuel, as a flat list of numbers. For each function
 * that counts it has `start`, `end`, `localsEnd`, `local`, `count`, and `count` pairs of `place`
 * and `weight`. `start` is the distance from the start of the function before it; `end` and
 * `localsEnd` are distances from `start`. A function starts at the size of its body. `local` is the
 * index of the local variable that is added. A `place` is the distance from the place before it, or
 * from `start`. A weight of 0 marks an operation on a range of memory, which counts by its size.
 */
export type Sites = Int32Array<ArrayBuffer>;

/**
 * Greatest weight of a place that counts fuel (see `Sites`). It must be a constant of one byte,
 * which is at most 63.
 */
const WEIGHT_MAX = 16;

/**
 * Number of instructions below which a function without loops and calls does not count fuel.
 * Instead, its callers count each call.
 */
const LEAF_MAX = 64;

/** Number of instructions that a call counts as, in addition to its own. */
const CALL_WEIGHT = 4;

const BLOCK = 0x02;
const LOOP = 0x03;
const IF = 0x04;
const END = 0x0b;
const CALL = 0x10;
const CALL_INDIRECT = 0x11;
const BULK = 0xfc;

/**
 * Finds the places at which the solver's code must count fuel so that all its work is bounded: the
 * entry of each function that is not a short leaf, the head of each loop, and each operation on a
 * range of memory. Between two of these places there is only a bounded number of instructions.
 */
export function findSites(binary: Uint8Array): Sites {
  const code = sectionsOf(binary).find((section) => section.id === 10);
  if (code === undefined) throw unreadable("no code");
  const parameters = functionParameters(binary);
  const cursor = cursorOf(binary);
  cursor.at = code.begin;
  const functions = readUnsigned(cursor);
  const out: number[] = [];
  let last = 0;
  for (let index = 0; index < functions; index++) {
    const found = sitesOf(cursor, parameters[index] ?? 0);
    if (found.places.length === 0) continue;
    out.push(found.start - last, found.end - found.start, found.localsEnd - found.start);
    out.push(found.local, found.places.length);
    let place = found.start;
    for (const [at, weight] of found.places) {
      out.push(at - place, weight);
      place = at;
    }
    last = found.start;
  }
  return Int32Array.from(out);
}

interface FunctionSites {
  readonly start: number;
  readonly end: number;
  readonly localsEnd: number;
  readonly local: number;
  readonly places: readonly (readonly [at: number, weight: number])[];
}

/**
 * Stretch of code whose instructions are counted at one place: the body of a function or of a loop,
 * without the loops inside it.
 */
interface Stretch {
  readonly at: number;
  instructions: number;
}

function sitesOf(cursor: Cursor, parameters: number): FunctionSites {
  const start = cursor.at;
  const size = readUnsigned(cursor);
  const end = cursor.at + size;
  const local = parameters + skipLocals(cursor);
  const localsEnd = cursor.at;
  const body: Stretch = { at: localsEnd, instructions: 0 };
  const stretches = [body];
  const bulk: number[] = [];
  const open: Stretch[] = [];
  let current = body;
  let calls = 0;
  while (cursor.at < end) {
    const at = cursor.at;
    const opcode = readByte(cursor);
    current.instructions++;
    if (opcode === BULK && isBulk(cursor)) bulk.push(at);
    skipOperand(cursor, opcode);
    if (opcode === BLOCK || opcode === IF) open.push(current);
    else if (opcode === LOOP) {
      open.push(current);
      current = { at: cursor.at, instructions: 1 };
      stretches.push(current);
    } else if (opcode === END) current = open.pop() ?? body;
    else if (opcode === CALL || opcode === CALL_INDIRECT) {
      calls++;
      current.instructions += CALL_WEIGHT;
    }
  }
  if (cursor.at !== end) throw unreadable("a function does not end where it says");
  const leaf = calls + bulk.length === 0 && stretches.length === 1;
  if (leaf && body.instructions < LEAF_MAX) return { start, end, localsEnd, local, places: [] };
  const places = stretches.map(
    ({ at, instructions }) => [at, Math.min(instructions, WEIGHT_MAX)] as const,
  );
  if (bulk.length > 0) {
    places.push(...bulk.map((at) => [at, 0] as const));
    places.sort(([left], [right]) => left - right);
  }
  return { start, end, localsEnd, local, places };
}

/** Skips the declarations of a function's local variables, and returns the number of variables. */
function skipLocals(cursor: Cursor): number {
  const groups = readUnsigned(cursor);
  let locals = 0;
  for (let group = 0; group < groups; group++) {
    locals += readUnsigned(cursor);
    skipNumber(cursor);
  }
  return locals;
}

function isBulk(cursor: Cursor): boolean {
  const operation = cursor.bytes[cursor.at];
  return operation === MEMORY_COPY || operation === MEMORY_FILL;
}

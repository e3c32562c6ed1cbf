import { VerifierError } from "../../errors.ts";

/** Position in a WebAssembly binary, for reading forward. */
export interface Cursor {
  at: number;
  readonly bytes: Uint8Array;
}

/** Creates a cursor at the beginning. */
export function cursorOf(bytes: Uint8Array): Cursor {
  return { at: 0, bytes };
}

/**
 * Reads the next byte. Returns 0 beyond the end, because each reader knows the size that it must
 * not exceed.
 */
export function readByte(cursor: Cursor): number {
  return cursor.bytes[cursor.at++] ?? 0;
}

/** Reads an unsigned LEB128 number of at most 32 bits. */
export function readUnsigned(cursor: Cursor): number {
  let value = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = readByte(cursor);
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value >>> 0;
  }
  throw unreadable("a number too long");
}

/** Skips a LEB128 number, signed or unsigned. */
export function skipNumber(cursor: Cursor): void {
  while (readByte(cursor) >= 0x80);
}

/** Skips the flags and limits of a memory or a table. */
export function skipLimits(cursor: Cursor): void {
  const flags = readUnsigned(cursor);
  skipNumber(cursor);
  if ((flags & 1) !== 0) skipNumber(cursor);
}

/**
 * Kind of an opcode without operands. The kinds are numbers, because one is looked up for each
 * instruction of the solver.
 */
const NONE = 0;
const NUMBER = 1;
const TWO_NUMBERS = 2;
const BYTE = 3;
const FOUR_BYTES = 4;
const EIGHT_BYTES = 5;
const BRANCH_TABLE = 6;
const TYPE_LIST = 7;
const BULK = 8;
const ATOMIC = 9;
const UNKNOWN = 10;

const operands = operandTable();

/**
 * Skips the operands of an opcode.
 *
 * @throws VerifierError `SOLVER_UNUSABLE` for an unknown opcode, which no compiler used when this
 * was written.
 */
export function skipOperand(cursor: Cursor, opcode: number): void {
  switch (operands[opcode]) {
    case NONE:
      return;
    case NUMBER:
      return skipNumber(cursor);
    case TWO_NUMBERS:
      skipNumber(cursor);
      return skipNumber(cursor);
    case BYTE:
      cursor.at += 1;
      return;
    case FOUR_BYTES:
      cursor.at += 4;
      return;
    case EIGHT_BYTES:
      cursor.at += 8;
      return;
    case BRANCH_TABLE: {
      const labels = readUnsigned(cursor);
      for (let label = 0; label <= labels; label++) skipNumber(cursor);
      return;
    }
    case TYPE_LIST: {
      const types = readUnsigned(cursor);
      cursor.at += types;
      return;
    }
    case BULK:
      return skipBulk(cursor);
    case ATOMIC:
      return skipAtomic(cursor);
    default:
      throw unreadable(`opcode ${opcode}`);
  }
}

/** Opcode of `memory.copy` after the prefix 0xfc. */
export const MEMORY_COPY = 10;
/** Opcode of `memory.fill` after the prefix 0xfc. */
export const MEMORY_FILL = 11;

function skipBulk(cursor: Cursor): void {
  const operation = readUnsigned(cursor);
  // Saturating conversions of floats to integers have no operand.
  if (operation < 8) return;
  if (operation === 8) {
    skipNumber(cursor);
    cursor.at += 1;
  } else if (operation === 9) skipNumber(cursor);
  else if (operation === MEMORY_COPY) cursor.at += 2;
  else if (operation === MEMORY_FILL) cursor.at += 1;
  else throw unreadable(`opcode 0xfc ${operation}`);
}

function skipAtomic(cursor: Cursor): void {
  const operation = readUnsigned(cursor);
  if (operation === 3) {
    cursor.at += 1;
    return;
  }
  skipNumber(cursor);
  skipNumber(cursor);
}

function operandTable(): Uint8Array {
  const table = new Uint8Array(256).fill(UNKNOWN);
  const set = (operand: number, ...opcodes: readonly number[]): void => {
    for (const opcode of opcodes) table[opcode] = operand;
  };
  const range = (from: number, to: number): readonly number[] =>
    Array.from({ length: to - from + 1 }, (_, index) => from + index);
  set(NONE, 0x00, 0x01, 0x05, 0x0b, 0x0f, 0x1a, 0x1b, 0xd1, ...range(0x45, 0xc4));
  // Blocks (a type), branches, calls, variables, tables, constants, references to functions.
  set(NUMBER, 0x02, 0x03, 0x04, 0x0c, 0x0d, 0x10, ...range(0x20, 0x26), 0x41, 0x42, 0xd2);
  // Indirect calls; loads and stores.
  set(TWO_NUMBERS, 0x11, ...range(0x28, 0x3e));
  // `memory.size`, `memory.grow`, `ref.null`.
  set(BYTE, 0x3f, 0x40, 0xd0);
  set(FOUR_BYTES, 0x43);
  set(EIGHT_BYTES, 0x44);
  set(BRANCH_TABLE, 0x0e);
  set(TYPE_LIST, 0x1c);
  set(BULK, 0xfc);
  set(ATOMIC, 0xfe);
  return table;
}

export function unreadable(what: string): VerifierError {
  return new VerifierError({ code: "SOLVER_UNUSABLE", reason: `its code cannot be read: ${what}` });
}

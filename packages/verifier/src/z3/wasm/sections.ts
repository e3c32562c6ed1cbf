import {
  type Cursor,
  cursorOf,
  readByte,
  readUnsigned,
  skipLimits,
  skipNumber,
  unreadable,
} from "./cursor.ts";

/** Section of a WebAssembly binary. Its content lies from `begin` to `end`. */
export interface Section {
  readonly id: number;
  /** Offset of the section's id. */
  readonly start: number;
  readonly begin: number;
  readonly end: number;
}

export const SECTION = { custom: 0, import: 2, global: 6, export: 7, code: 10 } as const;

/** Returns all sections of a binary, in their order. */
export function sectionsOf(binary: Uint8Array): readonly Section[] {
  const cursor = cursorOf(binary);
  cursor.at = HEADER;
  const sections: Section[] = [];
  while (cursor.at < binary.length) {
    const start = cursor.at;
    const id = readByte(cursor);
    const size = readUnsigned(cursor);
    const begin = cursor.at;
    const end = begin + size;
    if (end > binary.length) throw unreadable("a section is longer than the file");
    sections.push({ id, start, begin, end });
    cursor.at = end;
  }
  return sections;
}

/** Size of the magic number and the version before the first section, in bytes. */
export const HEADER = 8;

/** Imports of a module that shift the indexes of its own functions and globals. */
export interface Imported {
  /** Indexes of the imported functions, by name. */
  readonly functions: ReadonlyMap<string, number>;
  readonly globals: number;
}

/** Returns the functions that a module imports, and the number of globals. */
export function importsOf(binary: Uint8Array): Imported {
  const functions = new Map<string, number>();
  let globals = 0;
  const cursor = cursorOf(binary);
  for (const { id, begin } of sectionsOf(binary)) {
    if (id !== SECTION.import) continue;
    cursor.at = begin;
    const count = readUnsigned(cursor);
    for (let index = 0; index < count; index++) {
      readName(cursor);
      const name = readName(cursor);
      const kind = readByte(cursor);
      if (kind === 0) {
        skipNumber(cursor);
        functions.set(name, functions.size);
      } else if (kind === 3) {
        cursor.at += 2;
        globals++;
      } else {
        // A table first has the type of its elements.
        if (kind === 1) cursor.at += 1;
        skipLimits(cursor);
      }
    }
  }
  return { functions, globals };
}

/** Returns the number of parameters of each function that is not imported. */
export function functionParameters(binary: Uint8Array): readonly number[] {
  const cursor = cursorOf(binary);
  const ofType: number[] = [];
  const ofFunction: number[] = [];
  for (const { id, begin } of sectionsOf(binary)) {
    cursor.at = begin;
    if (id === 1) {
      const types = readUnsigned(cursor);
      for (let type = 0; type < types; type++) {
        if (readByte(cursor) !== 0x60) throw unreadable("a type that is no function's");
        ofType.push(skipTypes(cursor));
        skipTypes(cursor);
      }
    } else if (id === 3) {
      const functions = readUnsigned(cursor);
      for (let at = 0; at < functions; at++) ofFunction.push(ofType[readUnsigned(cursor)] ?? 0);
    }
  }
  return ofFunction;
}

function skipTypes(cursor: Cursor): number {
  const count = readUnsigned(cursor);
  cursor.at += count;
  return count;
}

function readName(cursor: Cursor): string {
  const length = readUnsigned(cursor);
  const from = cursor.at;
  cursor.at += length;
  return new TextDecoder().decode(cursor.bytes.subarray(from, cursor.at));
}

import { type Code, encodeCode, name, unsigned } from "@aethel/models/web-assembly";
import { VerifierError } from "../../errors.ts";
import { cursorOf, readUnsigned } from "../wasm/cursor.ts";
import {
  append,
  appendByte,
  appendUnsigned,
  fillSize,
  type Output,
  reserveSize,
} from "../wasm/output.ts";
import { HEADER, importsOf, SECTION, type Section, sectionsOf } from "../wasm/sections.ts";
import type { Sites } from "./sites.ts";
import { SITE_BYTES_MAX, writeSites } from "./write-sites.ts";

/**
 * Version of the rules that decide where the solver's code counts fuel, and how much. It must grow
 * with every change of these rules.
 */
export const FUEL_VERSION = 1;

/** Name of the fuel counter among the solver's exports. */
export const FUEL_EXPORT = "aethel_fuel";

/**
 * Name of the imported function that the solver calls when its fuel is below zero. Z3's own code
 * calls it for the date. A sealed solver gets 0 instead of a date, so additional calls change
 * nothing.
 */
export const POLL_IMPORT = "emscripten_date_now";

/**
 * Adds fuel to the solver's code. At each place that `findSites` returned, the code subtracts from
 * a global counter, and calls `POLL_IMPORT` if the counter falls below zero. Otherwise it computes
 * the same. Custom sections (names of functions) are left out, because nothing reads them.
 */
export function addFuel(binary: Uint8Array, sites: Sites): Uint8Array<ArrayBuffer> {
  const imported = importsOf(binary);
  const poll = imported.functions.get(POLL_IMPORT);
  if (poll === undefined) {
    const reason = `it does not import ${POLL_IMPORT}`;
    throw new VerifierError({ code: "SOLVER_UNUSABLE", reason });
  }
  const sections = sectionsOf(binary);
  const globals = sections.find(({ id }) => id === SECTION.global);
  const fuel = imported.globals + (globals === undefined ? 0 : countOf(binary, globals));
  // Reserved memory that is not written costs only addresses.
  const room = binary.length + sites.length * SITE_BYTES_MAX + 1024;
  const output: Output = { bytes: new Uint8Array(room), at: 0 };
  append(output, binary, 0, HEADER);
  for (const section of sections) {
    if (section.id === SECTION.custom) continue;
    if (section.id === SECTION.global) {
      appendWith(output, { binary, section, entry: [I32, MUTABLE, CONST, 0, END] });
    } else if (section.id === SECTION.export) {
      const entry = [name(FUEL_EXPORT), GLOBAL_KIND, unsigned(fuel)];
      appendWith(output, { binary, section, entry });
    } else if (section.id === SECTION.code) {
      appendByte(output, section.id);
      const size = reserveSize(output);
      writeSites(output, { binary, section, sites }, { fuel, poll });
      fillSize(output, size);
    } else append(output, binary, section.start, section.end);
  }
  return output.bytes.subarray(0, output.at);
}

const I32 = 0x7f;
const MUTABLE = 1;
const CONST = 0x41;
const END = 0x0b;
const GLOBAL_KIND = 3;

function countOf(binary: Uint8Array, section: Section): number {
  const cursor = cursorOf(binary);
  cursor.at = section.begin;
  return readUnsigned(cursor);
}

/** Appends a section that is a list, with one more entry at its end. */
function appendWith(
  output: Output,
  what: { readonly binary: Uint8Array; readonly section: Section; readonly entry: Code },
): void {
  const { binary, section, entry } = what;
  const cursor = cursorOf(binary);
  cursor.at = section.begin;
  const count = readUnsigned(cursor);
  appendByte(output, section.id);
  const size = reserveSize(output);
  appendUnsigned(output, count + 1);
  append(output, binary, cursor.at, section.end);
  append(output, encodeCode(entry));
  fillSize(output, size);
}

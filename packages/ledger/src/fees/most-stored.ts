import { type ChainParameters, UNITS } from "@aethel/models";
import { LANGUAGE_LIMITS } from "@aethel/verifier";
import { mostUnits } from "../metering/shares.ts";
import type { StoredClaim } from "../metering/units.ts";
import type { JudgedBody } from "../programs/record-claim.ts";

/**
 * Returns the most that a judged proof can add to the state, without cells of a contract. Counts the
 * keywords of a source instead of compiling it. The bound is at most the longest canonical text
 * whose compilation the proof can pay for, since a longer text is not recorded.
 */
export function mostStored(
  body: JudgedBody,
  certificates: number,
  parameters: Pick<ChainParameters, "blockUnitsMax">,
): StoredClaim {
  if (body.type === "theorem") return { canonical: 0, certificates, values: 0, keys: 2 };
  const { programs, assets, constants, isContract, cells, colons } = countIn(body.source);
  const text =
    body.source.length * LAYOUT + programs * assets * DECLARATION_BYTES + constants * NUMERAL_BYTES;
  const canonical = Math.min(text, Math.ceil(mostUnits(body, parameters) / UNITS.programByte));
  const keys = 1 + programs * (2 + assets);
  if (!isContract) return { canonical, certificates, values: 0, keys };
  // Keys: record, certificate, source, scalars, native vault; each intent; each asset, its vault.
  const ofContract = 5 + programs + 2 * assets + cells;
  // The names in the records of intents are in the source, but for the contract's.
  const interfaces = body.source.length + programs * INTERFACE_BYTES + colons * PARAMETER_BYTES;
  const values = (LANGUAGE_LIMITS.entries + cells) * VALUE_BYTES + interfaces;
  return { canonical, certificates, values, keys: Math.max(keys, ofContract) };
}

/** Returns the most bytes of cells that a publication creates, for its deposit. */
export function mostCellBytes(body: JudgedBody): number {
  if (body.type === "theorem") return 0;
  const { isContract, cells } = countIn(body.source);
  return isContract ? cells * (CELL_KEY_BYTES + VALUE_BYTES) : 0;
}

/**
 * Returns what a judged proof usually adds to the state. The canonical text is assumed to be as
 * long as the source.
 */
export function usuallyStored(body: JudgedBody, certificates: number): StoredClaim {
  if (body.type === "theorem") return { canonical: 0, certificates, values: 0, keys: 2 };
  const { programs, isContract, cells, colons } = countIn(body.source);
  const canonical = body.source.length;
  if (!isContract) return { canonical, certificates, values: 0, keys: 1 + 2 * programs };
  const interfaces = programs * USUAL_INTERFACE_BYTES + colons * USUAL_PARAMETER_BYTES;
  const values = USUAL_SCALAR_BYTES + interfaces;
  return { canonical, certificates, values, keys: 5 + programs + cells };
}

/** Counts keywords of a source, including those in comments. */
function countIn(source: Uint8Array): {
  readonly programs: number;
  readonly assets: number;
  /** Number of uses of named constants. The canonical text has a number in the place of each. */
  readonly constants: number;
  /** Whether the source may be a contract. */
  readonly isContract: boolean;
  /** Number of cells in the initial state of a contract, written `[key]: value`. */
  readonly cells: number;
  /** Number of colons: at least one for each parameter. */
  readonly colons: number;
} {
  const text = new TextDecoder().decode(source);
  const words: readonly string[] = text.match(/\w+/g) ?? [];
  const names = new Set(words.filter((_, at) => words[at - 1] === "const"));
  return {
    programs: words.filter((word) => word === "intent" || word === "atomic_batch").length,
    assets: words.filter((word) => word === "asset").length,
    constants: words.filter((word) => names.has(word)).length,
    isContract: words.includes("contract"),
    cells: (text.match(/\]\s*:/g) ?? []).length,
    colons: (text.match(/:/g) ?? []).length,
  };
}

/**
 * Most bytes of canonical text for each byte of source. In a batch the two-byte statement `x;`
 * becomes nine bytes.
 */
const LAYOUT = 5;

/** Most bytes of the declaration of an asset: two names of 64 bytes and the words between them. */
const DECLARATION_BYTES = 160;

/** Most bytes of a number of 256 bits in decimal digits, with a sign and brackets. */
const NUMERAL_BYTES = 82;

/** Most bytes of a stored value: a record of 16 fields of 32 bytes. */
const VALUE_BYTES = LANGUAGE_LIMITS.fields * 32;

/** Most bytes of the key of a cell: kind, contract, map, and two keys of 32 bytes. */
const CELL_KEY_BYTES = 98;

/**
 * Most bytes of the key and the record of a contract's intent, without the names of the intent and
 * its parameters.
 */
const INTERFACE_BYTES = 160;

/** Most bytes of a parameter in the record of an intent, without its names. */
const PARAMETER_BYTES = 16;

/** Usual bytes of the record of an intent without parameters, and of each parameter. */
const USUAL_INTERFACE_BYTES = 112;

const USUAL_PARAMETER_BYTES = 20;

/** Assumed bytes of the scalars of a contract, as four `Int`s take. */
const USUAL_SCALAR_BYTES = 64;

import { type ChainParameters, UNITS } from "@aethel/models";
import { mostUnits } from "../metering/shares.ts";
import type { StoredClaim } from "../metering/units.ts";
import type { JudgedBody } from "../programs/record-claim.ts";

/**
 * Returns the most that a publication can leave in the state, by its text, which is not compiled.
 * It is bounded by the longest text that a proof can pay to compile, since a longer one is not
 * recorded.
 */
export function mostStored(
  body: JudgedBody,
  certificates: number,
  parameters: Pick<ChainParameters, "blockUnitsMax">,
): StoredClaim {
  if (body.type === "theorem") return { canonical: 0, certificates, keys: 2 };
  const { programs, assets, constants } = countIn(body.source);
  const text =
    body.source.length * LAYOUT + programs * assets * DECLARATION_BYTES + constants * NUMERAL_BYTES;
  const canonical = Math.min(text, Math.ceil(mostUnits(body, parameters) / UNITS.programByte));
  return { canonical, certificates, keys: 1 + programs * (2 + assets) };
}

/**
 * Returns the usual size of a publication in the state: its canonical text is as long as its
 * source.
 */
export function usuallyStored(body: JudgedBody, certificates: number): StoredClaim {
  if (body.type === "theorem") return { canonical: 0, certificates, keys: 2 };
  const { programs } = countIn(body.source);
  return { canonical: body.source.length, certificates, keys: 1 + 2 * programs };
}

/** Counts keywords of a source, including those in comments. */
function countIn(source: Uint8Array): {
  readonly programs: number;
  readonly assets: number;
  /** Uses of constants, each of which becomes a numeral. */
  readonly constants: number;
} {
  const words = new TextDecoder().decode(source).match(/\w+/g) ?? [];
  const names = new Set(words.filter((_, at) => words[at - 1] === "const"));
  return {
    programs: words.filter((word) => word === "intent" || word === "atomic_batch").length,
    assets: words.filter((word) => word === "asset").length,
    constants: words.filter((word) => names.has(word)).length,
  };
}

/**
 * Bytes of canonical text for each byte of source: the statement `x;` of two bytes takes nine in a
 * batch.
 */
const LAYOUT = 5;

/** Bytes of a declaration of an asset: two names of 64 bytes and the words between them. */
const DECLARATION_BYTES = 160;

/** Bytes of a number of 256 bits in decimal digits, with a sign and brackets. */
const NUMERAL_BYTES = 82;

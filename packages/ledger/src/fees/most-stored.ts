import { type ChainParameters, UNITS } from "@aethel/models";
import { mostUnits } from "../metering/shares.ts";
import type { StoredClaim } from "../metering/units.ts";
import type { JudgedBody } from "../programs/record-claim.ts";

/**
 * Returns the most that a judged proof can add to the state. Counts the keywords of a source
 * instead of compiling it. The bound is at most the longest canonical text whose compilation the
 * proof can pay for, since a longer text is not recorded.
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
 * Returns what a judged proof usually adds to the state. The canonical text is assumed to be as
 * long as the source.
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
  /** Number of uses of named constants. The canonical text has a number in the place of each. */
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
 * Most bytes of canonical text for each byte of source. In a batch the two-byte statement `x;`
 * becomes nine bytes.
 */
const LAYOUT = 5;

/** Most bytes of the declaration of an asset: two names of 64 bytes and the words between them. */
const DECLARATION_BYTES = 160;

/** Most bytes of a number of 256 bits in decimal digits, with a sign and brackets. */
const NUMERAL_BYTES = 82;

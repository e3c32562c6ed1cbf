import { bitVectorSignatures } from "./bit-vectors.ts";
import { arraySignatures, coreSignatures } from "./core.ts";
import { extensions, indexedExtensions } from "./extensions.ts";
import { floatSignatures, roundingModes } from "./floats.ts";
import { numberSignatures } from "./numbers.ts";
import type { Signature } from "./signature.ts";
import { stringSignatures } from "./strings.ts";

/** All operators of the standard's theories. */
export const allSignatures: readonly Signature[] = [
  ...coreSignatures,
  ...numberSignatures,
  ...arraySignatures,
  ...bitVectorSignatures,
  ...floatSignatures,
  ...stringSignatures,
];

const plain = byName(allSignatures.filter(({ indices }) => indices === 0));
const indexed = byName(allSignatures.filter(({ indices }) => indices > 0));
const aliases: ReadonlyMap<string, string> = new Map([
  ...roundingModes,
  ...extensions.map(({ name, means }): [string, string] => [name, means]),
]);
const indexedAliases: ReadonlyMap<string, string> = new Map(
  indexedExtensions.map(({ name, means }) => [name, means]),
);

/** Returns the signature of a name without indices; undefined if no theory has it. */
export function signatureOf(name: string): Signature | undefined {
  return plain.get(aliases.get(name) ?? name);
}

/** Returns the signature of a name written after `_`; undefined if no theory has it. */
export function indexedSignatureOf(name: string): Signature | undefined {
  return indexed.get(indexedAliases.get(name) ?? name);
}

function byName(signatures: readonly Signature[]): ReadonlyMap<string, Signature> {
  return new Map(signatures.map((signature) => [signature.name, signature]));
}

import * as models from "../src/index.ts";

/** A codec whose value type is not known at compile time, so that one table holds all. */
export type AnyCodec = models.Codec<unknown>;

/** Every wire type that the package exports, by the name of its export. */
export const wireTypes: readonly (readonly [string, AnyCodec])[] = Object.entries(models)
  .flatMap(([name, value]) => (isCodec(value) ? [[name, value] as const] : []))
  .toSorted(([left], [right]) => (left < right ? -1 : Number(left > right)));

/** `decode`, or undefined where it refuses; any other failure than the typed one is let through. */
export function decodeOrRefuse(codec: AnyCodec, bytes: Uint8Array): { value: unknown } | undefined {
  try {
    return { value: codec.decode(bytes) };
  } catch (error) {
    if (error instanceof models.ModelsError && error.fault.code === "DECODE") return undefined;
    throw error;
  }
}

function isCodec(value: unknown): value is AnyCodec {
  return typeof value === "object" && value !== null && "schema" in value && "decode" in value;
}

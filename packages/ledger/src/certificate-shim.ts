import { boundedBytes, type Codec, list, struct } from "@aethel/models/codec";

// Until the verifier has them.
const Row = struct("Row", {
  obligations: list(struct("One", { bytes: boundedBytes(65_536) }), 4096),
});
const Bundle: Codec<{
  readonly intents: readonly { readonly obligations: readonly { readonly bytes: Uint8Array }[] }[];
}> = struct("Bundle", { intents: list(Row, 4096) });

export function encodeCertificate(rows: readonly (readonly Uint8Array[])[]): Uint8Array {
  return Bundle.encode({
    intents: rows.map((row) => ({ obligations: row.map((bytes) => ({ bytes })) })),
  });
}

export function decodeCertificate(
  bytes: Uint8Array,
): readonly (readonly Uint8Array[])[] | undefined {
  try {
    return Bundle.decode(bytes).intents.map((row) => row.obligations.map((one) => one.bytes));
  } catch {
    return undefined;
  }
}

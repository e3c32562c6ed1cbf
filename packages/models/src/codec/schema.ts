/**
 * Shape of a wire type as plain data. It is meant for tools that visit types: generators of values,
 * documentation, editors, other implementations. Names are SSZ's where SSZ has one.
 */
export type Schema =
  /** SSZ `uint8 .. uint64`, little-endian, as a number. */
  | { readonly type: "natural"; readonly bytes: 1 | 2 | 4 | 8; readonly max: number }
  /** SSZ `uint64` or `uint128`, little-endian, as a bigint. */
  | { readonly type: "big-natural"; readonly bytes: 8 | 16 }
  | { readonly type: "boolean" }
  /** One byte: the index of the name. */
  | { readonly type: "enumeration"; readonly names: readonly string[] }
  /** SSZ `ByteVector[length]`. */
  | { readonly type: "fixed-bytes"; readonly length: number }
  /** SSZ `ByteList[limit]`. */
  | { readonly type: "bounded-bytes"; readonly limit: number }
  /** SSZ `Bitlist[limit]`. */
  | { readonly type: "bits"; readonly limit: number }
  /** SSZ `List[item, limit]`. */
  | { readonly type: "list"; readonly item: Schema; readonly limit: number }
  /** SSZ `Optional[item]` (EIP-6475). */
  | { readonly type: "optional"; readonly item: Schema }
  /** SSZ `Container`. The order of the fields is wire format. */
  | {
      readonly type: "struct";
      readonly name: string;
      readonly fields: Readonly<Record<string, Schema>>;
    }
  /** SSZ `Union` of structs. The order of the members is wire format. */
  | {
      readonly type: "union";
      readonly name: string;
      readonly members: Readonly<Record<string, Schema>>;
    };

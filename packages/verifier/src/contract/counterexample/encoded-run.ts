import { concatBytes, fromHex, toHex } from "@aethel/models/primitives";
import { holdingKey } from "../encoder/symbolic-state.ts";
import { decodeStored, encodeStored, storedSize } from "../evaluate/stored-value.ts";
import type { ContractParameter, TypedContract } from "../typed/typed-contract.ts";
import type { ContractValue, FieldValue, ScalarType, ValueType } from "../typed/value-types.ts";
import { isDefault, none } from "../typed/values.ts";
import { cellKey, type WholeCell, type WholeState } from "../whole-state/whole-state.ts";
import { type Concrete, stateOf } from "./concrete.ts";
import { decodeParts, encodeParts, type RunParts } from "./run-bytes.ts";
import { boundMaps, type RunOfStatement, type Statement } from "./statement.ts";

/** Run of a contract that refutes a statement. */
export interface RefutingRun extends RunOfStatement {
  readonly statement: Statement;
  /** Signatures of messages that are valid in the run, each with its account. */
  readonly signatures: readonly { readonly account: string; readonly signature: string }[];
}

/**
 * Encodes a run of a contract in at most `REFUTATION_BYTES_MAX` bytes. Undefined if it has more
 * parts than the encoding has room for.
 */
export function encodeRun(
  contract: TypedContract,
  { statement, intent, concrete, keys, signatures }: RefutingRun,
): Uint8Array | undefined {
  const { state, call, holdings, supplies } = concrete;
  const fields = fieldsOf(contract);
  const boundTypes = keyTypesOf(contract, statement);
  return encodeParts({
    statement,
    intent: intent === undefined ? 0 : 1 + contract.intents.indexOf(intent),
    arguments: (intent?.parameters ?? []).flatMap(({ name, type }) => {
      const value = call.arguments.get(name);
      return value === undefined ? [] : [encodeArgument(value, type)];
    }),
    signers: [...call.signers].map(fromHex),
    sequence: call.sequence,
    now: call.now,
    scalars: contract.scalars.flatMap(({ name, type }) => {
      const value = state.scalars.get(name);
      return value === undefined ? [] : [encodeStored(value, type)];
    }),
    cells: contract.maps.flatMap(({ name, keys: types, value: type }, map) =>
      [...(state.maps.get(name)?.values() ?? [])].map((cell) => ({
        map,
        keys: encodeKeys(cell.keys, types),
        value: encodeStored(cell.value, type),
      })),
    ),
    vaults: ["", ...assetNames(contract)].map((asset) => state.vaults.get(asset) ?? 0n),
    supplies: assetNames(contract).map(
      (asset) => state.supplies.get(asset) ?? supplies.get(asset) ?? 0n,
    ),
    holdings: [...holdings].flatMap(([account, own]) =>
      [...own].map(([field, held]) => {
        return { account: fromHex(account), field: fields.indexOf(field), amount: held };
      }),
    ),
    signatures: signatures.map((one) => ({
      account: fromHex(one.account),
      signature: fromHex(one.signature),
    })),
    keys: keys.map((own, head) => encodeKeys(own, boundTypes[head] ?? [])),
  });
}

/**
 * Decodes a run of a contract. Undefined unless the bytes are one, with every value in the range of
 * its type.
 */
export function decodeRun(contract: TypedContract, bytes: Uint8Array): RefutingRun | undefined {
  const run = decodeParts(bytes);
  if (run === undefined) return undefined;
  const intent = contract.intents[run.intent - 1];
  if (run.intent !== 0 && intent === undefined) return undefined;
  const args = decodeArguments(intent?.parameters ?? [], run.arguments);
  const scalars = decodeScalars(contract, run.scalars);
  const maps = decodeMaps(contract, run.cells);
  const holdings = decodeHoldings(contract, run.holdings);
  const keys = decodeBound(keyTypesOf(contract, run.statement), run.keys);
  const assets = assetNames(contract);
  const isComplete =
    run.vaults.length === 1 + assets.length && run.supplies.length === assets.length;
  const signers = new Set(run.signers.map(toHex));
  if (args === undefined || scalars === undefined || maps === undefined) return undefined;
  if (holdings === undefined || keys === undefined || !isComplete || signers.has(none)) {
    return undefined;
  }
  const supplies = new Map(assets.map((asset, at) => [asset, run.supplies[at] ?? 0n] as const));
  const own = contract.assets.filter(({ isOwn }) => isOwn).map(({ name }) => name);
  const state: WholeState = {
    scalars,
    maps,
    vaults: new Map(["", ...assets].map((asset, at) => [asset, run.vaults[at] ?? 0n] as const)),
    supplies: new Map([...supplies].filter(([asset]) => own.includes(asset))),
  };
  const outside = new Map([...supplies].filter(([asset]) => !own.includes(asset)));
  const signatures = run.signatures.map((one) => ({
    account: toHex(one.account),
    signature: toHex(one.signature),
  }));
  const valid = new Set(signatures.map((one) => `${one.account} ${one.signature}`));
  const concrete: Concrete = {
    state,
    holdings,
    supplies: outside,
    call: {
      arguments: args,
      signers,
      sequence: run.sequence,
      now: run.now,
      state: stateOf(contract, state, { holdings, supplies: outside }),
      isSignature: ({ account, signature }) => valid.has(`${account} ${signature}`),
    },
  };
  return { statement: run.statement, intent, concrete, keys, signatures };
}

function assetNames({ assets }: TypedContract): readonly string[] {
  return assets.map(({ name }) => name);
}

/** Returns the keys of amounts that an account holds, in the order of `RunParts.holdings`. */
function fieldsOf(contract: TypedContract): readonly string[] {
  const own = assetNames(contract).map((asset) => holdingKey("balance", asset));
  return ["balance", "stake", ...own];
}

/** Returns the types of the keys of each map that a statement binds. */
function keyTypesOf(
  contract: TypedContract,
  statement: Statement,
): readonly (readonly ScalarType[])[] {
  return boundMaps(contract, statement).map(
    (name) => contract.maps.find((map) => map.name === name)?.keys ?? [],
  );
}

function encodeArgument(value: FieldValue, type: ContractParameter["type"]): Uint8Array {
  return type.kind === "signature" ? fromHex(String(value)) : encodeStored(value, type);
}

function encodeKeys(keys: readonly FieldValue[], types: readonly ScalarType[]): Uint8Array {
  return concatBytes(
    ...types.flatMap((type, at) => {
      const key = keys[at];
      return key === undefined ? [] : [encodeStored(key, type)];
    }),
  );
}

function decodeKeys(
  bytes: Uint8Array,
  types: readonly ScalarType[],
): readonly FieldValue[] | undefined {
  const keys: FieldValue[] = [];
  let at = 0;
  for (const type of types) {
    const key = decodeStored(bytes.subarray(at, at + storedSize(type)), type);
    if (key === undefined || typeof key === "object") return undefined;
    keys.push(key);
    at += storedSize(type);
  }
  return at === bytes.length ? keys : undefined;
}

function decodeBound(
  types: readonly (readonly ScalarType[])[],
  encoded: readonly Uint8Array[],
): readonly (readonly FieldValue[])[] | undefined {
  if (types.length !== encoded.length) return undefined;
  const keys = types.flatMap((own, head) => {
    const one = decodeKeys(encoded[head] ?? new Uint8Array(), own);
    return one === undefined ? [] : [one];
  });
  return keys.length === types.length ? keys : undefined;
}

function decodeArguments(
  parameters: readonly ContractParameter[],
  encoded: readonly Uint8Array[],
): ReadonlyMap<string, FieldValue> | undefined {
  if (parameters.length !== encoded.length) return undefined;
  const found = new Map<string, FieldValue>();
  for (const [at, { name, type }] of parameters.entries()) {
    const bytes = encoded[at] ?? new Uint8Array();
    const value =
      type.kind === "signature"
        ? bytes.length === 64
          ? toHex(bytes)
          : undefined
        : decodeStored(bytes, type);
    if (value === undefined || typeof value === "object") return undefined;
    found.set(name, value);
  }
  return found;
}

function decodeScalars(
  { scalars }: TypedContract,
  encoded: readonly Uint8Array[],
): ReadonlyMap<string, ContractValue> | undefined {
  if (scalars.length !== encoded.length) return undefined;
  const found = new Map<string, ContractValue>();
  for (const [at, { name, type }] of scalars.entries()) {
    const value = decodeStored(encoded[at] ?? new Uint8Array(), type);
    if (value === undefined) return undefined;
    found.set(name, value);
  }
  return found;
}

/** Decodes cells. Undefined if one has no map, is absent (the default), or occurs twice. */
function decodeMaps(
  { maps }: TypedContract,
  encoded: RunParts["cells"],
): WholeState["maps"] | undefined {
  const found = new Map(maps.map(({ name }) => [name, new Map<string, WholeCell>()] as const));
  for (const cell of encoded) {
    const map = maps[cell.map];
    const cells = map === undefined ? undefined : found.get(map.name);
    if (map === undefined || cells === undefined) return undefined;
    const type: ValueType = map.value;
    const keys = decodeKeys(cell.keys, map.keys);
    const value = decodeStored(cell.value, type);
    if (keys === undefined || value === undefined || isDefault(value, type)) return undefined;
    if (cells.has(cellKey(keys))) return undefined;
    cells.set(cellKey(keys), { keys, value });
  }
  return found;
}

/** Decodes amounts of accounts. Undefined if one has no field, or occurs twice. */
function decodeHoldings(
  contract: TypedContract,
  encoded: RunParts["holdings"],
): Concrete["holdings"] | undefined {
  const fields = fieldsOf(contract);
  const found = new Map<string, Map<string, bigint>>();
  for (const { account, field, amount: held } of encoded) {
    const name = fields[field];
    const key = toHex(account);
    const own = found.get(key) ?? new Map<string, bigint>();
    if (name === undefined || own.has(name)) return undefined;
    found.set(key, own.set(name, held));
  }
  return found;
}

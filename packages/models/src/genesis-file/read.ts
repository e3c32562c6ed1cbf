import type { Node } from "yaml";
import { ModelsError } from "../errors.ts";
import {
  AMOUNT_MAX,
  type Amount,
  toAccountId,
  toAmount,
  toDigest,
  toPublicKey,
  toTimestamp,
} from "../ids.ts";
import { Genesis, genesisProblems } from "../ledger/genesis.ts";
import type { GenesisAsset } from "../ledger/genesis-assets.ts";
import { ChainParameters, type JudgeIdentity } from "../ledger/parameters.ts";
import {
  ASSET_NAME_BYTES_MAX,
  GENESIS_ASSETS_MAX,
  GENESIS_HOLDINGS_MAX,
  SOURCE_BYTES_MAX,
  VALIDATORS_MAX,
} from "../limits.ts";
import { instant } from "./instant.ts";
import { readJson } from "./json-form.ts";
import { PARAMETER_LINES, PARAMETER_NAMES } from "./parameter-lines.ts";
import {
  createReader,
  type Reader,
  readBytes32,
  readChoice,
  readList,
  readMapping,
  readQuantity,
  report,
} from "./reader.ts";
import type { GenesisReading, GenesisRule } from "./reading.ts";
import { type PlacedProblem, parseSource } from "./source.ts";
import { readBytesOrText } from "./text-bytes.ts";
import { plainNumber, tokens, type Unit, units, yesOrNo } from "./units.ts";

// Fields of each mapping, with an example of each value.
const BYTES_32 = "0x... (64 digits)";
const AMOUNT = "12.5 tokens";
const TOP_LEVEL = {
  name: "my chain",
  time: instant.example,
  parameters: "(see a new chain's file)",
  validators: "[]",
  accounts: "[]",
  intents: "[]",
};
const VALIDATOR = { id: BYTES_32, key: BYTES_32, stake: AMOUNT };
const ACCOUNT = { id: BYTES_32, balance: AMOUNT };
const ASSET = { name: "GOLD", issuer: BYTES_32, supply: "1_000", holdings: "[]" };
const HOLDING = { id: BYTES_32, amount: "1_000" };
const JUDGE = { version: "1", wasmHash: BYTES_32, kernelVersion: "1", proverVersion: "1" };
const PARAMETERS = {
  ...Object.fromEntries(PARAMETER_NAMES.map((name) => [name, exampleOf(name)])),
  judge: "{ version: 1, wasmHash: 0x..., kernelVersion: 1, proverVersion: 1 }",
};

const ACCOUNTS_MAX = 65_536;
const INTENTS_MAX = 64;
const NAME_BYTES_MAX = 64;

/**
 * Reads a genesis file (YAML, or the JSON of `Genesis.toJson`) and checks that it is sound. Never
 * throws. Time and memory are bounded, because the size of the text is checked before it is parsed.
 */
export function readGenesisFile(
  text: string,
  options: { readonly rules?: readonly GenesisRule[] } = {},
): GenesisReading {
  const { rules = [] } = options;
  if (/^\s*\{/.test(text)) return readJson(text, rules);
  const reading = parseGenesis(text);
  if (!("genesis" in reading)) return { ok: false, problems: reading.problems };
  const { genesis, reader } = reading;
  const problems = [genesisProblems, ...rules].flatMap((rule) => rule(genesis));
  for (const { path, what, repair, involves } of problems) {
    if ([path, ...involves].some((one) => isFailed(reader, one))) continue;
    reader.problems.push({ ...reader.source.placeOf(nodeAt(reader, path)), path, what, repair });
  }
  if (reader.problems.length === 0) return { ok: true, genesis };
  return { ok: false, problems: inOrder(reader.problems) };
}

/** Reads the genesis in a file, without checking that it is sound. */
export function parseGenesis(
  text: string,
): { genesis: Genesis; reader: Reader } | { problems: readonly PlacedProblem[] } {
  const source = parseSource(text);
  if (!("placeOf" in source)) return { problems: source };
  const reader = createReader(source);
  const genesis = readGenesis(reader);
  if (reader.problems.length === 0) reportUnencodable(reader, genesis);
  return { genesis, reader };
}

function readGenesis(reader: Reader): Genesis {
  const top = readMapping(reader, reader.source.root, {
    path: "",
    required: TOP_LEVEL,
    optional: ["assets", "faucet"],
  });
  const faucet = top.get("faucet");
  const max = Number.MAX_SAFE_INTEGER;
  return {
    name: readBytesOrText(reader, top.get("name"), "name", NAME_BYTES_MAX),
    timestamp: toTimestamp(
      readQuantity(reader, top.get("time"), "time", { unit: instant, max, filler: 0 }),
    ),
    parameters: readParameters(reader, top.get("parameters")),
    validators: readList(
      reader,
      top.get("validators"),
      { path: "validators", max: VALIDATORS_MAX },
      (item, path) => {
        const fields = readMapping(reader, item, { path, required: VALIDATOR });
        return {
          id: toAccountId(readBytes32(reader, fields.get("id"), `${path}.id`)),
          key: toPublicKey(readBytes32(reader, fields.get("key"), `${path}.key`)),
          stake: readAmount(reader, fields.get("stake"), `${path}.stake`),
        };
      },
    ),
    accounts: readList(
      reader,
      top.get("accounts"),
      { path: "accounts", max: ACCOUNTS_MAX },
      (item, path) => {
        const fields = readMapping(reader, item, { path, required: ACCOUNT });
        return {
          id: toAccountId(readBytes32(reader, fields.get("id"), `${path}.id`)),
          balance: readAmount(reader, fields.get("balance"), `${path}.balance`),
        };
      },
    ),
    assets: readAssets(reader, top.get("assets")),
    intents: readList(
      reader,
      top.get("intents"),
      { path: "intents", max: INTENTS_MAX },
      (item, path) => ({ source: readBytesOrText(reader, item, path, SOURCE_BYTES_MAX) }),
    ),
    faucet: faucet === undefined ? undefined : toAccountId(readBytes32(reader, faucet, "faucet")),
  };
}

function readAssets(reader: Reader, node: Node | undefined): readonly GenesisAsset[] {
  return readList(reader, node, { path: "assets", max: GENESIS_ASSETS_MAX }, (item, path) => {
    const fields = readMapping(reader, item, { path, required: ASSET });
    const name = readBytesOrText(reader, fields.get("name"), `${path}.name`, ASSET_NAME_BYTES_MAX);
    const within = { path: `${path}.holdings`, max: GENESIS_HOLDINGS_MAX };
    return {
      name,
      issuer: toAccountId(readBytes32(reader, fields.get("issuer"), `${path}.issuer`)),
      supply: readAmount(reader, fields.get("supply"), `${path}.supply`, units),
      holdings: readList(reader, fields.get("holdings"), within, (holding, at) => {
        const held = readMapping(reader, holding, { path: at, required: HOLDING });
        return {
          id: toAccountId(readBytes32(reader, held.get("id"), `${at}.id`)),
          amount: readAmount(reader, held.get("amount"), `${at}.amount`, units),
        };
      }),
    };
  });
}

function readParameters(reader: Reader, node: Node | undefined): ChainParameters {
  const path = "parameters";
  const fields = readMapping(reader, node, { path, required: PARAMETERS });
  const values = PARAMETER_NAMES.map((name) => {
    const at = `${path}.${name}`;
    const { unit } = PARAMETER_LINES[name];
    if (unit === tokens) return [name, readAmount(reader, fields.get(name), at)];
    if (unit === yesOrNo) return [name, readChoice(reader, fields.get(name), at)];
    const max = maxOf(name);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- TypeScript does not narrow by identity: all other units are of numbers
    const expected = { unit: unit as Unit<number>, max, filler: 0 };
    return [name, readQuantity(reader, fields.get(name), at, expected)];
  });
  const judge = readJudge(reader, fields.get("judge"), `${path}.judge`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one value for each name of the table
  return { ...Object.fromEntries(values), judge } as ChainParameters;
}

function readJudge(reader: Reader, node: Node | undefined, path: string): JudgeIdentity {
  const fields = readMapping(reader, node, { path, required: JUDGE });
  const expected = { unit: plainNumber, max: 0xffff_ffff, filler: 0 };
  const readVersion = (name: string): number =>
    readQuantity(reader, fields.get(name), `${path}.${name}`, expected);
  return {
    version: readVersion("version"),
    wasmHash: toDigest(readBytes32(reader, fields.get("wasmHash"), `${path}.wasmHash`)),
    kernelVersion: readVersion("kernelVersion"),
    proverVersion: readVersion("proverVersion"),
  };
}

function readAmount(
  reader: Reader,
  node: Node | undefined,
  path: string,
  unit: Unit<bigint> = tokens,
): Amount {
  const expected = { unit, max: AMOUNT_MAX as bigint, filler: 0n };
  return toAmount(readQuantity(reader, node, path, expected));
}

/** Returns the first example of a parameter's unit. */
function exampleOf(name: (typeof PARAMETER_NAMES)[number]): string {
  return PARAMETER_LINES[name].unit.example.split(" or ")[0] ?? "";
}

/** Returns the largest value of a parameter that the wire format can hold. */
function maxOf(name: keyof ChainParameters): number {
  const { schema } = ChainParameters;
  const field = schema.type === "struct" ? schema.fields[name] : undefined;
  return field?.type === "natural" ? field.max : Number.MAX_SAFE_INTEGER;
}

/**
 * Reports a problem if the genesis cannot be encoded. The other checks should have found it before.
 */
function reportUnencodable(reader: Reader, genesis: Genesis): void {
  try {
    Genesis.encode(genesis);
  } catch (error) {
    if (!(error instanceof ModelsError) || error.fault.code !== "ENCODE") throw error;
    const { field: path, reason: what } = error.fault;
    report(reader, nodeAt(reader, path), { path, what, repair: "stay within the bound" });
  }
}

/** Whether the value at a path, or a value that contains it, could not be read. */
function isFailed(reader: Reader, path: string): boolean {
  return [...prefixes(path)].some((one) => reader.failed.has(one));
}

/** Returns the node at a path, or the nearest node that contains it. */
function nodeAt(reader: Reader, path: string): Node | undefined {
  const found = [...prefixes(path)].find((one) => reader.nodes.has(one));
  return found === undefined ? reader.source.root : reader.nodes.get(found);
}

/** Iterates over a path and the paths that contain it, such as `a[1].b`, `a[1]`, `a`. */
function* prefixes(path: string): Generator<string> {
  for (let rest = path; rest !== ""; rest = rest.replace(/(^|\.)[^.[\]]*$|\[\d+\]$/, "")) {
    yield rest;
  }
}

function inOrder(problems: readonly PlacedProblem[]): readonly PlacedProblem[] {
  return problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
}

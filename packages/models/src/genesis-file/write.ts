import { stringify } from "yaml";
import { toHex } from "../bytes.ts";
import type { Genesis } from "../ledger/genesis.ts";
import type { GenesisAsset } from "../ledger/genesis-assets.ts";
import type { ChainParameters } from "../ledger/parameters.ts";
import { instant } from "./instant.ts";
import { PARAMETER_LINES, PARAMETER_NAMES } from "./parameter-lines.ts";
import { utf8Text } from "./text-bytes.ts";
import { tokens, type Unit, units } from "./units.ts";

const PREFACE = `# Where a chain begins. What this file says has a digest, which names the chain and is part of
# everything that is signed: each node needs the same values, and once the chain runs none can
# change. Comments, spaces and the order of lines do not count.
#
# 1 token = 1_000_000 micro-tokens. Time is ms, s, min or h; shares are basis points or %.
`;

/** Writes a genesis as YAML. `readGenesisFile` reads a sound one back to the same value. */
export function writeGenesisFile(genesis: Genesis): string {
  const { name, timestamp, faucet, parameters, validators, accounts, assets, intents } = genesis;
  return [
    PREFACE,
    `name: ${textOrHex(name).replaceAll("\n", "\n  ")}`,
    `time: ${instant.format(timestamp)}`,
    ...(faucet === undefined
      ? []
      : [
          "",
          "# For local networks: an account whose key everyone knows.",
          `faucet: ${hex(faucet)}`,
        ]),
    "",
    "parameters:",
    ...parameterLines(parameters),
    "",
    ...listOf(
      "validators",
      "Founding validators: account, consensus key, stake.",
      validators,
      ({ id, key, stake }) => [
        `id: ${hex(id)}`,
        `key: ${hex(key)}`,
        `stake: ${tokens.format(stake)}`,
      ],
    ),
    ...listOf("accounts", "Founding accounts.", accounts, ({ id, balance }) => [
      `id: ${hex(id)}`,
      `balance: ${tokens.format(balance)}`,
    ]),
    ...listOf(
      "assets",
      "Assets beside the native one: name, issuer, supply, and who holds it, in whole units.",
      assets,
      assetLines,
    ),
    ...listOf(
      "intents",
      "Programs of the chain: proved and published in its first block.",
      intents,
      ({ source }) => textOrHex(source).split("\n"),
    ),
  ].join("\n");
}

function assetLines({ name, issuer, supply, holdings }: GenesisAsset): readonly string[] {
  const held = holdings.flatMap(({ id, amount }) => [
    `  - id: ${hex(id)}`,
    `    amount: ${units.format(amount)}`,
  ]);
  const [first, ...rest] = textOrHex(name).split("\n");
  return [
    `name: ${first}`,
    ...rest.map((line) => (line === "" ? "" : `  ${line}`)),
    `issuer: ${hex(issuer)}`,
    `supply: ${units.format(supply)}`,
    ...(held.length === 0 ? ["holdings: []"] : ["holdings:", ...held]),
  ];
}

function parameterLines(parameters: ChainParameters): readonly string[] {
  const lines = PARAMETER_NAMES.flatMap((name) => {
    const { unit, comment } = PARAMETER_LINES[name];
    return [`  # ${comment}`, `  ${name}: ${formatWith(unit, parameters[name])}`];
  });
  const { version, wasmHash, kernelVersion, proverVersion } = parameters.judge;
  return [
    ...lines,
    "  # The Judge that every node must run: the digest of its solver, its kernel, its prover.",
    "  judge:",
    `    version: ${version}`,
    `    wasmHash: ${hex(wasmHash)}`,
    `    kernelVersion: ${kernelVersion}`,
    `    proverVersion: ${proverVersion}`,
  ];
}

function formatWith(
  unit: Unit<number> | Unit<bigint> | Unit<boolean>,
  value: number | bigint | boolean,
): string {
  // The table pairs each parameter with a unit of its type.
  return (unit as Unit<number | bigint | boolean>).format(value);
}

function listOf<T>(
  name: string,
  comment: string,
  items: readonly T[],
  linesOf: (item: T) => readonly string[],
): readonly string[] {
  if (items.length === 0) return [`# ${comment}`, `${name}: []`, ""];
  const lines = items.flatMap((item) =>
    linesOf(item).map((line, at) => (line === "" ? "" : `${at === 0 ? "  - " : "    "}${line}`)),
  );
  return [`# ${comment}`, `${name}:`, ...lines, ""];
}

/**
 * Formats bytes as a YAML text, without indenting its later lines, or as `{ hex: 0x... }` if they
 * are not UTF-8.
 */
function textOrHex(bytes: Uint8Array): string {
  const text = utf8Text(bytes);
  if (text === undefined) return `{ hex: ${hex(bytes)} }`;
  return isLiteral(text)
    ? stringify(text, { blockQuote: "literal", lineWidth: 0, schema: "failsafe" }).trimEnd()
    : JSON.stringify(text);
}

/** Whether a YAML block can hold the text exactly. Other texts are quoted. */
function isLiteral(text: string): boolean {
  return /^(?:[\P{C}\n])+$/u.test(text) && !/[\u2028\u2029]|^\s|\s\s$| \n?$/.test(text);
}

function hex(bytes: Uint8Array): string {
  return `0x${toHex(bytes)}`;
}

import { findImports, isBuiltin } from "./imports.ts";
import type { File } from "./repository.ts";
import { scan } from "./scan.ts";
import { lineAt, type Violation } from "./violation.ts";

const LINES_MAX = 400;

/**
 * Names that no file may have, since they say nothing about the content. A file holds one idea and
 * is named after it.
 */
const EMPTY_NAMES = new Set(["utils", "util", "helpers", "helper", "types", "interfaces"]);

/**
 * Pattern for sources that must be deterministic: the same input gives the same result on every
 * machine, at any time.
 */
const PURE = /^packages\/(?:models|merkle|rewards|ledger|pbft)\/src\//;

/**
 * Patterns for sources in these packages that may depend on the machine, for example on its files.
 * Each is a separate entry point or a file of its own.
 */
const ADAPTERS: readonly RegExp[] = [
  /^packages\/merkle\/src\/(?:lmdb|file)\//,
  /^packages\/pbft\/src\/file\//,
  // Node's Ed25519: it decides like the portable one, which a test of models shows.
  /^packages\/models\/src\/node-crypto\.ts$/,
];

interface Ban {
  readonly pattern: RegExp;
  readonly name: string;
  readonly mend: string;
}

const FROM_OUTSIDE = "let the caller pass it in";
const BY_BYTES = "compare with compareBytes or <, which are the same on every machine";

/** Code whose result depends on the machine or on the time. */
const BANS: readonly Ban[] = [
  { pattern: /\bDate\s*\.\s*now\b/g, name: "Date.now", mend: FROM_OUTSIDE },
  { pattern: /\bnew\s+Date\b/g, name: "new Date", mend: FROM_OUTSIDE },
  { pattern: /\bMath\s*\.\s*random\b/g, name: "Math.random", mend: FROM_OUTSIDE },
  { pattern: /\bperformance\s*\.\s*now\b/g, name: "performance.now", mend: FROM_OUTSIDE },
  { pattern: /\bset(?:Timeout|Interval|Immediate)\b/g, name: "a timer", mend: FROM_OUTSIDE },
  { pattern: /\bconsole\s*\./g, name: "console", mend: "return or throw it instead" },
  { pattern: /\blocaleCompare\b/g, name: "localeCompare", mend: BY_BYTES },
  { pattern: /\.\s*toLocale\w*/g, name: "toLocale...", mend: BY_BYTES },
  {
    pattern: /\.\s*(?:sort|toSorted)\s*\(\s*\)/g,
    name: "sorting without a comparator",
    mend: "pass one: the default order is that of the values as text",
  },
];

/**
 * Finds violations of the rules for one file under `src`: its name and length, its exports, and
 * determinism.
 */
export function findSourceViolations(file: File): readonly Violation[] {
  return [...findNameViolations(file), ...findExportViolations(file), ...findImpurities(file)];
}

/** Tells whether `findSourceViolations` applies to a path. */
export function isSource(path: string): boolean {
  return /^(?:packages|apps)\/[^/]+\/src\/.*\.ts$/.test(path);
}

function findNameViolations({ path, text }: File): readonly Violation[] {
  const violations: Violation[] = [];
  const [, inside = ""] = path.split("/src/");
  const lines = text.trimEnd().split("\n").length;
  if (lines > LINES_MAX) {
    const rule = `has ${lines} lines, more than ${LINES_MAX}`;
    violations.push({ file: path, rule, mend: "split it by ideas" });
  }
  if (!/^(?:[a-z0-9]+(?:-[a-z0-9]+)*\/)*[a-z0-9]+(?:-[a-z0-9]+)*(?:\.d)?\.ts$/.test(inside)) {
    violations.push({ file: path, rule: "is not in kebab-case", mend: "rename it" });
  }
  const name = inside.split("/").at(-1)?.replace(/\.ts$/, "") ?? "";
  if (EMPTY_NAMES.has(name)) {
    const mend = "name it by its one idea, and move the rest beside what gives it meaning";
    violations.push({ file: path, rule: `is named "${name}"`, mend });
  }
  return violations;
}

function findExportViolations({ path, text }: File): readonly Violation[] {
  const { code } = scan(text);
  const found = (pattern: RegExp, rule: string, mend: string): readonly Violation[] =>
    [...code.matchAll(pattern)].map(({ index }) => ({
      file: path,
      line: lineAt(code, index),
      rule,
      mend,
    }));
  return [
    ...found(/\bexport\s+(?:type\s+)?\*/g, "exports everything", "name each export"),
    ...found(/\bexport\s+default\b/g, "exports a default", "export it by name"),
    ...found(/\bas\s+default\b/g, "exports a default", "export it by name"),
  ];
}

function findImpurities(file: File): readonly Violation[] {
  const { path, text } = file;
  if (!PURE.test(path) || ADAPTERS.some((adapter) => adapter.test(path))) return [];
  const { code, literals } = scan(text);
  const banned = BANS.flatMap(({ pattern, name, mend }) =>
    [...code.matchAll(pattern)].map(({ index }) => ({
      file: path,
      line: lineAt(code, index),
      rule: `${name} in a deterministic package`,
      mend,
    })),
  );
  const lines = new Set([
    ...findImports(file)
      .filter(({ specifier }) => isBuiltin(specifier))
      .map(({ line }) => line),
    ...literals
      .filter(({ value }) => value.startsWith("node:"))
      .map(({ offset }) => lineAt(text, offset)),
  ]);
  const builtins = [...lines].map((line) => ({
    file: path,
    line,
    rule: "a Node built-in in a deterministic package",
    mend: "take a port as a parameter, or move it to an adapter's entry point",
  }));
  return [...banned, ...builtins];
}

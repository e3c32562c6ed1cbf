import { describe, expect, test } from "vitest";
import {
  explainProblems,
  type PlacedProblem,
  type Problem,
  readGenesisFile,
  writeGenesisFile,
} from "../../src/genesis-file/index.ts";
import { Genesis, hashGenesis, toHex, ZERO_DIGEST } from "../../src/index.ts";
import { genesis } from "../sound-genesis.ts";

const file = writeGenesisFile(genesis);

/** Each problem as `line:column path`, in the order of the file. */
function placesIn(text: string): readonly string[] {
  return problemsOf(text).map(({ line, column, path }) => `${line}:${column} ${path}`);
}

function problemsOf(text: string): readonly PlacedProblem[] {
  const reading = readGenesisFile(text);
  return reading.ok ? [] : reading.problems;
}

/** The line of the file that holds `part`. */
function lineOf(text: string, part: string): number {
  return text.slice(0, text.indexOf(part)).split("\n").length;
}

describe("genesis file", () => {
  test("says the same chain, in words", () => {
    const reading = readGenesisFile(file);

    expect(reading.ok && toHex(hashGenesis(reading.genesis))).toBe(toHex(hashGenesis(genesis)));
    for (const words of [
      "minBlockIntervalMs: 250 ms",
      "emissionTotal: 1_000_000 tokens",
      "resourcePrice: 10 micro-tokens",
      "proposerBonusBasisPoints: 500 basis points",
      "epochMs: 64_000 ms",
      "time: 1970-01-01T00:00:00.000Z",
      "solverTheoremsMint: no",
      "kernelVersion: 1",
      "# Least stake of a validator.",
    ]) {
      expect(file).toContain(words);
    }
  });

  test("comments, spaces, quotes, order and other units do not change the chain", () => {
    const [head = "", rest = ""] = file.split("\naccounts: []\n");
    const rewritten = `accounts: []   # moved\n${head}\n${rest}`
      .replace("emissionTotal: 1_000_000 tokens", "emissionTotal: 1000000000000 micro-tokens")
      .replace("minBlockIntervalMs: 250 ms", 'minBlockIntervalMs: "0.25 s"')
      .replace("viewTimeoutMaxMs: 60_000 ms", "viewTimeoutMaxMs: 1 min")
      .replace("burnBasisPoints: 5_000 basis points", "burnBasisPoints: 50 %")
      .replace(
        "slashVerificationBasisPoints: 500 basis points",
        "slashVerificationBasisPoints: 5.00%",
      )
      .replace("name: test", "name: 'test'");
    const reading = readGenesisFile(rewritten);

    expect(rewritten).not.toBe(file);
    expect(explainProblems("f", problemsOf(rewritten))).toBe("");
    expect(reading.ok && toHex(hashGenesis(reading.genesis))).toBe(toHex(hashGenesis(genesis)));
  });

  test("the JSON form is read too, with the same rules", () => {
    const json = Genesis.toJson(genesis) as { validators: { stake: string }[] };
    const reading = readGenesisFile(JSON.stringify(json));
    const poor = { ...json, validators: json.validators.map((one) => ({ ...one, stake: "1" })) };

    expect(reading.ok && toHex(hashGenesis(reading.genesis))).toBe(toHex(hashGenesis(genesis)));
    expect(problemsOf(JSON.stringify(poor)).map(({ path }) => path)).toEqual([
      "validators[0].stake",
    ]);
    expect(problemsOf(JSON.stringify({ ...json, nmae: "x" }))).toMatchObject([{ path: "nmae" }]);
    expect(problemsOf('{"name":')).toHaveLength(1);
  });

  test("every problem is found at once, at its place, in the order of the file", () => {
    const broken = file
      .replace("name: test", "name: ''\ncolour: red")
      .replace("minBlockIntervalMs: 250 ms", "minBlockIntervalMs: 250")
      .replace("epochMs: 64_000 ms", "epochMs: 0 ms")
      .replace("blockBytesMax: 4_000_000 bytes", "blockBytesMax: 1 MiB")
      .replace("  minimumStake: 0.001 tokens\n", "")
      .replace("proposerBonusBasisPoints: 500 basis points", "proposerBonusBasisPoints: 101 %")
      .replace(
        "accounts: []",
        "accounts:\n  - id: 0x12\n    balance: 1 tokens\n    balance: 2 tokens",
      );
    const problems = problemsOf(broken);

    const expected = [
      ["colour", ""],
      ["minBlockIntervalMs", "parameters.minBlockIntervalMs"],
      ["parameters:", "parameters.minimumStake"],
      ["epochMs", "parameters.epochMs"],
      ["blockBytesMax", "parameters.blockBytesMax"],
      ["proposerBonusBasisPoints", "parameters.proposerBonusBasisPoints"],
      ["id: 0x12", "accounts[0].id"],
      ["balance: 2", "accounts[0].balance"],
    ] as const;
    expect(new Set(problems.map(({ line, path }) => `${line} ${path}`))).toEqual(
      // A missing line is shown where its mapping begins: one line below the key.
      new Set(
        expected.map(
          ([part, path]) => `${lineOf(broken, part) + (part === "parameters:" ? 2 : 0)} ${path}`,
        ),
      ),
    );
    expect(problems.map(({ line }) => line)).toEqual(
      problems.map(({ line }) => line).toSorted((a, b) => a - b),
    );
  });

  test("an explanation says where, what and what to do", () => {
    const broken = file.replace("viewTimeoutMaxMs: 60_000 ms", "viewTimeoutMaxMs: 10 s");
    const place = `genesis.yaml:${lineOf(broken, "viewTimeoutMaxMs:")}:21`;

    expect(explainProblems("genesis.yaml", problemsOf(broken))).toBe(
      `${place}: parameters.viewTimeoutMaxMs is 10000: give at least 27000, 2 x (judgingBoundMs + disseminationBoundMs + 3 x networkDelayMs)`,
    );
  });

  test.each([
    [
      "jail before an epoch is over",
      "absenceMs: 640_000 ms",
      "absenceMs: 63_999 ms",
      "absenceMs is 63999: give at least epochMs, 64000: absence is counted in whole epochs",
    ],
    [
      "units beyond what is counted exactly",
      "judgingUnits: 10_000 units",
      "judgingUnits: 9_007_199_254_740_991 units",
      "judgingUnits is 9007199254740991: give at most 9007199234740991, 2^53-1 less proofResourceMax",
    ],
  ])("%s: a problem at line and column", (_, line, changed, said) => {
    const broken = file.replace(line, changed);
    const column = changed.indexOf(":") + 5;

    expect(explainProblems("genesis.yaml", problemsOf(broken))).toBe(
      `genesis.yaml:${lineOf(broken, changed)}:${column}: parameters.${said}`,
    );
  });

  test("a choice is another chain, and is read back as it was written", () => {
    const chosen = file.replace("solverTheoremsMint: no", "solverTheoremsMint: yes");
    const reading = readGenesisFile(chosen);

    expect(reading.ok && reading.genesis.parameters.solverTheoremsMint).toBe(true);
    expect(reading.ok && writeGenesisFile(reading.genesis)).toBe(chosen);
    expect(reading.ok && toHex(hashGenesis(reading.genesis))).not.toBe(toHex(hashGenesis(genesis)));
  });

  test("a file made before trust says which lines to add", () => {
    const before = file.replace(/ {2}# yes: .*\n {2}solverTheoremsMint: no\n/, "");
    const old = before.replace(/ {4}(kernel|prover)Version: 1\n/g, "");

    expect(problemsOf(old).map(({ path, repair }) => [path, repair])).toEqual([
      ["parameters.solverTheoremsMint", "add a line `solverTheoremsMint: no`"],
      ["parameters.judge.kernelVersion", "add a line `kernelVersion: 1`"],
      ["parameters.judge.proverVersion", "add a line `proverVersion: 1`"],
    ]);
  });

  test("a rule is silent about values that could not be read", () => {
    const broken = file.replace("judgingBoundMs: 10_000 ms", "judgingBoundMs: soon");

    expect(placesIn(broken)).toHaveLength(1);
    expect(placesIn(broken)[0]).toContain("parameters.judgingBoundMs");
  });

  test("rules of other layers are shown with their places, and not about what cannot be read", () => {
    const rules = [
      (value: Genesis): Problem[] => [
        {
          path: "parameters.burnBasisPoints",
          what: `is ${value.parameters.burnBasisPoints}`,
          repair: "burn less",
          involves: ["parameters.bytePrice"],
        },
      ],
    ];
    const found = readGenesisFile(file, { rules });
    const json = readGenesisFile(JSON.stringify(Genesis.toJson(genesis)), { rules });
    const unreadable = readGenesisFile(file.replace(/bytePrice: .*/, "bytePrice: dear"), { rules });

    expect(found.ok ? "" : explainProblems("f", found.problems)).toBe(
      `f:${lineOf(file, "burnBasisPoints:")}:20: parameters.burnBasisPoints is 5000: burn less`,
    );
    expect(json.ok ? [] : json.problems).toMatchObject([{ path: "parameters.burnBasisPoints" }]);
    expect(unreadable.ok ? [] : unreadable.problems.map(({ path }) => path)).toEqual([
      "parameters.bytePrice",
    ]);
  });

  test("a misspelt name gets the name that was meant", () => {
    const [problem] = problemsOf(file.replace("epochMs", "epochMz")).toReversed();

    expect(problem?.repair).toContain("`epochMs`");
  });

  test.each([
    ["amounts that are no micro-tokens", "1.0000001 tokens", "emissionTotal"],
    ["amounts above 2^64-1", "18_446_744_073_710 tokens", "emissionTotal"],
    ["negative amounts", "-1 tokens", "emissionTotal"],
    ["amounts without a unit", "5", "emissionTotal"],
    ["decimal commas", "1,5 tokens", "emissionTotal"],
    ["amounts in another notation", "1e3 tokens", "emissionTotal"],
    ["times of a fraction of a millisecond", "0.0001 s", "viewTimeoutMs"],
    ["times beyond 32 bits", "50 d", "viewTimeoutMs"],
    ["times beyond 32 bits", "1200 h", "viewTimeoutMs"],
    ["shares beyond the whole", "10_001 basis points", "burnBasisPoints"],
    ["shares finer than a basis point", "0.001 %", "burnBasisPoints"],
    ["doubled underscores", "1__0 ms", "epochMs"],
    ["lists in the place of a value", "[1]", "epochMs"],
    ["nothing", "", "epochMs"],
    ["null", "~", "epochMs"],
    ["choices in other words", "true", "solverTheoremsMint"],
    ["choices that are names of the language", "constructor", "solverTheoremsMint"],
  ])("%s are refused: %s", (_, text, name) => {
    const broken = file.replace(new RegExp(`${name}: .*`), `${name}: ${text}`);

    expect(problemsOf(broken).map(({ path }) => path)).toEqual([`parameters.${name}`]);
  });

  test.each([
    "2026-02-29T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-01-01T24:00:00Z",
    "2026-01-01T00:00:60Z",
    "2026-01-01",
    "2026-01-01T00:00:00+01:00",
    "1969-12-31T23:59:59Z",
    "yesterday",
  ])("the time %s is refused", (time) => {
    expect(problemsOf(file.replace(/time: .*/, `time: ${time}`)).map(({ path }) => path)).toEqual([
      "time",
    ]);
  });

  test("times are those of the host's calendar", () => {
    for (const text of [
      "2026-01-01T00:00Z",
      "2024-02-29T23:59:59.999Z",
      "2000-03-01T12:30:00Z",
      "9999-12-31T23:59:59.999Z",
    ]) {
      const reading = readGenesisFile(file.replace(/time: .*/, `time: ${text}`));
      expect(reading.ok && reading.genesis.timestamp).toBe(Date.parse(text));
    }
  });

  test("a genesis that is not sound is written and read back with its problems", () => {
    const poor = { ...genesis, validators: [] };

    expect(problemsOf(writeGenesisFile(poor)).map(({ path }) => path)).toEqual(["validators"]);
    expect(placesIn(writeGenesisFile({ ...genesis, faucet: ZERO_DIGEST as never }))).toEqual([]);
  });
});

describe("hostile genesis files", () => {
  const bomb = Array.from(
    { length: 20 },
    (_, at) => `a${at}: &a${at} [${`*a${at - 1},`.repeat(9)}]`,
  );

  test.each([
    ["aliases that multiply", bomb.join("\n")],
    ["aliases in the place of values", file.replace("name: test", "name: &n test\nfaucet: *n")],
    ["keys of prototypes", `__proto__:\n  name: x\nconstructor: y\n${file}`],
    ["a merge key", `${file}\n<<: {name: other}`],
    ["a key twice", `${file}\nname: other`],
    ["a tag", file.replace("name: test", "name: !!js/function test")],
    ["two documents", `${file}\n---\n${file}`],
    ["deep nesting", "[".repeat(50_000)],
    ["deep keys", "? ".repeat(50_000)],
    ["a long number", file.replace("64_000 ms", `${"9".repeat(100_000)} ms`)],
    ["a text that never ends", `name: "${"x".repeat(100_000)}`],
    ["a long name", file.replace("name: test", `name: ${"x".repeat(65)}`)],
    ["nothing", ""],
    ["zero bytes", "\0\0\0\0"],
    ["half a surrogate pair", file.replace("name: test", 'name: "\\ud800"')],
    ["too many pieces", `[${"a,".repeat(300_000)}]`],
    ["too many characters", `#${" ".repeat(9_000_000)}`],
    ["JSON of another shape", "{}"],
  ])("%s are refused with an explanation", (_, text) => {
    const problems = problemsOf(text);

    expect(problems.length).toBeGreaterThan(0);
    for (const { what, repair, line } of problems) {
      expect(what).not.toBe("");
      expect(repair).not.toBe("");
      expect(line).toBeGreaterThan(0);
    }
    expect(explainProblems("f", problems).length).toBeLessThan(60_000);
  });

  test("size is what is said of files that are too large, and nothing else was looked at", () => {
    const tooLong = `# ${"x".repeat(8_388_608)}\n${file}`;
    const tooMany = `${file}\nextra: [${"a,".repeat(250_000)}]`;

    expect(problemsOf(tooLong).map(({ what }) => what)).toEqual([
      `the file has ${tooLong.length} characters, more than 8388608`,
    ]);
    expect(problemsOf(tooMany).map(({ what }) => what)).toEqual([
      "the file has more than 400000 YAML tokens",
    ]);
  });

  test("a list beyond its bound is refused as a whole", () => {
    const intents = Array.from({ length: 65 }, () => "  - a").join("\n");
    const [problem, ...others] = problemsOf(file.replace("intents: []", `intents:\n${intents}`));

    expect(others).toEqual([]);
    expect(problem).toMatchObject({
      path: "intents",
      what: "has 65 items",
      repair: "keep at most 64",
    });
  });

  test("a name beyond its bound is refused with its length", () => {
    const long = problemsOf(file.replace("name: test", `name: ${"x".repeat(65)}`));

    expect(long).toMatchObject([{ path: "name", what: "has 65 bytes", repair: "keep at most 64" }]);
  });

  test("keys of prototypes change no prototype", () => {
    readGenesisFile(`__proto__:\n  polluted: yes\n${file}`);
    readGenesisFile('{"__proto__":{"polluted":"yes"}}');

    expect(({} as { polluted?: string }).polluted).toBeUndefined();
  });
});

import { readFileSync } from "node:fs";
import * as spec from "@aethel/fees-page";
import { describe, expect, test } from "vitest";
import { vectorText } from "./vectors/make.ts";

const text = readFileSync(new URL("vectors/economics.json", import.meta.url), "utf8");

type Row = Readonly<Record<string, string>>;
interface Vectors {
  readonly chains: Readonly<Record<string, Row>>;
  readonly emission: readonly Row[];
  readonly charges: readonly Row[];
  readonly baseFees: readonly Row[];
  readonly rewards: readonly (Omit<Row, "powers"> & {
    readonly [of in "powers" | "signed" | "convicted" | "shares"]: readonly string[];
  })[];
}
const vectors = JSON.parse(text) as Vectors;

const chainOf = (name: string | undefined): spec.Parameters => {
  const { solverTheoremsMint: _, ...numbers } = vectors.chains[name ?? ""] ?? {};
  const entries = Object.entries(numbers).map(([key, value]) => [key, BigInt(value)] as const);
  return Object.fromEntries(entries) as spec.Parameters;
};
/** A field of a row as a bigint. */
const read = (row: object, field: string): bigint => {
  const value = (row as Row)[field];
  if (value === undefined) throw new Error(`the row has no ${field}`);
  return BigInt(value);
};

describe("the vectors in the repository", () => {
  test("are what the script makes of the package", () => {
    expect(vectorText()).toBe(text);
    const rows = [vectors.emission, vectors.rewards, vectors.charges, vectors.baseFees];
    expect(rows.map(({ length }) => length)).toEqual([110, 50, 30, 48]);
  });

  test("are what an implementation from the page alone gets", () => {
    for (const row of vectors.emission) {
      const [p, from, until] = [chainOf(row["chain"]), read(row, "from"), read(row, "until")];
      expect(spec.cap(from, until, p)).toBe(read(row, "cap"));
      expect(spec.schedule(until, p)).toBe(read(row, "schedule"));
    }
    for (const row of vectors.baseFees) {
      const [baseFee, used, floor] = [read(row, "baseFee"), read(row, "used"), read(row, "floor")];
      expect(spec.baseFeeAfter(baseFee, used, floor)).toBe(read(row, "next"));
    }
    for (const row of vectors.charges) {
      const lane = row["lane"] === "invoke" ? "invoke" : "judged";
      const room = { bytes: read(row, "bytes"), execution: read(row, "execution") };
      const taken = { lane, ...room, judging: read(row, "judging") } as const;
      const times = { from: read(row, "from"), until: read(row, "until") };
      const about = { ...times, difficulty: read(row, "difficulty") };
      const price = { baseFee: read(row, "baseFee"), tip: read(row, "tipPrice") };
      const growth = { entries: read(row, "entries"), kept: read(row, "kept") };
      const p = chainOf(row["chain"]);
      expect(spec.weight(taken, p)).toBe(read(row, "weight"));
      expect(spec.charge({ taken, ...about, ...price, ...growth }, p)).toEqual({
        charged: read(row, "charged"),
        burned: read(row, "burned"),
        tip: read(row, "tip"),
      });
    }
    for (const row of vectors.rewards) {
      const powers = row.powers.map(BigInt);
      const signers = row.signed.map((at) => ({
        power: powers[Number(at)] ?? 0n,
        convicted: row.convicted.includes(at),
      }));
      const times = { from: read(row, "from"), until: read(row, "until") };
      const of = { ...times, difficulty: read(row, "difficulty"), minted: read(row, "minted") };
      const total = powers.reduce((sum, power) => sum + power, 0n);
      expect(
        spec.reward({ ...of, total, signers }, chainOf((row as unknown as Row)["chain"])),
      ).toEqual({
        reward: read(row, "reward"),
        shares: row.shares.map(BigInt),
        bonus: read(row, "bonus"),
      });
    }
  });
});

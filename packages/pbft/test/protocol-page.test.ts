import { readFileSync } from "node:fs";
import { toHex } from "@aethel/models";
import { describe, expect, test } from "vitest";
import { SigningEntry, sequenceOf } from "../src/index.ts";
import { viewOf } from "../src/statement.ts";
import { playLockedViewChange } from "./vectors/locked-view-change.ts";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
const page = read("../../../docs/protocol.md");

/** Names in a part of a source, from where a declaration begins to its end. */
function namesIn(path: string, declaration: string, pattern: RegExp): readonly string[] {
  const text = read(path);
  const from = text.indexOf(declaration);
  const part = text.slice(from, text.indexOf(";\n\n", from));
  return [...part.matchAll(pattern)].flatMap(([, name]) => name ?? []);
}

describe("the page on the protocol", () => {
  test("tells of each input, timer, reason for a later view and entry of the log", () => {
    const union = /"([a-z-]+)"/g;
    const inputs = namesIn("../src/input.ts", "type Occurrence", /readonly type: "([a-z-]+)"/g);
    const timers = namesIn("../src/input.ts", "type TimerName", union);
    const causes = namesIn("../src/effect.ts", "type ViewChangeCause", union);
    const { schema } = SigningEntry;
    const entries = schema.type === "union" ? Object.keys(schema.members) : [];
    const names = [...inputs, ...timers, ...causes, ...entries];

    expect([inputs.length, timers.length, causes.length, entries.length]).toEqual([15, 6, 7, 8]);
    // Messages are told by their kinds, timers one by one.
    const told = (name: string): boolean => page.includes(`\`${name}\``);
    expect(names.filter((name) => name !== "message" && name !== "timeout" && !told(name))).toEqual(
      [],
    );
    for (const kind of ["PRE-PREPARE", "PREPARE", "COMMIT", "VIEW-CHANGE", "NEW-VIEW"]) {
      expect(page).toContain(`**Upon receiving ${kind}(`);
    }
  });

  test("has a view change with numbers, which happens so", () => {
    const { cluster, crashed, locked, next, said, saidAt } = playLockedViewChange();
    const told = [...page.matchAll(/^\| (\d+) \| .*?([A-Z-]+)\(2, (\d)/gm)];
    const heard = said.flatMap((message, at) =>
      sequenceOf(message) === 2 ? [`${saidAt[at]} ${message.type} ${viewOf(message)}`] : [],
    );
    const { blocks } = cluster.node(next).app;

    expect(told.length).toBe(8);
    for (const [, at, kind = "", view] of told) {
      expect(heard).toContain(`${at} ${kind.toLowerCase()} ${view}`);
    }
    expect(blocks.map(({ certificate }) => toHex(certificate.digest).slice(0, 6))).toEqual([
      "dda729",
      "e5fa64",
    ]);
    expect([crashed, locked, next]).toEqual([1, 0, 2]);
  });
});

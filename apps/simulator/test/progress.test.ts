import { group } from "@aethel/terminal";
import { describe, expect, test } from "vitest";
import { clockTime, wrap } from "../src/output/format.ts";
import { createProgress } from "../src/output/progress.ts";

describe("the line of progress", () => {
  test("is painted over on a terminal, a few times a second, and never wider than it", () => {
    const { progress, written, pass } = progressOn({ isTTY: true, columns: 20 });
    progress.show(() => "at once: nothing yet");
    pass(250);
    progress.show(() => "one");
    progress.show(() => "too soon");
    pass(250);
    progress.show(() => "a line of more than twenty characters");

    expect(written).toEqual(["\r\u001b[2Kone", "\r\u001b[2Ka line of more than"]);
  });

  test("is gone once it is hidden, which leaves nothing where there was none", () => {
    const { progress, written, pass } = progressOn({ isTTY: true, columns: 80 });
    progress.hide();
    pass(250);
    progress.show(() => "one");
    progress.hide();
    progress.hide();

    expect(written).toEqual(["\r\u001b[2Kone", "\r\u001b[2K"]);
  });

  test("is a whole line each minute where there is no terminal, without control sequences", () => {
    const { progress, written, pass } = progressOn({ isTTY: false, columns: 0 });
    for (let second = 0; second <= 180; second++) {
      progress.show(() => `after ${second} s`);
      progress.hide();
      pass(1_000);
    }

    expect(written).toEqual(["after 60 s\n", "after 120 s\n", "after 180 s\n"]);
  });
});

describe("numbers and texts", () => {
  test("times read as a clock", () => {
    expect([0, 7_400, 59_600, 754_000, 3_723_000].map(clockTime)).toEqual([
      "0:00",
      "0:07",
      "1:00",
      "12:34",
      "1:02:03",
    ]);
  });

  test("thousands are grouped, places after the point are not", () => {
    expect([7, 1_000, 1_234_567, 1_234.5678].map(group)).toEqual([
      "7",
      "1,000",
      "1,234,567",
      "1,234.5678",
    ]);
  });

  test("no line is over 80 columns, and every word is there", () => {
    const text = Array.from({ length: 60 }, (_, at) => "x".repeat(1 + (at % 11))).join(" ");
    const lines = wrap(text, "    ").split("\n");

    expect(lines.every((line) => line.length <= 80)).toBe(true);
    expect(lines.slice(1).every((line) => /^ {4}x/.test(line))).toBe(true);
    expect(lines.map((line) => line.trim()).join(" ")).toBe(text);
  });
});

function progressOn(stream: { readonly isTTY: boolean; readonly columns: number }): {
  readonly progress: ReturnType<typeof createProgress>;
  readonly written: readonly string[];
  readonly pass: (milliseconds: number) => void;
} {
  const written: string[] = [];
  let nowMs = 0;
  const write = (text: string | Uint8Array): boolean => written.push(String(text)) > 0;
  const progress = createProgress({ ...stream, write }, () => nowMs);
  return { progress, written, pass: (milliseconds) => void (nowMs += milliseconds) };
}

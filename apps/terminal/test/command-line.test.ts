import { CommanderError, InvalidArgumentError } from "commander";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  coloursOf,
  exitCodeOfParsing,
  natural,
  oldNodeProblem,
  onOneLine,
  positive,
} from "../src/index.ts";

describe("values of options", () => {
  test("are whole numbers in digits, and nothing else", () => {
    fc.assert(
      fc.property(fc.oneof(fc.maxSafeNat().map(String), fc.string()), (text) => {
        const isNumber = /^\d+$/.test(text) && Number.isSafeInteger(Number(text));
        if (isNumber) expect(natural(text)).toBe(Number(text));
        else expect(() => natural(text)).toThrow(InvalidArgumentError);
      }),
    );
  });

  test("are above 0 where they have to be", () => {
    expect(positive("1")).toBe(1);
    expect(() => positive("0")).toThrow("a whole number above 0 is needed.");
  });
});

describe("a complaint of commander", () => {
  const about = { program: "aethel", next: "Next: see `aethel --help`." };

  test("is one line with the program and the next step", () => {
    expect(onOneLine("error: unknown command 'stat'\n(Did you mean status?)\n", about)).toBe(
      "aethel: unknown command 'stat' (Did you mean status?) Next: see `aethel --help`.\n",
    );
    expect(onOneLine("error: missing argument", about)).toContain("missing argument. Next:");
  });

  test("ends with 2, help that was asked for with 0, and other errors are not its own", () => {
    expect(exitCodeOfParsing(new CommanderError(1, "commander.unknownCommand", ""))).toBe(2);
    expect(exitCodeOfParsing(new CommanderError(0, "commander.help", ""))).toBe(0);
    expect(exitCodeOfParsing(new Error("other"))).toBeUndefined();
  });
});

describe("the terminal and the Node of a program", () => {
  test("an old Node is named with the least version and the command that brings its own", () => {
    const app = { program: "aethel", command: "npm run aethel --" };

    expect(oldNodeProblem(app, "22.3.0")).toBe(
      "aethel: this is Node 22.3.0, and Node 24 or later is needed. " +
        "Next: run it with `npm run aethel --`, which brings its own.",
    );
    expect(oldNodeProblem(app, "24.11.0")).toBeUndefined();
  });

  test("a stream that is no terminal has no colours unless they are forced", () => {
    const isForced = process.env["FORCE_COLOR"] !== undefined;

    expect(coloursOf({ isTTY: false }).red("x") === "x").toBe(!isForced);
  });
});

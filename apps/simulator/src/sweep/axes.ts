import { natural, positive } from "@aethel/terminal";
import { TestkitError } from "@aethel/testkit";
import { InvalidArgumentError } from "commander";
import { faulty, nameOf, rate } from "../flags/option-values.ts";
import { STRATEGY_NAMES, type WorldFlags } from "../flags/world-flags.ts";

/** Option of a world that is varied, and its values. */
export interface Axis {
  readonly name: AxisName;
  /** Values in the order of the command line. */
  readonly values: readonly AxisValue[];
}

/** Value of an axis, as text, and a function that sets it. */
export interface AxisValue {
  readonly text: string;
  readonly apply: (flags: WorldFlags) => WorldFlags;
}

/** Name of an option of `run` that can be varied. */
export type AxisName = (typeof AXIS_NAMES)[number];

export const AXIS_NAMES = [
  "nodes",
  "byzantine",
  "strategies",
  "latency",
  "jitter",
  "loss",
  "duplicate",
  "reorder",
  "drift",
  "bandwidth",
  "work",
  "judging",
  "sync",
] as const;

const AXES_MAX = 2;

/**
 * Reads an axis such as `nodes=4,7,10`, and appends it to those `before`. @throws
 * InvalidArgumentError.
 */
export function parseAxis(text: string, before: readonly Axis[] = []): readonly Axis[] {
  const [left = "", right = "", ...rest] = text.split("=");
  if (right === "" || rest.length > 0) {
    throw new InvalidArgumentError("an option and its values are needed, such as nodes=4,7,10.");
  }
  const name = nameOf(AXIS_NAMES)(left);
  if (before.some((axis) => axis.name === name)) {
    throw new InvalidArgumentError(`${name} is varied already.`);
  }
  if (before.length === AXES_MAX) {
    throw new InvalidArgumentError(`at most ${AXES_MAX} options are varied at a time.`);
  }
  const texts = right.split(",");
  const twice = texts.find((each, at) => texts.indexOf(each) !== at);
  if (twice !== undefined) throw new InvalidArgumentError(`${twice} is there twice.`);
  const parse = PARSERS[name];
  const values = texts.map((each): AxisValue => {
    const value = parse(each);
    return { text: each, apply: (flags) => ({ ...flags, [name]: value }) };
  });
  return [...before, { name, values }];
}

const oneStrategy = (text: string): readonly string[] => [nameOf(STRATEGY_NAMES)(text)];

const PARSERS: Readonly<Record<AxisName, (text: string) => unknown>> = {
  nodes: positive,
  byzantine: faulty,
  strategies: oneStrategy,
  latency: natural,
  jitter: natural,
  loss: rate,
  duplicate: rate,
  reorder: rate,
  drift: natural,
  bandwidth: natural,
  work: natural,
  judging: natural,
  sync: natural,
};

/** Combination of one value of each axis, and the flags with these values. */
export interface Point {
  readonly values: readonly string[];
  readonly flags: WorldFlags;
}

/**
 * Combines all values of the axes; those of the first axis change least often. @throws TestkitError
 * `CONFIG` without an axis.
 */
export function pointsOf(axes: readonly Axis[], flags: WorldFlags): readonly Point[] {
  if (axes.length === 0) {
    const problems = ["sweep varies something: add --vary nodes=4,7,10, for instance"];
    throw new TestkitError({ code: "CONFIG", problems });
  }
  return axes.reduce<readonly Point[]>(
    (points, { values }) =>
      points.flatMap((point) =>
        values.map(({ text, apply }) => ({
          values: [...point.values, text],
          flags: apply(point.flags),
        })),
      ),
    [{ values: [], flags }],
  );
}

import type { ExactOperation } from "./exact-operations.ts";
import type { RandomSource } from "./random-source.ts";

/** A regular expression; all others of SMT-LIB are written with these. */
export type Pattern =
  | { readonly type: "none" }
  | { readonly type: "text"; readonly text: string }
  /** One character of a range, both ends included. */
  | { readonly type: "range"; readonly low: string; readonly high: string }
  | { readonly type: "any" }
  | { readonly type: "concat" | "union" | "inter"; readonly parts: readonly [Pattern, Pattern] }
  | { readonly type: "star" | "not"; readonly part: Pattern };

interface Written {
  readonly text: string;
  readonly pattern: Pattern;
}

/** Membership in a random regular expression, decided by derivatives (Brzozowski, 1964). */
export function membership(random: RandomSource): ExactOperation {
  const { text, pattern } = draw(random, 3);
  return {
    name: "str.in_re",
    operands: ["String"],
    result: "Bool",
    write: ([operand]) => `(str.in_re ${operand} ${text})`,
    value: ([operand]) => matches(pattern, operand as string),
  };
}

/** Whether the whole text is in the pattern's language. */
export function matches(pattern: Pattern, text: string): boolean {
  return nullable(Array.from(text).reduce(derive, pattern));
}

function nullable(pattern: Pattern): boolean {
  switch (pattern.type) {
    case "text":
      return pattern.text === "";
    case "concat":
    case "inter":
      return pattern.parts.every(nullable);
    case "union":
      return pattern.parts.some(nullable);
    case "star":
      return true;
    case "not":
      return !nullable(pattern.part);
    default:
      return false;
  }
}

const none: Pattern = { type: "none" };
const empty: Pattern = { type: "text", text: "" };
const both = (type: "concat" | "union" | "inter", left: Pattern, right: Pattern): Pattern => ({
  type,
  parts: [left, right],
});

/** Language of all that may follow the character. */
function derive(pattern: Pattern, character: string): Pattern {
  switch (pattern.type) {
    case "none":
      return none;
    case "any":
      return empty;
    case "text": {
      const [first, ...rest] = pattern.text;
      return first === character ? { type: "text", text: rest.join("") } : none;
    }
    case "range": {
      const code = character.codePointAt(0) ?? 0;
      const [low, high] = [pattern.low.codePointAt(0) ?? 0, pattern.high.codePointAt(0) ?? 0];
      return low <= code && code <= high ? empty : none;
    }
    case "concat": {
      const [left, right] = pattern.parts;
      const first = both("concat", derive(left, character), right);
      return nullable(left) ? both("union", first, derive(right, character)) : first;
    }
    case "union":
    case "inter": {
      const [left, right] = pattern.parts;
      return both(pattern.type, derive(left, character), derive(right, character));
    }
    case "star":
      return both("concat", derive(pattern.part, character), pattern);
    case "not":
      return { type: "not", part: derive(pattern.part, character) };
    default:
      return pattern;
  }
}

function draw(random: RandomSource, depth: number): Written {
  if (depth === 0 || random.chance(15)) return drawLeaf(random);
  const one = draw(random, depth - 1);
  const part = one.pattern;
  const star: Pattern = { type: "star", part };
  const two = (name: string, build: (left: Pattern, right: Pattern) => Pattern): Written => {
    const other = draw(random, depth - 1);
    return { text: `(${name} ${one.text} ${other.text})`, pattern: build(part, other.pattern) };
  };
  switch (random.below(10)) {
    case 0:
    case 1:
      return two("re.++", (left, right) => both("concat", left, right));
    case 2:
    case 3:
      return two("re.union", (left, right) => both("union", left, right));
    case 4:
      return two("re.inter", (left, right) => both("inter", left, right));
    case 5:
      return two("re.diff", (left, right) => both("inter", left, { type: "not", part: right }));
    case 6:
      return { text: `(re.* ${one.text})`, pattern: star };
    case 7:
      return random.chance(50)
        ? { text: `(re.+ ${one.text})`, pattern: both("concat", part, star) }
        : { text: `(re.opt ${one.text})`, pattern: both("union", empty, part) };
    case 8:
      return { text: `(re.comp ${one.text})`, pattern: { type: "not", part } };
    default:
      return drawLoop(one, random);
  }
}

function drawLoop({ text, pattern }: Written, random: RandomSource): Written {
  const power = (times: number): Pattern =>
    Array.from({ length: times }, () => pattern).reduce(
      (left, right) => both("concat", left, right),
      empty,
    );
  const [least, most] = [random.below(3), random.below(4)];
  if (random.chance(30)) return { text: `((_ re.^ ${most}) ${text})`, pattern: power(most) };
  const powers = Array.from({ length: Math.max(0, most - least + 1) }, (_, at) =>
    power(least + at),
  );
  return {
    text: `((_ re.loop ${least} ${most}) ${text})`,
    pattern: powers.reduce((left, right) => both("union", left, right), none),
  };
}

function drawLeaf(random: RandomSource): Written {
  const word = random.pick(["", "a", "b", "ab", "ba", "aa", "0", "10"]);
  const [low, high] = [random.pick(["a", "b", "0", "1", ""]), random.pick(["a", "b", "9", "ab"])];
  switch (random.below(6)) {
    case 0: {
      // A range of anything but single characters is empty.
      const single = low.length === 1 && high.length === 1;
      const pattern: Pattern = single ? { type: "range", low, high } : none;
      return { text: `(re.range "${low}" "${high}")`, pattern };
    }
    case 1:
      return random.pick<Written>([
        { text: "re.allchar", pattern: { type: "any" } },
        { text: "re.all", pattern: { type: "star", part: { type: "any" } } },
        { text: "re.none", pattern: none },
      ]);
    default:
      return { text: `(str.to_re "${word}")`, pattern: { type: "text", text: word } };
  }
}

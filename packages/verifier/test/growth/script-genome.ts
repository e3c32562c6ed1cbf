import type { RandomSource } from "../soundness/random-source.ts";
import { type Part, type Theory, theories } from "./theories.ts";

/** Numbers from which a script is made: few, so that it can be changed, crossed and reported. */
export interface ScriptGenome {
  readonly layers: readonly Layer[];
}

/** Terms of one theory, each made from the one before, and how they stand in the script. */
export interface Layer {
  readonly theory: number;
  readonly form: Form;
  readonly count: number;
  /** Operators, again and again in this order. */
  readonly operators: readonly number[];
  readonly predicate: number;
  readonly width: number;
  readonly knob: number;
  /** Whether the first term is a literal, so that all of it can be folded. */
  readonly literal: boolean;
}

/**
 * `nest`: one term; `let`: names for all terms; `equations`: constants that are equal to them;
 * `macros`: functions of one another; `pairs`: relations between constants, around; `wide`: one
 * operator of two over many constants, as a balanced tree.
 */
export type Form = (typeof forms)[number];
const forms = ["nest", "let", "equations", "macros", "pairs", "wide"] as const;

const COUNT_MAX = 600;
const KNOB_MAX = 1_200;
const LAYERS_MAX = 3;

export function randomScript(random: RandomSource): ScriptGenome {
  const count = 1 + random.below(2);
  return { layers: Array.from({ length: count }, () => randomLayer(random)) };
}

function randomLayer(random: RandomSource): Layer {
  const theory = random.below(theories.length);
  const { operators, predicates, widths } = theories[theory] as Theory;
  return {
    theory,
    form: random.pick(forms),
    count: 1 + random.below(random.pick([4, 12, 40, 120])),
    operators: Array.from({ length: 1 + random.below(3) }, () => random.below(operators.length)),
    predicate: random.below(predicates.length),
    width: random.pick(widths),
    knob: 1 + random.below(random.pick([4, 30, 400])),
    literal: random.chance(20),
  };
}

/** A script that differs in one respect. */
export function mutateScript(random: RandomSource, { layers }: ScriptGenome): ScriptGenome {
  const at = random.below(layers.length);
  const layer = layers[at];
  if (layer === undefined) return randomScript(random);
  if (random.chance(8) && layers.length < LAYERS_MAX) {
    return { layers: [...layers, randomLayer(random)] };
  }
  if (random.chance(8) && layers.length > 1) return { layers: layers.toSpliced(at, 1) };
  return { layers: layers.with(at, mutateLayer(random, layer)) };
}

function mutateLayer(random: RandomSource, layer: Layer): Layer {
  const other = randomLayer(random);
  const sized = (value: number, max: number): number =>
    Math.max(1, Math.min(max, Math.round(value * random.pick([0.5, 0.8, 1.25, 2, 3]))));
  switch (random.below(8)) {
    case 0:
    case 1:
    case 2:
      return { ...layer, count: sized(layer.count, COUNT_MAX) };
    case 3:
      return { ...layer, knob: sized(layer.knob, KNOB_MAX) };
    case 4:
      return { ...layer, form: other.form };
    case 5:
      return other.theory === layer.theory ? other : { ...layer, width: widthOf(random, layer) };
    case 6:
      return { ...layer, predicate: random.below(predicatesOf(layer)), literal: other.literal };
    default:
      return { ...layer, operators: changed(random, layer) };
  }
}

function widthOf(random: RandomSource, { theory }: Layer): number {
  return random.pick((theories[theory] as Theory).widths);
}

function predicatesOf({ theory }: Layer): number {
  return (theories[theory] as Theory).predicates.length;
}

function changed(random: RandomSource, { theory, operators }: Layer): readonly number[] {
  const one = random.below((theories[theory] as Theory).operators.length);
  const at = random.below(operators.length + 1);
  if (at === operators.length) return operators.length < 4 ? [...operators, one] : operators;
  return operators.length > 1 && random.chance(30)
    ? operators.toSpliced(at, 1)
    : operators.with(at, one);
}

/** A script with layers of both. */
export function crossScripts(
  random: RandomSource,
  left: ScriptGenome,
  right: ScriptGenome,
): ScriptGenome {
  const layers = random.shuffled([...left.layers, ...right.layers]);
  return { layers: layers.slice(0, 1 + random.below(Math.min(LAYERS_MAX, layers.length))) };
}

/** The script: a claim in SMT-LIB. */
export function renderScript({ layers }: ScriptGenome): string {
  const preludes = new Set(layers.map(({ theory }) => (theories[theory] as Theory).prelude ?? ""));
  const bodies = layers.map((layer, index) => renderLayer(layer, `l${index}`));
  return [...preludes, ...bodies, "(check-sat)"].filter((text) => text !== "").join("\n");
}

function renderLayer(layer: Layer, prefix: string): string {
  const theory = theories[layer.theory] as Theory;
  const { count, knob, width } = layer;
  const sort = theory.sort(width);
  const part = (index: number): Part => ({ index, width, knob });
  const step = (previous: string, other: string, index: number): string => {
    const operator = theory.operators[layer.operators[index % layer.operators.length] ?? 0];
    return operator?.(previous, other, part(index)) ?? previous;
  };
  const predicate = theory.predicates[layer.predicate % theory.predicates.length];
  const claim = (left: string, right: string, index: number): string =>
    `(assert ${predicate?.(left, right, part(index)) ?? "false"})`;
  const constant = (name: string): string => `(declare-const ${prefix}${name} ${sort})`;
  const [x, y] = [`${prefix}x`, `${prefix}y`];
  const first = layer.literal ? theory.literal(part(0)) : x;
  const declared = `${constant("x")}${constant("y")}`;
  switch (layer.form) {
    case "nest": {
      let term = first;
      for (let index = 0; index < count && term.length < 200_000; index++) {
        term = step(term, y, index);
      }
      return `${declared}\n${claim(term, y, count)}`;
    }
    case "let": {
      const name = (index: number): string => (index === 0 ? first : `${prefix}v${index}`);
      const bindings = indices(count).map(
        (index) =>
          `(let ((${name(index + 1)} ${step(name(index), name(Math.max(0, index - 1)), index)}))`,
      );
      const body = predicate?.(name(count), y, part(count)) ?? "false";
      return `${declared}\n(assert ${bindings.join("")}${body}${")".repeat(count)})`;
    }
    case "equations": {
      const name = (index: number): string => (index === 0 ? x : `${prefix}e${index}`);
      const equations = indices(count).map(
        (index) =>
          `${constant(`e${index + 1}`)}(assert (= ${name(index + 1)} ${step(name(index), name(Math.max(0, index - 1)), index)}))`,
      );
      const start = layer.literal ? `(assert (= ${x} ${first}))` : "";
      return [declared, ...equations, start, claim(name(count), y, count)].join("\n");
    }
    case "macros": {
      const macros = indices(count).map((index) => {
        const inner = index === 0 ? "a" : `(${prefix}m${index - 1} a b)`;
        return `(define-fun ${prefix}m${index} ((a ${sort}) (b ${sort})) ${sort} ${step(inner, "b", index)})`;
      });
      return [declared, ...macros, claim(`(${prefix}m${count - 1} ${first} ${y})`, y, count)].join(
        "\n",
      );
    }
    case "pairs": {
      const name = (index: number): string => `${prefix}p${index % count}`;
      const constants = indices(count).map((index) => constant(`p${index}`));
      const claims = indices(count).map((index) =>
        claim(step(name(index), name(index + 1), index), name(index * 7 + 3), index),
      );
      return [constants.join(""), ...claims].join("\n");
    }
    case "wide": {
      const names = indices(count).map((index) => `${prefix}w${index}`);
      const constants = indices(count).map((index) => constant(`w${index}`));
      return [
        declared,
        constants.join(""),
        claim(balanced([first, ...names], step), y, count),
      ].join("\n");
    }
  }
}

function balanced(
  terms: readonly string[],
  step: (left: string, right: string, index: number) => string,
): string {
  let row = terms;
  for (let level = 0; row.length > 1; level++) {
    const next: string[] = [];
    for (let at = 0; at < row.length; at += 2) {
      const [left = "", right] = row.slice(at, at + 2);
      next.push(right === undefined ? left : step(left, right, level));
    }
    // What doubles its operands must not double the text for ever.
    if (next.join("").length > 200_000) return next[0] ?? "";
    row = next;
  }
  return row[0] ?? "";
}

function indices(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

import { type List, type Node, ScreenError } from "./s-expression.ts";

/**
 * How large a term can become when macros are expanded and constants folded.
 *
 * `words` bounds the 64-bit words of one folded constant, product or concatenation, as
 * `degree` x (words of the largest macro argument) + `words`. `nodes` counts what expansion of
 * macros with parameters creates; `let` and constants share, so a use of them counts one.
 */
export interface Growth {
  readonly degree: number;
  readonly words: number;
  readonly nodes: number;
}

/** A function that the script defined. */
export interface Macro {
  readonly parameters: readonly string[];
  readonly growth: Growth;
}

/** A symbol of which nothing is known but that it is there. */
export const plainGrowth: Growth = { degree: 0, words: 1, nodes: 1 };
const parameterGrowth: Growth = { degree: 1, words: 0, nodes: 1 };

type Task =
  | { readonly type: "visit"; readonly node: Node }
  | { readonly type: "combine"; readonly node: List; readonly count: number }
  | { readonly type: "bind"; readonly names: readonly string[] }
  | { readonly type: "unbind"; readonly names: readonly string[] };

/** Limits whose breach stops the measuring at once, before anything large is computed. */
export interface GrowthLimits {
  readonly words: number;
  readonly nodes: number;
  readonly distinct: number;
}

/**
 * Measures a term whose free names are `known` (constants with their widths) and `macros`.
 *
 * @throws ScreenError `growth` or `expansion` beyond the limits.
 */
export function measureTerm(
  term: Node,
  context: {
    readonly known: ReadonlyMap<string, Growth>;
    readonly macros: ReadonlyMap<string, Macro>;
    readonly parameters: readonly string[];
    readonly limits: GrowthLimits;
  },
): Growth {
  const { limits } = context;
  const scopes = new Map<string, Growth[]>();
  const values: Growth[] = [];
  const tasks: Task[] = [{ type: "visit", node: term }];
  bind(
    context.parameters,
    context.parameters.map(() => parameterGrowth),
  );

  function bind(names: readonly string[], growths: readonly Growth[]): void {
    names.forEach((name, index) => {
      const scope = scopes.get(name) ?? [];
      scope.push(growths[index] ?? plainGrowth);
      scopes.set(name, scope);
    });
  }

  function lookUp(name: string): Growth {
    const bound = scopes.get(name)?.at(-1);
    if (bound !== undefined) return { ...bound, nodes: 1 };
    const macro = context.macros.get(name);
    if (macro !== undefined) return { ...macro.growth, nodes: 1 };
    return context.known.get(name) ?? plainGrowth;
  }

  function visit(node: Node): void {
    if (node.type !== "list") {
      const named = node.type === "symbol" || node.type === "quoted";
      values.push(named ? lookUp(node.text) : { ...plainGrowth, words: wordsOf(node.text) });
      return;
    }
    const head = node.items[0];
    const name = head?.type === "symbol" ? head.text : undefined;
    const binding = node.items[1];
    const body = node.items.at(-1);
    if (name === "let" && binding?.type === "list" && body !== undefined) {
      const pairs = binding.items.flatMap((pair) => (pair.type === "list" ? [pair] : []));
      const names = pairs.map(nameOf);
      tasks.push({ type: "unbind", names }, { type: "visit", node: body }, { type: "bind", names });
      for (const pair of pairs.toReversed()) {
        tasks.push({ type: "visit", node: pair.items[1] ?? pair });
      }
      return;
    }
    if (name === "_" || name === "as") {
      values.push({ ...plainGrowth, words: indexWords(node) });
      return;
    }
    if ((name === "forall" || name === "exists") && binding?.type === "list") {
      if (body !== undefined) tasks.push({ type: "visit", node: body });
      return;
    }
    const operands = name === "!" ? node.items.slice(1, 2) : node.items.slice(1);
    tasks.push({ type: "combine", node, count: operands.length });
    for (const operand of operands.toReversed()) tasks.push({ type: "visit", node: operand });
  }

  function combine(node: List, count: number): void {
    const operands = values.splice(values.length - count, count);
    const result = apply(node, operands, context.macros);
    if (result.words > limits.words) {
      throw new ScreenError("growth", "folding this would make a constant too large", node.at);
    }
    if (result.nodes > limits.nodes) {
      throw new ScreenError("expansion", "macros expand to too many nodes", node.at);
    }
    const head = node.items[0];
    if (head?.type === "symbol" && head.text === "distinct" && count > limits.distinct) {
      throw new ScreenError("growth", `distinct of ${count} terms`, node.at);
    }
    values.push(result);
  }

  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
    if (task.type === "visit") visit(task.node);
    else if (task.type === "combine") combine(task.node, task.count);
    else if (task.type === "bind") {
      bind(task.names, values.splice(values.length - task.names.length, task.names.length));
    } else for (const name of task.names) scopes.get(name)?.pop();
  }
  return values.pop() ?? plainGrowth;
}

/** Words of a sort's widest index: a constant of a wide bit vector is wide from the start. */
export function sortGrowth(sort: Node): Growth {
  let words = 1;
  const stack: Node[] = [sort];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.type === "list") stack.push(...node.items);
    else if (node.type === "numeral") words = Math.max(words, Number(node.text) / 64);
  }
  return { ...plainGrowth, words };
}

const summing = new Set(["*", "concat", "str.++", "seq.++", "re.++", "re.loop"]);
const multiplying = new Set(["repeat", "re.loop", "re.^"]);
/** Their operands' sizes end here: a truth value folds into nothing larger. */
const truthValued = new Set(
  "= distinct < <= > >= bvult bvule bvugt bvuge bvslt bvsle bvsgt bvsge not and or xor =>".split(
    " ",
  ),
);
const widening = new Set(["zero_extend", "sign_extend", "int2bv", "int_to_bv", "nat2bv"]);

function apply(
  node: List,
  operands: readonly Growth[],
  macros: ReadonlyMap<string, Macro>,
): Growth {
  const head = node.items[0];
  const nodes = operands.reduce((total, operand) => total + operand.nodes, 1);
  const degree = operands.reduce((most, operand) => Math.max(most, operand.degree), 0);
  const words = operands.reduce((most, operand) => Math.max(most, operand.words), 1);

  if (head?.type === "list") {
    const index = head.items[1];
    const name = index?.type === "symbol" ? index.text : "";
    const largest = indexWords(head) * 64;
    if (multiplying.has(name)) return { degree: degree * largest, words: words * largest, nodes };
    if (name === "extract") return { degree, words: extracted(head), nodes };
    if (widening.has(name)) return { degree, words: words + largest / 64, nodes };
    return { degree, words, nodes };
  }
  const name = head?.type === "symbol" || head?.type === "quoted" ? head.text : "";
  const macro = macros.get(name);
  if (macro !== undefined) {
    return {
      degree: macro.growth.degree * degree,
      words: macro.growth.degree * words + macro.growth.words,
      nodes: nodes + macro.growth.nodes,
    };
  }
  if (name === "^") return power(node, operands, nodes);
  if (truthValued.has(name)) return { degree: 0, words: 1, nodes };
  if (name === "select") {
    const array = operands[0] ?? plainGrowth;
    return { degree: array.degree, words: array.words, nodes };
  }
  if (!summing.has(name)) return { degree, words, nodes };
  return {
    degree: operands.reduce((total, operand) => total + operand.degree, 0),
    words: operands.reduce((total, operand) => total + operand.words, 0),
    nodes,
  };
}

function extracted(head: List): number {
  const [high, low] = head.items
    .slice(2)
    .map((item) => (item.type === "numeral" ? item.text : "0"));
  return Math.max(0, Number(high ?? 0) - Number(low ?? 0) + 1) / 64;
}

function power(node: List, operands: readonly Growth[], nodes: number): Growth {
  const exponent = node.items[2];
  if (node.items.length !== 3 || exponent?.type !== "numeral" || exponent.text.length > 6) {
    throw new ScreenError("growth", "an exponent must be one small numeral", node.at);
  }
  const times = Number(exponent.text);
  const base = operands[0] ?? plainGrowth;
  return { degree: base.degree * times, words: Math.max(1, base.words * times), nodes };
}

function wordsOf(literal: string): number {
  // A decimal digit has 3.33 bits, a hexadecimal one 4: four is enough for all.
  return Math.max(1, (literal.length * 4) / 64);
}

function indexWords(list: List): number {
  return list.items.reduce(
    (most, item) => (item.type === "numeral" ? Math.max(most, Number(item.text) / 64) : most),
    1 / 64,
  );
}

function nameOf(list: List): string {
  const head = list.items[0];
  return head?.type === "symbol" || head?.type === "quoted" ? head.text : "";
}

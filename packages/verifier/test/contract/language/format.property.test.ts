import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkContract } from "../../../src/contract/check/check-contract.ts";
import { formatSource } from "../../../src/index.ts";
import { isComment, piecesOf } from "../../../src/language/format/source-pieces.ts";
import { stripSpans } from "../../language/strip-spans.ts";
import { contracts } from "../arbitrary-contract.ts";
import { sourceOfContract } from "../contract-tree.ts";
import { parsedContract } from "./places.ts";

/** Text that may stand between two tokens: blanks, line ends, comments of each kind. */
const gaps = fc.oneof(
  { arbitrary: fc.constantFrom(" ", "  ", "\t"), weight: 12 },
  { arbitrary: fc.constantFrom("\n", "\n\n\n", "\r\n", "\r", " \n  "), weight: 5 },
  {
    arbitrary: fc.constantFrom(
      " # note\n",
      " // why; { }\r\n",
      "\n# alone \n",
      "\n\n// apart\n\n",
      " /* inline { */ ",
      " /* two\n   lines */",
      "\n/* alone */\n",
    ),
    weight: 2,
  },
);

/** Sources with the tokens of a random contract, blanks and comments anywhere between them. */
const sources = fc
  .record({
    contract: contracts,
    gaps: fc.array(gaps, { minLength: 40, maxLength: 120 }),
    dense: fc.boolean(),
  })
  .map(({ contract, gaps: some, dense }) => {
    const words = piecesOf(sourceOfContract(contract)).map((piece) => piece.text);
    const gap = (at: number): string =>
      dense || at % 7 === 0 ? (some[at % some.length] ?? " ") : " ";
    return `${some[0] ?? ""}${words.map((word, at) => `${word}${gap(at)}`).join("")}${some[1] ?? ""}`;
  });

const commentsOf = (text: string): readonly string[] =>
  piecesOf(text)
    .filter(isComment)
    .map((piece) => piece.text);

function formatted(source: string): string {
  const result = formatSource(source);
  if (!result.ok) throw new Error(`${JSON.stringify(result.diagnostics)}\n${source}`);
  return result.text;
}

function digestOf(source: string): Uint8Array | undefined {
  const checked = checkContract(parsedContract(source));
  return checked.ok ? checked.contract.digest : undefined;
}

describe("formatting a contract", () => {
  test("keeps the program, its digest and every comment in its order, and is done at once", () => {
    let comments = 0;
    fc.assert(
      fc.property(sources, (source) => {
        const text = formatted(source);

        expect(stripSpans(parsedContract(text))).toEqual(stripSpans(parsedContract(source)));
        expect(commentsOf(text)).toEqual(commentsOf(source));
        expect(formatted(text)).toBe(text);
        expect(digestOf(text)).toBeDefined();
        expect(digestOf(text)).toEqual(digestOf(source));
        comments += commentsOf(source).length;
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 120, seed: 1 },
    );
    expect(comments).toBeGreaterThan(1_000);
  });

  test("has no trailing blanks, no two empty lines, no tab outside comments, and one end", () => {
    fc.assert(
      fc.property(sources, (source) => {
        const bare = formatted(source).replaceAll(/\/\*[^]*?\*\//g, "*");

        expect(bare).not.toMatch(/\n\n\n|\t|\r|^\n|[^\n]$/);
        expect(bare.replaceAll(/(?:#|\/\/).*/g, "")).not.toMatch(/\{\n\n|\n\n *\}/);
      }),
      { numRuns: 60 },
    );
  });

  test("leaves each line of a printed contract that fits as it is", () => {
    fc.assert(
      fc.property(contracts.map(sourceOfContract), (source) => {
        const lines = new Set(formatted(source).split("\n"));
        const printed = source.replaceAll(/\{\n *\}/g, "{}").split("\n");

        expect(printed.filter((line) => line.length <= 100 && !lines.has(line))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test("what people write comes out as people like it", () => {
    const source = `contract bank{enum Phase{open,closed}record Deal{payer:Account;amount:Amount;
      due:Int;}
      state{claim(balance)unless act deals:map[Account]Amount={[none]:5,[account "${"01".repeat(32)}"]:6};
      claim:Int=-5;} # kept
      # the rule
      invariant one:claim>=0-9;
      invariant two:for each k in deals:deals[k]>=0&&claim>=0-9&&vault.balance>=0&&k!=none=>deals[k]<100;
      transition three: for each k in deals: true
        => old(deals[k])>=0;
      exit gone:for each k in deals:deals[k]>0 keeping deals[k] in balance after -5 within 7_776_000 unless act via act(k) to(k);
      intent act(to:Account){let d=Deal{payer:to,amount:1,due:-2};guard{(d)==Deal{payer:to,amount:1,due:2};}
      effect{emit Deal{payer:to,
        amount:1,due:2};assert(1>0)&&true;delete deals[to];
        emit Deal {
          payer: to,
          amount: 1, due: 2,
        };
      }}
      // between
      uncovered balance "why";intent last(){}}`;

    expect(formatted(source)).toBe(`contract bank {
  enum Phase { open, closed }

  record Deal {
    payer: Account;
    amount: Amount;
    due: Int;
  }

  state {
    claim (balance) unless act deals: map[Account] Amount = { [none]: 5,
      [account "0101010101010101010101010101010101010101010101010101010101010101"]: 6 };
    claim: Int = -5;
  } # kept

  # the rule
  invariant one: claim >= 0 - 9;
  invariant two: for each k in deals:
    deals[k] >= 0 && claim >= 0 - 9 && vault.balance >= 0 && k != none => deals[k] < 100;
  transition three: for each k in deals: true
    => old(deals[k]) >= 0;
  exit gone: for each k in deals:
    deals[k] > 0 keeping deals[k] in balance after -5 within 7_776_000 unless act via act(k) to (k);

  intent act(to: Account) {
    let d = Deal { payer: to, amount: 1, due: -2 };
    guard {
      (d) == Deal { payer: to, amount: 1, due: 2 };
    }
    effect {
      emit Deal { payer: to,
        amount: 1, due: 2 };
      assert (1 > 0) && true;
      delete deals[to];
      emit Deal {
        payer: to,
        amount: 1, due: 2,
      };
    }
  }

  // between
  uncovered balance "why";

  intent last() {}
}
`);
  });

  test("a long rule is broken at all operators of one kind, and deeper where they bind more", () => {
    const source = `contract c {
      transition paced: for each id in plans: plans[id].left < old(plans[id]).left => signed(old(plans[id]).customer) || now > old(plans[id]).end || (now >= old(plans[id]).due && plans[id].due == old(plans[id]).due + old(plans[id]).period && plans[id].open);
      transition written: for each id in plans: plans[id].left < old(plans[id]).left =>
        plans[id].open ||
        (now >= old(plans[id]).due &&
        plans[id].open);
      exit owed: for each id in plans: plans[id].left > 0 && plans[id].customer != none && plans[id].open keeping plans[id].left after plans[id].end within 31_536_000 via go(id) to plans[id].customer;
    }`;

    expect(formatted(source)).toBe(`contract c {
  transition paced: for each id in plans:
    plans[id].left < old(plans[id]).left
      => signed(old(plans[id]).customer)
        || now > old(plans[id]).end
        || (now >= old(plans[id]).due
          && plans[id].due == old(plans[id]).due + old(plans[id]).period
          && plans[id].open);
  transition written: for each id in plans: plans[id].left < old(plans[id]).left =>
    plans[id].open ||
    (now >= old(plans[id]).due &&
      plans[id].open);
  exit owed: for each id in plans:
    plans[id].left > 0 && plans[id].customer != none && plans[id].open
      keeping plans[id].left
      after plans[id].end within 31_536_000
      via go(id) to plans[id].customer;
}
`);
    expect(formatted(formatted(source))).toBe(formatted(source));
  });

  test("a rule whose condition cannot be broken better is broken after its `for each`", () => {
    const long = (letter: string): string => letter.repeat(40);
    const condition = `max(${long("a")}, ${long("b")})`;
    const source = `contract c { invariant i: for each k in deals: ${condition}; }`;

    expect(formatted(source).split("\n").slice(1, 3)).toEqual([
      "  invariant i: for each k in deals:",
      `    ${condition};`,
    ]);
  });

  test("a record that does not fit is broken after a comma", () => {
    const field = (at: number): string => `a_rather_long_field_${at}: ${at}_000_000_000`;
    const source = `contract c { intent t() { effect { emit Deal { ${[1, 2, 3].map(field).join(", ")} }; } } }`;

    expect(formatted(source).split("\n").slice(3, 5)).toEqual([
      `      emit Deal { ${field(1)}, ${field(2)},`,
      `        ${field(3)} };`,
    ]);
  });
});

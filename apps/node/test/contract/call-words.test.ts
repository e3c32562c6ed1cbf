import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCallList } from "../../src/contract/call-list.ts";
import { type GivenCall, readCallWords } from "../../src/contract/call-words.ts";

const names = fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/);
const texts = fc.stringMatching(/^[\w.:@+/ -]{1,12}$/).filter((text) => !text.startsWith("--"));
const calls: fc.Arbitrary<GivenCall> = fc.record({
  target: fc.stringMatching(/^[a-z]{1,6}(\.[a-z]{1,6})?$/),
  given: fc.uniqueArray(fc.record({ name: names, text: texts }), {
    selector: ({ name }) => name,
    maxLength: 5,
  }),
});
const styles = fc.constantFrom("spaced", "joined", "pair");

type Style = "spaced" | "joined" | "pair";
function wordsOf({ name, text = "" }: GivenCall["given"][number], style: Style): string[] {
  if (style === "pair") return [`${name}=${text}`];
  return style === "joined" ? [`--${name}=${text}`] : [`--${name}`, text];
}

describe("a call in words", () => {
  test("means the same in each style of its arguments, and wherever its target stands", () => {
    const inputs = fc.tuple(calls, fc.array(styles, { minLength: 5, maxLength: 5 }), fc.nat());
    fc.assert(
      fc.property(inputs, ([call, chosen, place]) => {
        const parts = call.given.map((one, at) => wordsOf(one, chosen[at] ?? "pair"));
        parts.splice(place % (parts.length + 1), 0, [call.target]);

        expect(readCallWords(parts.flat())).toEqual(call);
      }),
    );
  });

  test("takes a negative number as a value, and a name that stands alone as one without a value", () => {
    const { given } = readCallWords(["a.b", "--step", "-5", "--open", "--by", "me"]);

    expect(given).toEqual([
      { name: "step", text: "-5" },
      { name: "open", text: undefined },
      { name: "by", text: "me" },
    ]);
  });

  test.each([
    [[], /no intent is named/],
    [["a.b", "c"], /`c` stands beside `a.b` without a name/],
    [["a.b", "id=1", "--id", "2"], /`id` is given twice/],
  ])("%j is refused", (words, message) => {
    expect(() => readCallWords(words)).toThrow(message);
  });
});

describe("a list of calls", () => {
  test("in lines and in JSON is the same list as call after call in words", () => {
    fc.assert(
      fc.property(fc.array(calls, { minLength: 1, maxLength: 16 }), (list) => {
        const lines = list.map(({ target, given }) =>
          [target, ...given.map(({ name, text }) => `${name}="${text}"`), "# note"].join(" "),
        );
        const json = list.map(({ target, given }) => {
          const pairs = given.map(({ name, text }) => [name, text] as const);
          return { call: target, arguments: Object.fromEntries(pairs) };
        });
        const sorted = (all: readonly GivenCall[]): unknown =>
          all.map(({ target, given }) => [
            target,
            new Map(given.map((one) => [one.name, one.text])),
          ]);

        expect(sorted(readCallList("calls.txt", lines.join("\n")))).toEqual(sorted(list));
        expect(sorted(readCallList("calls.json", JSON.stringify(json)))).toEqual(sorted(list));
      }),
    );
  });

  test("has a comment only where `#` begins a word, and as many calls as a transaction", () => {
    const [call] = readCallList("calls.txt", 'a.b tag=x#1 memo="# no" # yes');
    expect(call?.given.map(({ text }) => text)).toEqual(["x#1", "# no"]);
    expect(readCallList("calls.txt", "a.b\n".repeat(16))).toHaveLength(16);
  });

  test("leaves out empty lines and comments, and numbers are numbers in JSON too", () => {
    expect(readCallList("calls.txt", "\n# all\n  a.b id=7  # seven\n")).toEqual([
      { target: "a.b", given: [{ name: "id", text: "7" }] },
    ]);
    expect(readCallList("c.json", '[{"call":"a.b","arguments":{"id":7,"open":true}}]')).toEqual([
      {
        target: "a.b",
        given: [
          { name: "id", text: "7" },
          { name: "open", text: "true" },
        ],
      },
    ]);
  });

  test.each([
    ["calls.txt", "", /has no call/],
    ["calls.txt", 'a.b\na.b memo="open', /calls\.txt:2: a double quote is not closed/],
    ["calls.txt", "a.b\na.b c", /calls\.txt:2: `c` stands beside/],
    ["calls.txt", "a.b\n".repeat(17), /17 calls, and a transaction has at most 16/],
    ["c.json", "{", /is not JSON/],
    ["c.json", '[{"call":"a.b","arguments":{"id":{}}}]', /at `0\.arguments\.id`/],
    ["c.json", '[{"call":"a.b","argument":{}}]', /is no list of calls/],
  ])("%s with %j is refused with its place", (file, text, message) => {
    expect(() => readCallList(file, text)).toThrow(message);
  });
});

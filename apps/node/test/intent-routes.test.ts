import { createPrograms, type IntentView, type Named } from "@aethel/ledger";
import { sha256, toHex } from "@aethel/models";
import { Hono } from "hono";
import { expect, test } from "vitest";
import { addChainRoutes } from "../src/http/chain-routes.ts";
import { onError } from "../src/http/respond.ts";

const encoder = new TextEncoder();
const names = ["a", "b", "b", "c", "d"];
const views = names.map((name, at): IntentView => {
  const [program] = createPrograms().compile(
    encoder.encode(`intent ${name}(x: Int) { guard { x > ${at}; } verify { true; } }`),
    "published",
  );
  if (program === undefined) throw new Error("one intent went in");
  const { digest, canonical, parameters } = program;
  const about = { digest, name, text: canonical, parameters, author: sha256(encoder.encode(name)) };
  return { ...about, difficulty: 1, judgeVersion: 1, sequence: 1, origin: "published" } as never;
});
const listed = views.toSorted((left, right) =>
  `${left.name} ${toHex(left.digest)}` < `${right.name} ${toHex(right.digest)}` ? -1 : 1,
);

/** A ledger with the pages of the real one, computed over all intents. */
function createApp(): Hono {
  const ledger = {
    intent: (digest: Uint8Array) => views.find((view) => toHex(view.digest) === toHex(digest)),
    intentPage: (asked: { name?: string; after?: Named; limit: number }) => {
      const wanted = listed.filter(({ name }) => asked.name === undefined || name === asked.name);
      const { after } = asked;
      const from = after && wanted.findIndex(({ digest }) => toHex(digest) === after.id) + 1;
      const entries = wanted.slice(from ?? 0, (from ?? 0) + asked.limit);
      const last = entries.at(-1);
      const isLast = last === undefined || wanted.at(-1) === last;
      return { entries, next: isLast ? undefined : { name: last.name, id: toHex(last.digest) } };
    },
  };
  const app = new Hono();
  app.onError(onError);
  addChainRoutes(app, { ledger } as never);
  return app;
}

async function pages(query: string): Promise<readonly (readonly string[])[]> {
  const found: string[][] = [];
  let after = "";
  for (;;) {
    const answer = await createApp().request(`/intents?${query}${after}`);
    expect(answer.status).toBe(200);
    const body = (await answer.json()) as { intents: { name: string }[]; next?: string };
    found.push(body.intents.map(({ name }) => name));
    if (body.next === undefined) return found;
    after = `&after=${body.next}`;
  }
}

test("intents come page by page, each page after the last of the one before", async () => {
  expect(await pages("limit=2")).toEqual([["a", "b"], ["b", "c"], ["d"]]);
  expect(await pages("")).toEqual([names]);
});

test("of one name, and no page is empty for want of a limit", async () => {
  expect(await pages("name=b&limit=1")).toEqual([["b"], ["b"]]);
  expect(await pages("name=nothing")).toEqual([[]]);
  expect(await pages("limit=0")).toEqual(names.map((name) => [name]));
});

test("a page after what is no intent is refused", async () => {
  const app = createApp();

  expect((await app.request(`/intents?after=${"00".repeat(32)}`)).status).toBe(404);
  expect((await app.request("/intents?after=b")).status).toBe(400);
  expect((await app.request("/intents?limit=many")).status).toBe(400);
});

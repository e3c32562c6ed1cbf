import { describe, expect, test } from "vitest";
import { Config } from "../src/config/config.ts";

const SENTRY = "/ip4/10.0.0.2/tcp/4500/p2p/12D3KooWSahP5pFRCEfaziPEba7urXtARgpEhVF9ykSeuTkWo4ek";
const PEER = "12D3KooWSahP5pFRCEfaziPEba7urXtARgpEhVF9ykSeuTkWo4ek";

function problems(config: object): readonly string[] {
  const parsed = Config.safeParse({ version: 1, ...config });
  return parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
}

describe("roles in config.json", () => {
  test("a private validator names its sentries, a sentry its private validators", () => {
    expect(problems({ p2p: { private: true, sentries: [SENTRY] } })).toEqual([]);
    expect(problems({ role: "sentry", p2p: { privatePeers: [PEER] } })).toEqual([]);
    expect(problems({ role: "sentry" })).toEqual([]);
  });

  test("each contradiction is named with its field", () => {
    expect(problems({ p2p: { private: true } })).toEqual([
      "p2p.sentries: a private validator needs one",
    ]);
    expect(problems({ p2p: { sentries: [SENTRY] } })).toEqual([
      "p2p.private: must be true with `sentries`",
    ]);
    expect(problems({ role: "observer", p2p: { private: true, sentries: [SENTRY] } })).toEqual([
      "p2p.private: only a validator can be private",
    ]);
    expect(problems({ p2p: { privatePeers: [PEER] } })).toEqual([
      "p2p.privatePeers: only a node with the role `sentry` has private peers",
    ]);
  });

  test("a sentry without a peer id is refused: its identity could not be checked", () => {
    const [first] = problems({ p2p: { private: true, sentries: ["/ip4/10.0.0.2/tcp/4500"] } });
    expect(first).toContain("needs the form /.../p2p/PEER-ID");
  });
});

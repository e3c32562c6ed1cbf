import type { Edit } from "./patch.ts";

/** Somebody alone knows that a block is final, and Byzantine leaders follow. */
export const HIDDEN_COMMIT = { rate: 1, holdMs: 6_000, plan: "hidden-commit" } as const;

/** A certificate without a quorum passes; its signatures must hold. */
export const NO_QUORUM: Edit = {
  find: "return findCertificateDefect({ ...expected, certificate });",
  replace:
    'const d = findCertificateDefect({ ...expected, certificate }); return d === "no-quorum" ? undefined : d;',
};

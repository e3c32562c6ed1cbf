import { type DeclaredAsset, declaredAsset } from "../syntax/assets.ts";
import { childrenOf } from "../syntax/children.ts";
import type { Module } from "../syntax/module.ts";
import type { Assignment, Expression, Intent, Name } from "../syntax/syntax.ts";
import type { Scope } from "./check-expression.ts";

/**
 * Returns the assets that a module declares, by name. Reports assets with the name of another asset
 * or of a constant.
 */
export function declaredAssets(
  module: Module,
  constants: ReadonlyMap<string, unknown>,
  report: Scope["report"],
): ReadonlyMap<string, DeclaredAsset> {
  const assets = new Map<string, DeclaredAsset>();
  for (const item of module.items) {
    if (item.type !== "asset") continue;
    const { text, span } = item.name;
    if (assets.has(text) || constants.has(text)) {
      report("duplicate", span, `\`${text}\` is declared already`);
    }
    assets.set(text, declaredAsset(text, item.issuer.text));
  }
  return assets;
}

/** Returns the declared assets that an intent reads or writes, ordered by name. */
export function assetsOf(
  intent: Intent,
  assets: ReadonlyMap<string, DeclaredAsset>,
): readonly DeclaredAsset[] {
  const used = new Set(assetNames(intent).map((name) => name.text));
  return [...assets.values()]
    .filter((asset) => used.has(asset.name))
    .toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

/**
 * Requires that only an `issue` or `burn` intent changes a supply, that it does so at least once,
 * and only upwards (`issue`) or downwards (`burn`). So the word before `intent` tells a reader what
 * can happen to the supply.
 */
export function checkSupplyWrites(intent: Intent, report: Scope["report"]): void {
  const writes = intent.effect.filter(
    (statement): statement is Assignment =>
      statement.type === "assignment" && statement.target.type === "supply",
  );
  const { supply, name } = intent;
  if (supply === "fixed") {
    const message = "only an intent declared `issue` or `burn` may change a supply";
    for (const write of writes) report("type", write.span, message);
    return;
  }
  const wanted = supply === "issue" ? "+=" : "-=";
  for (const write of writes) {
    if (write.operator === wanted) continue;
    report(
      "type",
      write.span,
      `an intent declared \`${supply}\` changes a supply by \`${wanted}\``,
    );
  }
  if (writes.length > 0) return;
  const message = `\`${name.text}\` is declared \`${supply}\` and changes no supply; write \`supply[ASSET] ${wanted} ...;\``;
  report("missing", name.span, message);
}

function assetNames(intent: Intent): readonly Name[] {
  const { guard, effect, verify } = intent;
  const names: Name[] = [];
  const note = (place: Expression | Assignment["target"]): void => {
    const asset = place.type === "field" || place.type === "supply" ? place.asset : undefined;
    if (asset !== undefined) names.push(asset);
  };
  const visit = (expression: Expression): void => {
    note(expression);
    for (const child of childrenOf(expression)) visit(child);
  };
  for (const clause of [...guard, ...verify]) {
    visit(clause.type === "let" ? clause.value : clause.expression);
  }
  for (const statement of effect) {
    if (statement.type === "assignment") note(statement.target);
    visit(statement.value);
  }
  return names;
}

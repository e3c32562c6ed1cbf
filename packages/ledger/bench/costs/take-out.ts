import { registerHooks } from "node:module";

/**
 * Repair that can be taken out: the widths of operands in the price, or the stop before the limit.
 */
export type Repair = "widths" | "stop";

/** Whether a word names a repair. */
export function isRepair(word: string): word is Repair {
  return word === "widths" || word === "stop";
}

const CHANGES: Readonly<
  Record<Repair, { readonly file: RegExp; readonly from: RegExp; readonly to: string }>
> = {
  widths: {
    file: /models\/(src|dist)\/ledger\/units\.(ts|js)$/,
    from: /(export function (?:addition|multiplication|division)Units\([^)]*\)[^{]*\{)/g,
    to: "$1 return 0;",
  },
  stop: {
    file: /verifier\/(src|dist)\/intent\/execution\/intent-run\.(ts|js)$/,
    from: /amount > this\.#unitsMax - this\.#units/g,
    to: "false",
  },
};

let isTakenOut = false;

/** @throws Error if `takeOut` was called and the file has not been loaded: nothing was changed. */
export function demandTakenOut(repair: Repair): void {
  if (!isTakenOut) throw new Error(`no loaded file matches that of ${repair}; name it again`);
}

/** Changes the text of one file as it is loaded. MUST come before the first import of it. */
export function takeOut(repair: Repair): void {
  const { file, from, to } = CHANGES[repair];
  registerHooks({
    load: (url, context, next) => {
      const loaded = next(url, context);
      if (!file.test(url)) return loaded;
      const { source = "" } = loaded;
      const text =
        typeof source === "string" ? source : new TextDecoder().decode(source ?? undefined);
      const changed = text.replace(from, to);
      if (changed === text) throw new Error(`${url} has nothing to take out`);
      isTakenOut = true;
      return { ...loaded, source: changed };
    },
  });
}

import { assertNever } from "@aethel/models/primitives";
import {
  addFunction,
  addSort,
  type Environment,
  nextOrder,
  requireDistinct,
  requireFree,
} from "../environment/environment.ts";
import { readSort, type SortParameters } from "../environment/read-sort.ts";
import { describeSort } from "../sorts/describe-sort.ts";
import { findUnfounded } from "../sorts/founded.ts";
import type { Constructor, Datatype, Selector } from "../sorts/sort.ts";
import { type SortSymbol } from "../sorts/sort.ts";
import { SortTooLarge } from "../sorts/sort-table.ts";
import { ScreenError } from "../syntax/s-expression.ts";
import type { ConstructorForm, DatatypeForm } from "./datatype-form.ts";

/**
 * Declares datatypes that may refer to each other. The parameters of a datatype shadow sorts of the
 * script, but only inside this datatype.
 *
 * @throws ScreenError `sort` for a datatype without values, one that contains itself through an
 * array, or one that contains infinitely many sorts; other codes for faults of names and of the
 * fields' sorts.
 */
export function declareDatatypes(
  environment: Environment,
  forms: readonly DatatypeForm[],
  at: number,
): void {
  const symbols = forms.map(({ name, parameters }) => {
    const order = nextOrder(environment);
    const symbol: SortSymbol = { name: name.text, order, arity: parameters.length };
    addSort(environment, name, { type: "declared", symbol });
    return symbol;
  });
  const datatypes = forms.map((form, index): Datatype => {
    const symbol = symbols[index];
    if (symbol === undefined) throw new Error("unreachable: a symbol for each form");
    return readDatatype(environment, form, symbol);
  });
  for (const datatype of datatypes) datatype.symbol.datatype = datatype;
  requireFounded(environment, datatypes, at);
  forms.forEach((form, index) => declareNames(environment, form, datatypes[index]));
}

function readDatatype(environment: Environment, form: DatatypeForm, symbol: SortSymbol): Datatype {
  for (const parameter of form.parameters) requireFree(parameter, environment.limits);
  requireDistinct(form.parameters);
  const parameters = new Map(form.parameters.map(({ text }, index) => [text, index]));
  if (form.constructors.length === 0) {
    throw new ScreenError("shape", `${symbol.name} has no constructor`, form.name.at);
  }
  requireDistinct(form.constructors.map(({ name }) => name));
  requireDistinct(form.constructors.flatMap(({ fields }) => fields.map(({ name }) => name)));
  const constructors = form.constructors.map((constructor) =>
    readConstructor(environment, constructor, { symbol, parameters }),
  );
  return {
    symbol,
    constructors,
    constructorsByName: new Map(constructors.map((one) => [one.name, one])),
    size: constructors.reduce((sum, { fields }) => sum + 1 + fields.length, 1),
  };
}

function readConstructor(
  environment: Environment,
  form: ConstructorForm,
  of: { readonly symbol: SortSymbol; readonly parameters: SortParameters },
): Constructor {
  const fields = form.fields.map(
    (field): Selector => ({
      name: field.name.text,
      order: nextOrder(environment),
      datatype: of.symbol,
      sort: readSort(environment, field.sort, of.parameters),
    }),
  );
  const order = nextOrder(environment);
  return { name: form.name.text, order, datatype: of.symbol, fields };
}

function declareNames(
  environment: Environment,
  form: DatatypeForm,
  datatype: Datatype | undefined,
): void {
  form.constructors.forEach(({ name, fields }, index) => {
    const constructor = datatype?.constructors[index];
    if (constructor === undefined) return;
    addFunction(environment, name, { type: "constructor", constructor });
    fields.forEach((field, at) => {
      const selector = constructor.fields[at];
      if (selector !== undefined) {
        addFunction(environment, field.name, { type: "selector", selector });
      }
    });
  });
}

function requireFounded(
  { sorts, limits }: Environment,
  datatypes: readonly Datatype[],
  at: number,
): void {
  const fault = sortsOf(() => findUnfounded(sorts, datatypes, limits.reachableSorts));
  if (fault === undefined) return;
  switch (fault.type) {
    case "empty":
      throw new ScreenError("sort", `${describeSort(fault.sort)} has no value`, at);
    case "through-array":
      throw new ScreenError("sort", `${describeSort(fault.sort)} is part of itself`, at);
    case "endless":
      throw new ScreenError("sort", "this datatype contains infinitely many sorts", at);
    default:
      return assertNever(fault);
  }

  /**
   * Runs a search for a datatype that has no meaning. If sorts grow without end, the search exceeds
   * the limit on the size of a sort, which counts as the fault `endless`.
   */
  function sortsOf(find: () => ReturnType<typeof findUnfounded>): ReturnType<typeof findUnfounded> {
    try {
      return find();
    } catch (error) {
      if (error instanceof SortTooLarge) return { type: "endless" };
      throw error;
    }
  }
}

import {
  type Code,
  constant,
  encodeModule,
  list,
  name,
  sized,
  unsigned,
} from "@aethel/models/web-assembly";

/** Index of `stackSave` in the table `runtime`, which has functions of Emscripten's runtime. */
export const STACK_SAVE = 0;
/** Index of `stackRestore` in the table `runtime`. */
export const STACK_RESTORE = 1;
/** Index of `setThrew` in the table `runtime`. */
export const SET_THREW = 2;

const SECTION = {
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  global: 6,
  export: 7,
  start: 8,
  code: 10,
};
const KIND = { function: 0, table: 1, global: 3 };
const VALUE: Readonly<Record<string, number>> = { i: 0x7f, j: 0x7e, f: 0x7d, d: 0x7c };
const ANY_FUNCTION = 0x70;
const NOTHING = 0x40;
const END = 0x0b;
const FUNCTIONS = 0;
const RUNTIME = 1;
const THROWN = 0;

/**
 * Encodes a module with one function for each name. A name is `invoke_`, the result and the
 * arguments, each a letter of Emscripten's (`v` nothing, `i` i32, `j` i64, `f` f32, `d` f64). The
 * function has one more argument, before the others: the table index of the function that it calls.
 * It handles an exception like Emscripten's JavaScript.
 */
export function trampolineModule(names: readonly string[]): Uint8Array<ArrayBuffer> {
  const types: Code[] = [];
  const known = new Map<string, number>();
  const typeOf = (signature: string): number => {
    const found = known.get(signature) ?? types.length;
    if (found === types.length) types.push(functionType(signature));
    known.set(signature, found);
    return found;
  };
  const runtime = { save: typeOf("i"), restore: typeOf("vi"), threw: typeOf("vii") };
  const clock = typeOf("d");
  const signatures = names.map((invoke) => invoke.slice("invoke_".length));
  const declared = signatures.map((signature) => typeOf(trampolineSignature(signature)));
  const bodies = signatures.map((signature) => trampoline(signature, typeOf(signature), runtime));
  const exported = [
    ...names.map((invoke, index) => [name(invoke), KIND.function, unsigned(index)]),
    [name("stopped"), KIND.function, unsigned(names.length)],
    [name("functions"), KIND.table, FUNCTIONS],
    [name("runtime"), KIND.table, RUNTIME],
    [name("thrown"), KIND.global, THROWN],
  ];
  const stopped = sized([list([]), zero("d"), END]);
  return encodeModule([
    { id: SECTION.type, content: list(types) },
    { id: SECTION.function, content: list([...declared.map(unsigned), unsigned(clock)]) },
    {
      id: SECTION.table,
      content: list([
        [ANY_FUNCTION, 0x00, 0],
        [ANY_FUNCTION, 0x00, SET_THREW + 1],
      ]),
    },
    { id: SECTION.global, content: list([[VALUE["i"] ?? 0, 0x01, constant(0), END]]) },
    { id: SECTION.export, content: list(exported) },
    { id: SECTION.code, content: list([...bodies, stopped]) },
  ]);
}

/**
 * Encodes a module that, when it is instantiated, copies `length` entries of the table `from` to
 * the table `to`.
 */
export function copyModule(length: number): Uint8Array<ArrayBuffer> {
  const table = (field: string): Code => [
    name("tables"),
    name(field),
    KIND.table,
    [ANY_FUNCTION, 0x00, 0],
  ];
  const copy = [0xfc, unsigned(14), 1, 0];
  const body = sized([list([]), constant(0), constant(0), constant(length), copy, END]);
  return encodeModule([
    { id: SECTION.type, content: list([functionType("v")]) },
    { id: SECTION.import, content: list([table("from"), table("to")]) },
    { id: SECTION.function, content: list([0]) },
    { id: SECTION.start, content: unsigned(0) },
    { id: SECTION.code, content: list([body]) },
  ]);
}

function trampolineSignature(signature: string): string {
  return `${signature.charAt(0)}i${signature.slice(1)}`;
}

function functionType(signature: string): Code {
  const result = signature.startsWith("v") ? [] : [valueType(signature.charAt(0))];
  return [0x60, list(Array.from(signature.slice(1), valueType)), list(result)];
}

function valueType(letter: string): number {
  const type = VALUE[letter];
  if (type === undefined) throw new Error(`unreachable: no type ${letter}`);
  return type;
}

function zero(letter: string): Code {
  switch (letter) {
    case "i":
      return constant(0);
    case "j":
      return [0x42, 0];
    case "f":
      return [0x43, 0, 0, 0, 0];
    case "d":
      return [0x44, 0, 0, 0, 0, 0, 0, 0, 0];
    default:
      return [];
  }
}

function trampoline(
  signature: string,
  callee: number,
  runtime: { readonly save: number; readonly restore: number; readonly threw: number },
): Code {
  const result = signature.charAt(0);
  const count = signature.length - 1;
  const stack = count + 1;
  const local = { get: (at: number): Code => [0x20, unsigned(at)] };
  const call = (type: number, table: number): Code => [0x11, unsigned(type), table];
  const operands = Array.from({ length: count }, (_, at) => local.get(at + 1));
  return sized([
    list([[1, valueType("i")]]),
    [constant(STACK_SAVE), call(runtime.save, RUNTIME), 0x21, unsigned(stack)],
    [0x06, result === "v" ? NOTHING : valueType(result)], // try
    [operands, local.get(0), call(callee, FUNCTIONS)],
    0x19, // catch_all
    [local.get(stack), constant(STACK_RESTORE), call(runtime.restore, RUNTIME)],
    [0x23, THROWN, 0x45, 0x04, NOTHING, 0x09, 1, END], // not a C++ exception: rethrow
    [constant(0), 0x24, THROWN],
    [constant(1), constant(0), constant(SET_THREW), call(runtime.threw, RUNTIME)],
    [zero(result), END],
    END,
  ]);
}

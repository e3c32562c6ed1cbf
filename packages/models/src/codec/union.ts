import { assert } from "../errors.ts";
import { type Codec, codecOf, type Infer } from "./codec.ts";
import { within } from "./field-error.ts";
import { type Layout, readExactly } from "./layout.ts";
import type { AnyStruct, StructLayout } from "./struct.ts";

type Tagged<M> = { [K in keyof M]: { readonly type: K } & Infer<M[K]> }[keyof M];

interface AnyTagged extends AnyStruct {
  readonly type: string;
}

interface Member {
  readonly tag: string;
  readonly selector: number;
  readonly layout: Layout<AnyTagged>;
}

/**
 * SSZ `Union` of structs. Values are `{ type: tag, ...fields }`. The order of the members is wire
 * format.
 */
export function union<M extends Readonly<Record<string, Codec<never> | Codec<unknown>>>>(
  name: string,
  members: M,
): Codec<Tagged<M>> {
  const layout = layoutOf(
    name,
    Object.entries(members).map(([tag, member], selector) => {
      return { tag, selector, layout: taggedLayout(tag, structOf(name, member)) };
    }),
  );
  return codecOf<Tagged<M>>(name, layout as unknown as Layout<Tagged<M>>);
}

function layoutOf(name: string, members: readonly Member[]): Layout<AnyTagged> {
  const memberOf = (value: unknown): Member => {
    const tag = (value as AnyTagged | undefined | null)?.type;
    // There are few, and their tags are literals: a map would cost more.
    for (const member of members) if (member.tag === tag) return member;
    throw new Error(`expected a type of ${members.map((one) => one.tag).join(", ")}`);
  };
  return {
    schema: {
      type: "union",
      name,
      members: Object.fromEntries(members.map(({ tag, layout }) => [tag, layout.schema])),
    },
    fixedSize: undefined,
    minSize: 1 + Math.min(...members.map(({ layout }) => layout.minSize)),
    maxSize: 1 + Math.max(...members.map(({ layout }) => layout.maxSize)),
    sizeOf(value) {
      const { tag, layout } = memberOf(value);
      try {
        return 1 + layout.sizeOf(value);
      } catch (error) {
        throw within(tag, error);
      }
    },
    write(memory, at, value) {
      const { tag, selector, layout } = memberOf(value);
      memory.bytes[at] = selector;
      try {
        return layout.write(memory, at + 1, value);
      } catch (error) {
        throw within(tag, error);
      }
    },
    read(memory, start, end) {
      const member = members[memory.bytes[start] ?? members.length];
      if (member === undefined) throw new Error(`unknown selector ${memory.bytes[start]}`);
      try {
        return readExactly(member.layout, memory, start + 1, end);
      } catch (error) {
        throw within(member.tag, error);
      }
    },
    toJson(value) {
      const { tag, layout } = memberOf(value);
      return inMember(tag, () => layout.toJson(value));
    },
    fromJson(json) {
      const { tag, layout } = memberOf(json);
      return inMember(tag, () => layout.fromJson(json));
    },
  };
}

/** Layout of a struct whose values have the tag as an additional field. The tag takes no bytes. */
function taggedLayout(tag: string, layout: StructLayout): Layout<AnyTagged> {
  return {
    ...layout,
    read(memory, start, end) {
      const value = { type: tag };
      layout.readInto(value, memory, start, end);
      return value;
    },
    toJson: (value) => ({ type: tag, ...(layout.toJson(value) as object) }),
    fromJson(json) {
      const value = { type: tag };
      layout.fromJsonInto(value, json, "type");
      return value;
    },
  };
}

function structOf(name: string, member: Codec<never> | Codec<unknown>): StructLayout {
  const { schema } = member.layout;
  assert(schema.type === "struct", `members of ${name} are structs`);
  assert(!Object.hasOwn(schema.fields, "type"), `no member of ${name} has a field "type"`);
  return member.layout as unknown as StructLayout;
}

function inMember<T>(tag: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw within(tag, error);
  }
}

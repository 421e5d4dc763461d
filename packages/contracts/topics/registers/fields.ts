import type { TopicField } from "../topic.ts";

/** An identifier: what names an entry, or points to another one. */
export function identifier(name: string, description: string, { required = false } = {}): TopicField {
  return { name, type: "VARCHAR", required, maxLength: 64, description };
}

export const displayName: TopicField = {
  name: "name",
  type: "VARCHAR",
  required: false,
  maxLength: 200,
  description: "a name for people",
};

/** The last field of every register: its entries are never erased, they are taken off it. */
export function deleted(noun: string): TopicField {
  return {
    name: "deleted",
    type: "BOOLEAN",
    required: false,
    description: `true takes the ${noun} off the register`,
  };
}

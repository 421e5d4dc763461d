import type { BlockInput, Model } from "../ir/index.ts";

/** The name under which a model's new version is kept beside the former one; no model's own name has an `@`. */
export const stagedName = (name: string): string => `${name}@next`;

/**
 * A changed model's new version under its own name, reading the new versions of those of its inputs that are changed
 * too. It is a model like any other, so it is built and follows its inputs like any other.
 * @param changed names of the models that are built anew
 */
export function stagedModel(model: Model, changed: ReadonlySet<string>): Model {
  const nameOf = (name: string): string => (changed.has(name) ? stagedName(name) : name);
  const renamed = (input: BlockInput): BlockInput =>
    input.source.kind === "topic"
      ? input
      : { ...input, source: { kind: "model", name: nameOf(input.source.name) } };
  const blocks = model.body.blocks.map((block) => ({ ...block, inputs: block.inputs.map(renamed) }));
  return {
    ...model,
    name: stagedName(model.name),
    inputs: model.inputs.map(nameOf),
    body: { ...model.body, blocks },
  };
}

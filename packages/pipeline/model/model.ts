import type { Source } from "../ir/block.ts";
import { fingerprintOf } from "../ir/fingerprint.ts";
import type { Model, ModelBody, ModelColumn, SourceShape } from "../ir/model.ts";
import { KEY_TYPES } from "../ir/portable-type.ts";
import type { Header } from "./header.ts";
import type { ShapeOf } from "./joins.ts";
import { refuse } from "./problem.ts";
import { areDisjoint, keyWeakness } from "./row-key.ts";
import { type BoundBlock, bindSelect, refuseAround } from "./select-block.ts";
import type { SourceFile } from "./source-file.ts";
import { checkSourceModel } from "./source-model.ts";
import type { SelectNode, SqlNode } from "./syntax.ts";

/** A file whose header and syntax are read, not yet bound to its inputs. */
export interface ParsedModel {
  readonly name: string;
  readonly file: SourceFile;
  readonly header: Header;
  readonly node: SqlNode;
  readonly sources: readonly { readonly source: Source; readonly location: number }[];
}

export interface Inputs {
  readonly shapeOf: ShapeOf;
  readonly fingerprints: readonly string[];
}

/** The SELECTs of a UNION ALL, in the order written. @throws MODEL_UNSUPPORTED */
export function selectsOf(file: SourceFile, node: SqlNode, start: number): SelectNode[] {
  if (node.type === "SELECT_NODE") return [node];
  refuseAround(file, node, start);
  if (node.setop_type !== "UNION" || !node.setop_all) {
    refuse(file, start, {
      code: "MODEL_UNSUPPORTED",
      construct: node.setop_all ? `${node.setop_type} ALL` : node.setop_type,
      message: "not in the subset",
      remedy: "use UNION ALL, and tell the parts apart in the key",
    });
  }
  return [...selectsOf(file, node.left, start), ...selectsOf(file, node.right, start)];
}

/** Binds a parsed model to its inputs. @throws ModelError */
export function bindModel(parsed: ParsedModel, inputs: Inputs): Model {
  const { file, header, node, name, sources } = parsed;
  const bound = selectsOf(file, node, header.sqlStart).map((select) =>
    bindSelect(file, inputs.shapeOf, select, header.sqlStart),
  );
  const blocks = bound.map((one) => one.block);
  const body: ModelBody = { kind: blocks.length > 1 ? "union" : "select", blocks };
  const columns = bindColumns(parsed, bound);
  checkHeader(parsed, columns);
  checkSourceModel(parsed, body);
  checkKey(parsed, body, columns);
  const shapes = sources.map(({ source, location }) => inputs.shapeOf(source, location));
  checkPartition(parsed, body, columns, shapes);
  const namesOf = (kind: Source["kind"]): string[] =>
    [
      ...new Set(sources.filter(({ source }) => source.kind === kind).map(({ source }) => source.name)),
    ].sort();
  const model = {
    name,
    layer: header.layer,
    description: header.description,
    owner: header.owner,
    tags: header.tags,
    key: header.key,
    ordering: header.ordering,
    partition: header.partition,
    freshnessMs: header.freshnessMs,
    live: header.live,
    columns,
    tests: header.tests,
    body,
    inputs: namesOf("model"),
    topics: namesOf("topic"),
    file: file.path,
  };
  return { ...model, fingerprint: fingerprintOf(model, shapes, inputs.fingerprints) };
}

function bindColumns({ file, header }: ParsedModel, bound: readonly BoundBlock[]): ModelColumn[] {
  const [first, ...others] = bound as [BoundBlock, ...BoundBlock[]];
  for (const { block, locations } of others) {
    first.block.output.forEach((expected, index) => {
      const found = block.output[index];
      if (found?.name === expected.name && found.type === expected.type) return;
      refuse(file, locations.get(found?.name ?? "") ?? header.sqlStart, {
        code: "MODEL_TYPE_CLASH",
        construct: "UNION ALL",
        message: `column ${index + 1} is ${found?.name} ${found?.type}, above it is ${expected.name} ${expected.type}`,
        remedy: "give the SELECTs the same names and types in the same order",
      });
    });
    if (block.output.length > first.block.output.length) {
      refuse(file, header.sqlStart, {
        code: "MODEL_TYPE_CLASH",
        construct: "UNION ALL",
        message: "the SELECTs have different numbers of columns",
        remedy: "give the SELECTs the same names and types in the same order",
      });
    }
  }
  return first.block.output.map(({ name, type }, index): ModelColumn => {
    const doc = header.columns.get(name);
    if (doc === undefined) {
      return refuse(file, header.locate("columns"), {
        code: "MODEL_HEADER_INVALID",
        construct: `columns.${name}`,
        message: "the column has no description",
        remedy: `add ${name}: { description: …, unit: … }`,
      });
    }
    const nullable = bound.some((one) => one.block.output[index]?.expr.nullable);
    return { name, type, nullable, ...doc };
  });
}

function checkHeader({ file, header }: ParsedModel, columns: readonly ModelColumn[]): void {
  const names = columns.map((column) => column.name);
  const known = (column: string, ...path: (string | number)[]): void => {
    if (names.includes(column)) return;
    refuse(file, header.locate(...path), {
      code: "MODEL_HEADER_INVALID",
      construct: column,
      message: "the SELECT has no such column",
      remedy: `its columns are ${names.join(", ")}`,
    });
  };
  for (const column of header.key) known(column, "key");
  for (const column of header.ordering) known(column, "ordering");
  for (const column of header.columns.keys()) known(column, "columns", column);
  if (header.partition !== null) known(header.partition, "partition");
  header.tests.forEach((test, index) => {
    const tested = "columns" in test ? test.columns : [test.column];
    for (const column of tested) known(column, "tests", index);
  });
}

function checkKey({ file, header }: ParsedModel, body: ModelBody, columns: readonly ModelColumn[]): void {
  const refuseKey = (message: string, remedy: string): never =>
    refuse(file, header.locate("key"), {
      code: "MODEL_KEY",
      construct: `key: ${header.key.join(", ")}`,
      message,
      remedy,
    });
  for (const column of columns.filter(({ name }) => header.key.includes(name))) {
    if (!KEY_TYPES.includes(column.type)) {
      refuseKey(`${column.name} is ${column.type}`, `a key column is one of ${KEY_TYPES.join(", ")}`);
    }
    if (column.nullable) {
      refuseKey(
        `${column.name} can be NULL`,
        `add WHERE ${column.name} IS NOT NULL, or COALESCE(…, '~none')`,
      );
    }
  }
  const remedy = "put into the key what tells the rows apart";
  for (const block of body.blocks) {
    const weakness = keyWeakness(block, header.key);
    if (weakness !== null) refuseKey(weakness, remedy);
  }
  body.blocks.forEach((block, index) => {
    const clash = body.blocks.slice(index + 1).findIndex((other) => !areDisjoint(block, other, header.key));
    if (clash >= 0) {
      refuseKey(
        `SELECT ${index + 1} and SELECT ${index + clash + 2} of the UNION ALL could have rows with one key`,
        "add a literal column to the key that tells them apart: 'a' AS part",
      );
    }
  });
}

/** A row must never move between partitions: its partition column has to follow from its key. */
function checkPartition(
  { file, header }: ParsedModel,
  body: ModelBody,
  columns: readonly ModelColumn[],
  shapes: readonly SourceShape[],
): void {
  const { partition } = header;
  if (partition === null) return;
  const column = columns.find((one) => one.name === partition);
  const refusePartition = (message: string, remedy: string): never =>
    refuse(file, header.locate("partition"), {
      code: "MODEL_PARTITION",
      construct: partition,
      message,
      remedy,
    });
  if (column?.type !== "TIMESTAMPTZ" || column.nullable) {
    refusePartition("it must be a TIMESTAMPTZ that is never NULL", "name another column, or none");
  }
  if (header.key.includes(partition)) return;
  const followsKey = body.blocks.every((block) => {
    const expr = block.output.find((output) => output.name === partition)?.expr;
    if (expr?.kind !== "column") return false;
    const source = block.inputs.find((input) => input.alias === expr.input)?.source;
    const shape = shapes.find((one) => JSON.stringify(one.source) === JSON.stringify(source));
    const passed = block.output.filter(({ name }) => header.key.includes(name)).map((output) => output.expr);
    const carriesKey = shape?.key.every((name) =>
      passed.some((one) => one.kind === "column" && one.input === expr.input && one.name === name),
    );
    return shape?.partition === expr.name && carriesKey === true;
  });
  if (!followsKey) {
    refusePartition(
      "a row could move to another partition, for the column is not in the key",
      "take a key column, or pass on an input's partition column together with its whole key",
    );
  }
}

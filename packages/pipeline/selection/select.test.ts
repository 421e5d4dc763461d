import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { Model, ModelSet } from "../ir/index.ts";
import { shippedModels } from "../runtime/pipeline.fixture.ts";
import { selectModels } from "./select.ts";

const OWNERS = ["grid", "meters"];
const TAGS = ["nightly", "billing"];

/** Models as far as a selection looks at them; each reads some of those before it. */
const randomSet: fc.Arbitrary<ModelSet> = fc
  .array(
    fc.record({
      reads: fc.array(fc.nat(20), { maxLength: 3 }),
      layer: fc.constantFrom("dwd", "dws", "ads"),
      owner: fc.constantFrom(...OWNERS),
      tags: fc.subarray(TAGS),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((drawn) => {
    const names = drawn.map(({ layer }, at) => `${layer}_m${at}`);
    const models = drawn.map(({ reads, layer, owner, tags }, at) => {
      const inputs = [...new Set(at === 0 ? [] : reads.map((read) => names[read % at] as string))].sort();
      const file = `${layer}/${names[at]}.sql`;
      return { name: names[at], layer, owner, tags, file, inputs, topics: [], columns: [] };
    }) as unknown as Model[];
    return { models, byName: new Map(models.map((model) => [model.name, model])), topics: [] };
  });

interface Wish {
  seed: (model: Model) => boolean;
  value: string;
  up: number | null;
  down: number | null;
  at: boolean;
}

const depth = fc.option(fc.constantFrom(Number.POSITIVE_INFINITY, 0, 1, 2));
const wishOf = (set: ModelSet): fc.Arbitrary<Wish> =>
  fc
    .record({
      what: fc.oneof(
        fc.constantFrom(...set.models).map((one) => ({ value: one.name, seed: (m: Model) => m === one })),
        fc
          .constantFrom(...set.models)
          .map(({ layer }) => ({ value: `layer:${layer}`, seed: (m: Model) => m.layer === layer })),
        fc
          .constantFrom(...set.models)
          .map(({ owner }) => ({ value: `owner:${owner}`, seed: (m: Model) => m.owner === owner })),
        fc
          .constantFrom(...set.models)
          .map(({ layer }) => ({ value: `path:${layer}`, seed: (m: Model) => m.layer === layer })),
        fc
          .constantFrom(...set.models)
          .map(({ layer }) => ({ value: `${layer}_*`, seed: (m: Model) => m.layer === layer })),
      ),
      up: depth,
      down: depth,
      at: fc.boolean(),
    })
    .map(({ what, up, down, at }) => ({ ...what, up: at ? null : up, down: at ? null : down, at }));

const plus = (edges: number | null, side: "up" | "down"): string => {
  if (edges === null) return "";
  const digits = edges === Number.POSITIVE_INFINITY ? "" : String(edges);
  return side === "up" ? `${digits}+` : `+${digits}`;
};
const written = ({ value, up, down, at }: Wish): string =>
  `${at ? "@" : ""}${plus(up, "up")}${value}${plus(down, "down")}`;

/** The oracle: b is so many edges above a if a reads it, or reads something that is one edge fewer below it. */
function isAbove(set: ModelSet, above: string, below: string, edges: number): boolean {
  if (above === below) return true;
  if (edges <= 0) return false;
  return set.byName.get(below)?.inputs.some((input) => isAbove(set, above, input, edges - 1)) ?? false;
}

function holds(set: ModelSet, wish: Wish, name: string): boolean {
  const seeds = set.models.filter(wish.seed).map((model) => model.name);
  const below = (from: string, to: string) => isAbove(set, from, to, Number.POSITIVE_INFINITY);
  if (wish.at) {
    return set.models.some(
      (reader) => seeds.some((seed) => below(seed, reader.name)) && below(name, reader.name),
    );
  }
  return seeds.some(
    (seed) => isAbove(set, name, seed, wish.up ?? 0) || isAbove(set, seed, name, wish.down ?? 0),
  );
}

const random = randomSet.chain((set) => {
  const selection = fc.array(fc.array(wishOf(set), { minLength: 1, maxLength: 3 }), { maxLength: 3 });
  return fc.record({ set: fc.constant(set), select: selection, exclude: selection });
});
const texts = (selection: Wish[][]): string[] => selection.map((terms) => terms.map(written).join(","));

test("a selection is the union of intersections that its grammar says, less what is excluded", () => {
  fc.assert(
    fc.property(random, ({ set, select, exclude }) => {
      const within = (selection: Wish[][], name: string) =>
        selection.some((terms) => terms.every((term) => holds(set, term, name)));
      const expected = set.models
        .map(({ name }) => name)
        .filter((name) => (select.length === 0 || within(select, name)) && !within(exclude, name));
      const found = selectModels(set, { select: texts(select), exclude: [texts(exclude).join(" ")] });
      expect(found.map(({ name }) => name)).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

describe("on the shipped models", () => {
  let set: ModelSet;
  beforeAll(async () => {
    set = await shippedModels();
  });
  const names = (...select: string[]) => selectModels(set, { select }).map(({ name }) => name);

  test("parents, children and both, by depth", () => {
    expect(names("1+dws_energy_hour")).toEqual(["dws_energy_15min", "dws_energy_hour"]);
    expect(names("+dws_energy_hour")).toContain("ods_reading");
    expect(names("+dws_energy_hour")).not.toContain("dws_energy_day");
    expect(names("dws_energy_15min+1")).toEqual(
      expect.arrayContaining(["dws_energy_hour", "dws_energy_day"]),
    );
    expect(names("@dws_energy_hour")).toEqual(names("+dws_energy_hour"));
  });

  test("by layer, owner, path, topic, column and liveness", () => {
    expect(names("layer:ods")).toEqual(names("ods"));
    expect(names("ods.ods_reading")).toEqual(["ods_reading"]);
    expect(names("path:ods/ods_reading.sql")).toEqual(["ods_reading"]);
    expect(names("ods_reading.sql")).toEqual(["ods_reading"]);
    expect(names("topic:readings")).toEqual(["ods_reading"]);
    expect(names("live:true,layer:ads")).toContain("ads_load_feeder_minute");
    expect(names("column:energy_wh,layer:ods")).toEqual(["ods_reading"]);
    expect(names("owner:dispatch")).toContain("ads_top_consumer");
  });

  test.each(["a++", "+", "@+a", "colour:red", "a:b:c", "a,,b", "a+x", ","])("%s is refused", (text) => {
    expect(() => names(text)).toThrow(expect.objectContaining({ code: "MODEL_SELECTION_INVALID" }));
  });

  test("what fits nothing is told, with what there is", () => {
    expect(() => names("dws_energy_hours")).toThrow(
      expect.objectContaining({ code: "MODEL_SELECTION_UNKNOWN", message: "dws_energy_hours fits no model" }),
    );
    expect(() => names("ods_read?ngs")).toThrow(/fits no model/);
    expect(() => selectModels(set, { exclude: ["tag:none"] })).toThrow(/fits no model/);
  });
});

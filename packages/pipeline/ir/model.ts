import type { Topic } from "@gridlake/contracts";
import type { SelectBlock, Source } from "./block.ts";
import type { PortableType } from "./portable-type.ts";
import type { Seed } from "./seed.ts";

/** From the raw to the served; a model reads its own layer and those before it. */
export const LAYERS = ["ods", "dim", "dwd", "dws", "ads"] as const;
export type Layer = (typeof LAYERS)[number];

export interface ModelColumn {
  readonly name: string;
  readonly type: PortableType;
  readonly nullable: boolean;
  readonly description: string;
  readonly unit: string | null;
}

/** Whether rows that break a test are a failure or only told. */
export type TestSeverity = "error" | "warn";

interface TestTerms {
  readonly severity: TestSeverity;
  /** A condition in DuckDB's SQL on the model's columns: only rows for which it is true are looked at. */
  readonly where: string | null;
}

/** What must hold of a model's rows. */
export type ModelTest = TestTerms & ModelRule;

export type ModelRule =
  | { readonly kind: "notNull"; readonly columns: readonly string[] }
  /** Rows with a NULL among the columns are like no other. */
  | { readonly kind: "unique"; readonly columns: readonly string[] }
  /** Closed bounds; NULL passes. */
  | {
      readonly kind: "range";
      readonly column: string;
      readonly min: number | null;
      readonly max: number | null;
    }
  /** Every value that is not NULL stands in `to`. */
  | {
      readonly kind: "relation";
      readonly column: string;
      readonly to: { readonly model: string; readonly column: string };
    };

export interface ModelBody {
  /** `select`: one block. `union`: UNION ALL of two or more with equal names and types, no key in two of them. */
  readonly kind: "select" | "union";
  readonly blocks: readonly SelectBlock[];
}

export interface Model {
  readonly name: string;
  readonly layer: Layer;
  readonly description: string;
  readonly owner: string;
  /** Words by which models are selected. */
  readonly tags: readonly string[];
  /** Never NULL; each VARCHAR, BIGINT or TIMESTAMPTZ; unique over the model's rows. */
  readonly key: readonly string[];
  /** Columns by which a newer version of a row is told from an older one, in the sense of the lake; may be empty. */
  readonly ordering: readonly string[];
  /** The TIMESTAMPTZ column whose day is the lake's partition `dt`; null: not partitioned. */
  readonly partition: string | null;
  /** How old the newest row may be before it counts as stale; null: no promise. */
  readonly freshnessMs: number | null;
  /** Whether changes are published to live subscribers. */
  readonly live: boolean;
  /** In the order of the SELECT. */
  readonly columns: readonly ModelColumn[];
  readonly tests: readonly ModelTest[];
  readonly body: ModelBody;
  /** Names of the models that it reads, sorted; topics are in `topics`. */
  readonly inputs: readonly string[];
  readonly topics: readonly string[];
  /** Path relative to the models' folder, with `/`. */
  readonly file: string;
  /** Of all that decides its rows, its inputs' fingerprints included; docs and tests don't count. */
  readonly fingerprint: string;
}

export interface ModelSet {
  /** Inputs before the models that read them; among equals by name. */
  readonly models: readonly Model[];
  readonly byName: ReadonlyMap<string, Model>;
  /** The topics that the models may read. */
  readonly topics: readonly Topic[];
}

/** A column as a reader of a source sees it. */
export interface SourceColumn {
  readonly name: string;
  readonly type: PortableType;
  readonly nullable: boolean;
}

export interface SourceShape {
  readonly source: Source;
  readonly columns: readonly SourceColumn[];
  readonly key: readonly string[];
  /** See `Model.partition`; a topic's is `received_at`. */
  readonly partition: string | null;
  /** The rows, where the source is a seed. */
  readonly seed?: Seed;
}

export * from "./block.ts";
export * from "./expression.ts";
export * from "./graph.ts";
export * from "./lake-shape.ts";
export * from "./lineage.ts";
export * from "./model.ts";
export * from "./portable-type.ts";
export * from "./seed.ts";

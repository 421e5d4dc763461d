export { columnReaders, columnTree, type ColumnName, type ColumnTree } from "./column-paths.ts";
export { dot, mermaid } from "./drawing.ts";
export { columnTreeText, modelTreeText } from "./tree.ts";

export { type ColumnDescription, describeModel, type ModelDescription, testText } from "./description.ts";
export { type DocsPage, docsPages } from "./page.ts";

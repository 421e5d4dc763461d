export { parseSelection, SELECTION_METHODS, type Selection, type SelectionTerm } from "./grammar.ts";
export { selectModels } from "./select.ts";

export { checkModels, type CheckedModels, loadModels, modelShape } from "./load.ts";
export { readModelFiles, readTestFiles } from "./model-files.ts";
export {
  describeProblem,
  ModelError,
  modelSetInvalid,
  type ModelProblem,
  type ModelProblemCode,
} from "./problem.ts";
export { SourceFile } from "./source-file.ts";
export { topicShape } from "./topic-shape.ts";

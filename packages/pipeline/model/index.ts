export { checkModels, type CheckedModels, loadModels, modelShape, readModelFiles } from "./load.ts";
export { describeProblem, ModelError, type ModelProblem, type ModelProblemCode } from "./problem.ts";
export { SourceFile } from "./source-file.ts";
export { topicShape } from "./topic-shape.ts";

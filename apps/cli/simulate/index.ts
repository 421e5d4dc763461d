export { simulate, type SimulateTarget } from "./run.ts";
export { runDemo, type DemoOptions } from "./demo/run.ts";
export { planRun, type RunPlan, type SimulateOptions } from "./options.ts";
export type { SimulateReport } from "./report.ts";
export type { MeterExpectation } from "./fleet.ts";
export { Generator, type Tick } from "./generator.ts";

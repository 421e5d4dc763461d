import ts from "typescript";
import type { Finding, Repository } from "../repository.ts";

const EVASIONS = new Set(["skip", "only", "todo", "skipIf", "runIf", "fails"]);
const TESTS = new Set(["test", "it", "describe", "suite", "bench"]);
const ABBREVIATIONS = new Set(["xit", "fit", "xtest", "xdescribe", "fdescribe"]);

/** No test is skipped, alone, still to be written, or expected to fail. */
export function honestTests(repository: Repository): Finding[] {
  return repository.paths
    .filter((path) => /\.(test|contract)\.ts$|\/contract-tests\//.test(path) && path.endsWith(".ts"))
    .flatMap((path) => evasions(path, repository.text(path)));
}

function evasions(path: string, text: string): Finding[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const findings: Finding[] = [];
  const report = (node: ts.Node, what: string) =>
    findings.push({
      path,
      line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1,
      message: `${what} keeps a test from proving anything`,
    });
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node) && EVASIONS.has(node.name.text) && ownerIsTest(node.expression)) {
      report(node, `.${node.name.text}`);
    }
    // the context's own skip: test("…", (context) => context.skip())
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { name, expression } = node.expression;
      if (
        name.text === "skip" &&
        ts.isIdentifier(expression) &&
        /^(t|ctx|context|task)$/.test(expression.text)
      ) {
        report(node, "skip()");
      }
    }
    if (
      ts.isCallExpression(node) &&
      ts.isIdentifier(node.expression) &&
      ABBREVIATIONS.has(node.expression.text)
    ) {
      report(node, node.expression.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return findings;
}

/** `test`, `test.concurrent`, `describe.each(…)` … */
function ownerIsTest(node: ts.Expression): boolean {
  if (ts.isIdentifier(node)) return TESTS.has(node.text);
  if (ts.isPropertyAccessExpression(node)) return ownerIsTest(node.expression);
  return ts.isCallExpression(node) && ownerIsTest(node.expression);
}

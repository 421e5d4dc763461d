import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { SECOND_MS } from "@gridlake/kernel";

const END_LIMIT_MS = 20 * SECOND_MS;
/** What it said last is kept for the error that explains its death. */
const LAST_WORDS_CHARACTERS = 4_000;

/** A line of the program's output. */
export interface Answer {
  id: number;
  ok: boolean;
  error?: string;
  trace?: string;
  rows?: string[][];
}

export interface Program {
  command: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Makes of its death what all that still ask are told. */
  ended(why: Error, lastWords: string): Error;
}

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/**
 * A program that is started once and asked often: each line of its input is a request, each line of its output an answer, told
 * apart by `id`. What it starts ends with it.
 */
export class AnsweringProcess {
  readonly #process: ChildProcess;
  readonly #program: Program;
  readonly #waiting = new Map<number, Waiting>();
  #lastWords = "";
  #ended: Error | null = null;
  #next = 0;

  constructor(program: Program) {
    this.#program = program;
    // a group of its own: a JVM that it starts has to end with it
    this.#process = spawn(program.command, program.args, {
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
      env: { ...process.env, ...program.env },
    });
    const { stdin, stdout, stderr } = this.#process;
    if (!stdin || !stdout || !stderr) throw new Error("a spawned process has its three streams");
    createInterface({ input: stdout }).on("line", (line) => this.#take(line));
    stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS_CHARACTERS);
    });
    // its end is told by "close"
    stdin.on("error", () => undefined);
    this.#process.on("error", (cause) => this.#end(cause));
    this.#process.on("close", (code) => this.#end(new Error(`it ended with ${code ?? "a signal"}`)));
  }

  get lastWords(): string {
    return this.#lastWords;
  }

  /** Of the answer that it gives unasked, as number 0, when it is ready. */
  ready(limitMs: number): Promise<Answer> {
    return this.#answer(0, limitMs);
  }

  ask(request: Readonly<Record<string, unknown>>, limitMs: number): Promise<Answer> {
    this.#next += 1;
    const answer = this.#answer(this.#next, limitMs);
    this.#process.stdin?.write(`${JSON.stringify({ ...request, id: this.#next })}\n`);
    return answer;
  }

  /** Waits until it and all that it started are gone. */
  async end(): Promise<void> {
    this.#process.stdin?.end();
    if (await this.#gone()) return;
    try {
      if (this.#process.pid !== undefined) process.kill(-this.#process.pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
    await this.#gone();
  }

  #answer(id: number, limitMs: number): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    if (this.#ended) return Promise.reject(this.#ended);
    this.#waiting.set(id, { resolve, reject });
    const timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
    return promise.finally(() => {
      clearTimeout(timer);
      this.#waiting.delete(id);
    });
  }

  #take(line: string): void {
    const answer = JSON.parse(line) as Answer;
    this.#waiting.get(answer.id)?.resolve(answer);
  }

  #end(why: Error): void {
    this.#ended ??= this.#program.ended(why, this.#lastWords);
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
  }

  async #gone(): Promise<boolean> {
    const { exitCode, signalCode, pid } = this.#process;
    if (pid === undefined || exitCode !== null || signalCode !== null) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(false), END_LIMIT_MS);
    this.#process.once("close", () => resolve(true));
    return promise.finally(() => clearTimeout(timer));
  }
}

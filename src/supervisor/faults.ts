import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

/**
 * For tests: end this very process by SIGKILL at the N-th step that has an effect outside of it.
 *
 * `COLONY_FAULTS` names a file. While the file is there it holds N, and every crossing of a step counts it down and
 * adds its name to the file beside it that ends in `.log`; at 0 the file is removed, and the process dies.
 * So a test lets a running supervisor be, writes a number, and knows by the file whether the step was reached.
 *
 * Without that variable nothing is wrapped: every function and object below comes back as it went in.
 */
const FILE = process.env.COLONY_FAULTS;

/**
 * A step is crossed before it, when it was asked for and no answer was read yet, and after it.
 *
 * One that is done at once is crossed before it alone: nothing comes between it and what is crossed next.
 */
type Moment = 'before' | 'asked' | 'after';

type Step = (...args: never[]) => unknown;

/** How long the other side gets to do what it was asked for, while this process can read no answer. */
const WORK = 20;

/** A function that is a step. */
export function atRisk<F extends Step>(name: string, step: F): F {
  return FILE === undefined ? step : (risky(FILE, name, step) as F);
}

/** An object some of whose methods are steps. */
export function methodsAtRisk<T extends object>(target: T, steps: readonly (keyof T & string)[]): T {
  if (FILE === undefined) return target;
  const wrapped = new Map<string | symbol, Step>(
    steps.map((name) => [name, risky(FILE, name, (target[name] as unknown as Step).bind(target))]),
  );
  return new Proxy(target, {
    get: (_, key) => {
      // Private fields are the target's own, so its methods and accessors must not meet the proxy.
      const value: unknown = wrapped.get(key) ?? Reflect.get(target, key, target);
      return typeof value === 'function' && !wrapped.has(key) ? value.bind(target) : value;
    },
  });
}

function risky(file: string, name: string, step: Step): Step {
  return (...args) => {
    cross(file, name, 'before');
    const made = step(...args);
    if (!(made instanceof Promise)) return made;
    cross(file, name, 'asked');
    return made.finally(() => cross(file, name, 'after'));
  };
}

function cross(file: string, name: string, moment: Moment): void {
  const left = remaining(file);
  if (left === undefined) return;
  appendFileSync(`${file}.log`, `${moment} ${name}\n`);
  if (left > 1) {
    writeFileSync(file, String(left - 1));
    return;
  }
  if (moment === 'asked') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WORK);
  rmSync(file);
  process.kill(process.pid, 'SIGKILL');
}

function remaining(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

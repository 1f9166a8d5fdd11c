import { managerEnvironment } from './facts.ts';
import type { Machine, Ran } from './machine.ts';
import { stepText } from './steps.ts';
import type { Step } from './types.ts';

/** What was done, line by line; `failed` names the step that ended it. */
export type Performed = { readonly ok: true } | { readonly ok: false; readonly failed: string };

/** How long the service manager of a user may take to come up after lingering was turned on. */
const MANAGER_COMES = 5_000;

/** Do the steps one after the other and say each; one that fails and must not ends it. */
export async function perform(
  machine: Machine,
  steps: readonly Step[],
  say: (line: string) => void,
): Promise<Performed> {
  const environment = managerEnvironment(machine);
  let answers: boolean | undefined;
  for (const step of steps) {
    if (step.kind === 'run' && step.asks) {
      answers ??= await managerAnswers(machine, environment);
      if (!answers) continue;
    }
    const why = await take(machine, step, environment);
    const said = why === undefined ? stepText(step, 'after') : `could not ${stepText(step, 'before')}: ${why}`;
    if (why !== undefined && !mayFail(step)) return { ok: false, failed: said };
    say(said);
  }
  return { ok: true };
}

function mayFail(step: Step): boolean {
  return step.kind === 'run' && (step.mayFail ?? false);
}

/** Undefined if it was done, else why not. */
async function take(machine: Machine, step: Step, environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    if (step.kind === 'write') machine.write(step.path, step.text, step.mode);
    else if (step.kind === 'link') machine.link(step.path, step.to);
    else if (step.kind === 'remove') machine.remove(step.path);
    else return reasonOf(await machine.run(step.argv, environment, step.input, step.coding));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function reasonOf({ code, out, err }: Ran): string | undefined {
  if (code === 0) return undefined;
  return (err.trim() || out.trim() || `exit code ${code}`).replaceAll('\n', '; ');
}

async function managerAnswers(machine: Machine, environment: NodeJS.ProcessEnv): Promise<boolean> {
  const deadline = performance.now() + MANAGER_COMES;
  for (;;) {
    const { code } = await machine.run(['systemctl', '--user', 'show', '-p', 'Version'], environment);
    // Without its folder no service manager of this user is about to come.
    if (code === 0) return true;
    if (machine.list(`/run/user/${machine.user.uid}`).length === 0 || performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

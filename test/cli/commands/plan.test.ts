import { expect, it } from 'vitest';
import { parse } from 'yaml';
import type { PlanReport } from '../../../src/control/protocol.ts';
import { ADD, plan } from '../reports.ts';
import { Rig } from '../rig.ts';

async function planning(json: PlanReport): Promise<Rig> {
  const rig = new Rig();
  await rig.serve({ 'POST /v1/plan': { json } });
  return rig;
}

it('nothing to do', async () => {
  const rig = await planning(plan([]));
  expect(await rig.run(['plan'])).toEqual({ code: 0, stdout: 'Nothing to do.\n', stderr: '' });
});

it('changes are pending', async () => {
  const rig = await planning(plan([ADD]));
  expect(await rig.run(['plan'])).toEqual({
    code: 2,
    stdout: '  + web  does not run yet\n\nPlan: 1 to add, 0 to replace, 0 to change in place, 0 to remove.\n',
    stderr: '',
  });
});

it('asks for what the command line says, with the environment of this shell', async () => {
  const rig = await planning(plan([]));
  const args = [
    'plan',
    '-f',
    '../project/colony.yaml',
    '--profile',
    'a',
    '--profile',
    'b',
    '--target',
    'w*',
    '--target',
    'x',
  ];
  await rig.run(args, { env: { TOKEN: 'hush' } });
  const environment = expect.objectContaining({ TOKEN: 'hush', COLONY_HOME: rig.home }) as unknown;
  const body = { path: rig.file, profiles: ['a', 'b'], targets: ['w*', 'x'], colour: false, environment };
  expect(rig.asked).toEqual([{ route: 'POST /v1/plan', query: '', body }]);
});

it.each([
  ['json', (text: string) => JSON.parse(text) as unknown],
  ['yaml', (text: string) => parse(text) as unknown],
])('-o %s is the whole report', async (format, read) => {
  const ran = await (await planning(plan([ADD]))).run(['plan', '-o', format]);
  expect(ran.code).toBe(2);
  expect(read(ran.stdout)).toEqual(plan([ADD]));
});

it('a file with mistakes: they are printed as they are', async () => {
  const rig = new Rig();
  const text = 'colony.yaml:2:3: error[unknown_key]: no such key\n';
  await rig.serve({ 'POST /v1/plan': { status: 422, json: { code: 'invalid_config', exit: 65, text } } });
  expect(await rig.run(['plan'])).toEqual({ code: 65, stdout: '', stderr: text });
});

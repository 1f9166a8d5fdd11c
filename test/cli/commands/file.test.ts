import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Rig } from '../rig.ts';

const ONE = { version: 1, name: 'shop', agents: { web: { command: 'sleep 600' } } };
const WRONG = { version: 1, name: 'shop', agnets: {} };

/** A rig whose file (JSON is YAML) was never applied, so that it must be read. */
function writing(content: unknown): Rig {
  const rig = new Rig();
  rmSync(join(rig.home, '.names'), { recursive: true });
  writeFileSync(rig.file, JSON.stringify(content));
  return rig;
}

describe('colony validate', () => {
  it('a valid file', async () => {
    const stdout = 'colony.yaml: valid, 1 agent\n';
    expect(await writing(ONE).run(['validate'])).toEqual({ code: 0, stdout, stderr: '' });
  });

  it('names the file as a person there would', async () => {
    const rig = writing(ONE);
    const ran = await rig.run(['validate', '-f', 'project/colony.yaml'], { cwd: rig.base });
    expect(ran.stdout).toBe('project/colony.yaml: valid, 1 agent\n');
  });

  it('a mistake', async () => {
    const ran = await writing(WRONG).run(['validate']);
    expect(ran).toMatchObject({ code: 65, stdout: '', stderr: expect.stringContaining('agnets') });
    expect(ran.stderr).not.toMatch(/^colony: /);
  });
});

it('a mistake is shown by every command that needs the name of the colony', async () => {
  const rig = writing(WRONG);
  const [status, apply] = [await rig.run(['status']), await rig.run(['apply'])];
  expect(status).toMatchObject({ code: 65, stdout: '', stderr: expect.stringContaining('agnets') });
  expect(apply).toEqual(status);
});

it('without a supervisor, status says so and shows what there is', async () => {
  const ran = await writing(ONE).run(['status']);
  expect(ran.code).toBe(3);
  expect(ran.stdout).toMatch(/^shop: 0 of 1 ready\nno supervisor runs \(colony apply starts it\)\nNAME .*\nweb /);
});

it('without a supervisor and without agents there is nothing to take down', async () => {
  const rig = writing(ONE);
  expect(await rig.run(['down', '--yes'])).toEqual({ code: 0, stdout: 'Nothing runs for shop.\n', stderr: '' });
  const alone = await rig.run(['down', '--supervisor-only']);
  expect(alone).toEqual({ code: 0, stdout: 'No supervisor runs for shop.\n', stderr: '' });
});

it('schema prints JSON', async () => {
  const ran = await new Rig().run(['schema']);
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(ran.stdout)).toBeTypeOf('object');
});

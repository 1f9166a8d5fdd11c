import { describe, expect, it } from 'vitest';
import { Rig } from '../rig.ts';

/** A rig whose agent is shown by a line for the shell. */
async function showing(
  line: string,
  how: 'attach' | 'switch' | 'nested',
  drop_env: readonly string[] = [],
): Promise<Rig> {
  const rig = new Rig();
  await rig.serve({ 'GET /v1/attach': { json: { argv: ['sh', '-c', line], drop_env, how } } });
  return rig;
}

describe('colony attach', () => {
  it('hands the terminal over, and passes on the exit code', async () => {
    const rig = await showing('read answer; echo "got $answer"; exit 7', 'attach');
    const terminal = await rig.inTerminal(['attach', 'web', '--read-only']);
    await terminal.press('hello', 'Enter');
    expect(await terminal.shows(/exit=/)).toBe('hello\ngot hello\nexit=7');
    expect(rig.asked).toEqual([{ route: 'GET /v1/attach', query: 'agent=web&read_only=1', body: undefined }]);
  });

  it('a signal becomes an exit code as in a shell', async () => {
    const terminal = await (await showing('kill -TERM $$', 'attach')).inTerminal(['attach', 'web']);
    await terminal.shows(/exit=143/);
  });

  it('Ctrl-C is for the program in the terminal', async () => {
    const rig = await showing('trap "echo caught; exit 5" INT; echo up; while :; do sleep 0.05; done', 'attach');
    const terminal = await rig.inTerminal(['attach', 'web']);
    await terminal.shows(/up/);
    await terminal.press('C-c');
    expect(await terminal.shows(/exit=/)).toMatch(/caught\nexit=5/);
  });

  it('inside tmux: says where it is asked from, drops what must not reach the command, and gives a hint', async () => {
    const rig = await showing('echo "TMUX=[$TMUX] KEPT=[$KEPT]"', 'nested', ['TMUX', 'TMUX_PANE']);
    const terminal = await rig.inTerminal(['attach', 'web'], { OUTER: '/tmp/t,1,0', KEPT: 'yes' }, '', 'TMUX=$OUTER');
    const screen = await terminal.shows(/exit=0/);
    expect(screen).toContain('colony: this is tmux inside tmux: press the prefix twice to reach the inner one\n');
    expect(screen).toContain('TMUX=[] KEPT=[yes]');
    expect(rig.asked[0]?.query).toBe('agent=web&tmux=%2Ftmp%2Ft%2C1%2C0');
  });

  it('needs a terminal', async () => {
    const ran = await (await showing('echo no', 'attach')).run(['attach', 'web']);
    expect(ran).toEqual({
      code: 1,
      stdout: '',
      stderr: 'colony: attach needs a terminal\n`colony logs web` prints what it shows\n',
    });
  });

  it('except for a switch, which happens in the terminal that tmux has already', async () => {
    const ran = await (await showing('echo switched', 'switch')).run(['attach', 'web']);
    expect(ran).toEqual({ code: 0, stdout: 'switched\n', stderr: '' });
  });

  it('a program that is not there', async () => {
    const rig = new Rig();
    await rig.serve({ 'GET /v1/attach': { json: { argv: ['/no/tmux'], drop_env: [], how: 'switch' } } });
    expect(await rig.run(['attach', 'web'])).toMatchObject({
      code: 69,
      stderr: expect.stringMatching(/^colony: \/no\/tmux could not be executed: .*ENOENT/),
    });
  });

  it('an agent that does not run', async () => {
    const rig = new Rig();
    const text = '"web" has no session to attach to; `colony status` says why';
    await rig.serve({ 'GET /v1/attach': { status: 409, json: { code: 'not_running', exit: 1, text } } });
    expect(await rig.run(['attach', 'web'])).toEqual({ code: 1, stdout: '', stderr: `colony: ${text}\n` });
  });
});

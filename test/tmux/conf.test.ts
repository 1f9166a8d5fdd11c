import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type Conf, confMark, confText, globbed } from '../../src/tmux/conf.ts';
import { openTmux } from '../../src/tmux/open.ts';
import { good, type PrivateTmux, privateTmux } from '../rig/tmux.ts';

const base: Conf = { colony: 'shop', historyLimit: 500, size: { columns: 100, rows: 30 }, config: undefined };

describe('the configuration', () => {
  test.each<[string, Partial<Conf>]>([
    ['history', { historyLimit: 501 }],
    ['size', { size: { columns: 101, rows: 30 } }],
    ['file', { config: '/etc/my.conf' }],
  ])('is marked anew with another %s', (_case, over) => {
    expect(confMark({ ...base, ...over })).not.toBe(confMark(base));
    expect(confText({ ...base, ...over })).not.toBe(confText(base));
  });

  test('loads the file of the user before anything else', () => {
    const lines = confText({ ...base, config: '/home/me/my [x].conf' }).split('\n');
    expect(lines[1]).toBe('source-file "/home/me/my \\\\[x\\\\].conf"');
    expect(globbed('/a/*.conf')).toBe('/a/\\*.conf');
  });
});

describe('on a real server', () => {
  let rig: PrivateTmux;
  afterEach(() => rig.stop());

  const option = (...flags: string[]) => rig.tmux('show-options', ...flags);

  test('every line is understood, whatever the user had set before', async () => {
    rig = privateTmux();
    const config = join(rig.dir, 'my own [1].conf');
    writeFileSync(config, "set -g mouse on\nset -g history-limit 1\nset-hook -g pane-died 'display-message x'\n");
    const tmux = good(await openTmux(rig.options({ conf: { ...rig.options().conf, config } })));
    expect(await option('-gv', 'mouse')).toBe('on');
    expect(await option('-gv', 'history-limit')).toBe('500');
    expect(await option('-gwv', 'remain-on-exit')).toBe('on');
    expect(await option('-gv', 'default-size')).toBe('100x30');
    expect(await option('-sv', 'message-limit')).toBe('0');
    expect(await option('-gv', '@colony_conf')).toContain(config);
    expect(await rig.tmux('show-hooks', '-gw', 'pane-died')).toBe(
      'pane-died[0] display-message x\npane-died[900] wait-for -S colony-wake-shop',
    );
    await tmux.close();
  });

  test('a change reaches a server that runs already', async () => {
    rig = privateTmux();
    await good(await openTmux(rig.options())).close();
    const conf = { ...rig.options().conf, historyLimit: 777 };
    const tmux = good(await openTmux(rig.options({ conf })));
    expect(await option('-gv', 'history-limit')).toBe('777');
    await tmux.close();
  });
});

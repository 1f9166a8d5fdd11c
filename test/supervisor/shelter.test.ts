import { expect, test } from 'vitest';
import { shelters } from '../../src/supervisor/shelter.ts';

const own = {
  XDG_RUNTIME_DIR: '/run/user/1000',
  DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/user/1000/bus',
  SECRET: 'hush',
};

test.each([undefined, 'launchd', 'cron'] as const)('started by %s there is no service to be spared', (manager) => {
  expect(shelters('shop', manager, {}, own)).toEqual([]);
});

test('the server ends after the service, has its own environment, and a name that was never used', () => {
  const [best, plain] = shelters('shop', 'systemd', { XDG_RUNTIME_DIR: '/run/user/7', SECRET: 'hush' }, own);
  expect(best?.environment).toEqual({
    XDG_RUNTIME_DIR: '/run/user/1000',
    DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/user/1000/bus',
  });
  const words = best?.argv.join(' ') ?? '';
  expect(words).toMatch(/^systemd-run --user --scope --quiet --collect --unit=colony-shop-tmux-[0-9a-f]{8}\.scope /);
  expect(words).toContain('-p Before=colony-shop.service -p OOMPolicy=continue -- env ');
  expect(words).toMatch(/ env -u DBUS_SESSION_BUS_ADDRESS -u INVOCATION_ID XDG_RUNTIME_DIR=\/run\/user\/7$/);
  expect(plain?.argv.join(' ')).not.toContain('OOMPolicy');
  expect(JSON.stringify([best, plain])).not.toContain('hush');
  expect(plain?.argv[5]).not.toBe(best?.argv[5]);
});

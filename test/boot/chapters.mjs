// The proof, chapter by chapter; each goes on where the one before it ended.
import { until } from './computer.mjs';
import { Shop, same, UNIT } from './story.mjs';

/**
 * Stands for an agent: it writes down each of its lives, what it was started with, and in which surroundings. Called as
 * Claude Code is, it keeps the conversation that it begins where that one does.
 */
const TALKER = `#!/bin/sh
env | sort > "$HOME/env.$COLONY_AGENT.$COLONY_GENERATION"
echo "$COLONY_GENERATION $*" >> "$HOME/lives.$COLONY_AGENT"
if [ "$1" = --session-id ]; then mkdir -p ~/.claude/projects/shop && echo '{}' > ~/.claude/projects/shop/$2.jsonl; fi
exec sleep 100000
`;

const FILE = `version: 1
name: shop
agents:
  talker:
    kind: claude
    command: /home/dev/bin/claude
    env: {AGENT_TOKEN: hush}
  worker:
    command: /home/dev/bin/talker
    depends_on: [talker]
  resting:
    command: /home/dev/bin/talker
  sleepy:
    command: /home/dev/bin/talker
    on_reboot: stay_down
`;

const CONFIG = '/home/dev/shop/colony.yaml';
const SCOPE = /user@1000\.service\/app\.slice\/colony-shop-tmux-[0-9a-f]+\.scope$/;
const KILL_AT_LOGOUT = 'etc/systemd/logind.conf.d/kill.conf';

export async function enabling({ computer, story }) {
  const shop = new Shop(computer);
  story.say('the computer is turned on; it ends whatever a user leaves behind at logout');
  computer.put(KILL_AT_LOGOUT, '[Login]\nKillUserProcesses=yes\n');
  await computer.boot();
  const install =
    'npm config set prefix ~/.npm && npm install --global --offline --no-audit --no-fund /srv/agent-colony.tgz';
  const installed = computer.login(install);
  story.check('a user installs the packed package for himself', installed.code === 0, installed.err);
  computer.login('mkdir -p ~/bin ~/shop');
  for (const name of ['talker', 'claude']) computer.put(`home/dev/bin/${name}`, TALKER, 0o755);
  computer.put('home/dev/shop/colony.yaml', FILE);
  const never = computer.login('cd ~/shop && colony enable');
  story.check(
    'what was never applied is not enabled',
    never.code === 1 && never.err.includes('colony apply'),
    never.err,
  );
  const done = computer.login(
    'cd ~/shop && colony apply && colony stop resting && colony status -o json > ~/first.json && ' +
      'echo --- && colony enable --dry-run && ls ~/.config; echo --- && colony enable && (setsid sleep 31 &)',
  );
  const [applied = '', dry = '', enabled = ''] = done.out.split('---\n');
  story.check('he applies, and stops one agent by hand', applied.includes('resting'), `${applied}\n${done.err}`);
  story.check(
    '--dry-run shows the unit and writes nothing',
    dry.includes('KillMode=process') && !/^systemd$/m.test(dry),
    dry,
  );
  story.check('colony enable', done.code === 0, `${enabled}\n${done.err}`);
  story.quote(enabled.trim());
  const first = JSON.parse(computer.peek('cat ~/first.json').out);
  shop.first = Object.fromEntries(first.agents.map(({ name, pid }) => [name, pid]));
  story.say('he logs out');
  await until('what he left to be ended', () => computer.peek('pgrep -x -f "sleep 31"').code !== 0);
  story.check('no agent was touched, neither by this nor by the logout', same(shop.pids(), shop.first), [
    shop.first,
    shop.pids(),
  ]);
  story.check('lingering is on', computer.run('ls', '/var/lib/systemd/linger').out === 'dev');
  story.check(
    'the unit is enabled and active',
    shop.systemctl('is-enabled', UNIT).out === 'enabled' && shop.isActive(),
  );
  story.check('the supervisor is that of the unit', shop.isSupervisedByUnit(), shop.status()?.supervisor);
  story.check(
    'status tells of it',
    same(shop.status().login, { manager: 'systemd', lingering: true, in_charge: true }),
    shop.status().login,
  );
  story.check('tmux was brought into a scope of its own', SCOPE.test(shop.place()), shop.place());
  const again = computer.login('cd ~/shop && colony enable');
  story.check('a second enable does nothing', again.code === 0 && again.out.includes('already'), again.out);
  const plan = computer.login('cd ~/shop && colony plan');
  story.check('plan shows no change', plan.code === 0, plan.out);
  const secrets = computer.run('grep', '-rl', '-e', 'tell-nobody', '-e', 'hush', '/home/dev/.config', ...LAUNCHER);
  story.check('no secret is in the unit or the launcher', secrets.out === '', secrets.out);
  return shop;
}

const LAUNCHER = ['login.sh', 'login.json'].map((name) => `/home/dev/.local/state/colony/shop/${name}`);

export async function unit({ computer, story }, shop) {
  story.say('the unit is restarted, killed, stopped, started');
  const { first } = shop;
  shop.systemctl('restart', UNIT);
  story.check('a restart leaves every agent alone', same(shop.pids(), first) && shop.isActive(), shop.pids());
  const verified = shop.computer.peek(`systemd-analyze --user verify ~/.config/systemd/user/${UNIT}`, shop.bus);
  story.check('systemd finds nothing amiss in the unit', verified.code === 0 && verified.err === '', verified.err);
  const left = computer.sh(
    `journalctl --no-pager _SYSTEMD_USER_UNIT=${UNIT} + USER_UNIT=${UNIT} | grep -i left-over`,
  ).out;
  story.check('no process of the one before was left in it', left === '', left);
  const killed = shop.mainPid();
  computer.run('kill', '-9', killed);
  await until('another supervisor', () => ![killed, '0'].includes(shop.mainPid()) && shop.status()?.supervisor);
  story.check('a killed supervisor is brought back, and no agent noticed', same(shop.pids(), first), shop.pids());
  shop.systemctl('stop', UNIT);
  story.check(
    'a stop leaves every agent alone',
    same(shop.pids(), first) && shop.status().supervisor === null,
    shop.pids(),
  );
  shop.systemctl('start', UNIT);
  story.check('a start takes them over', same(shop.pids(), first) && shop.isSupervisedByUnit(), shop.pids());
}

export async function rebooting({ computer, story }, shop) {
  story.say('the computer is rebooted');
  computer.remove(KILL_AT_LOGOUT);
  const { conversation } = shop.agent('talker');
  const asked = performance.now();
  await computer.reboot();
  await until('two agents', () => shop.isSettled(2));
  story.say(`all run again ${((performance.now() - asked) / 1000).toFixed(1)} s after the reboot was asked for`);
  const sessions = computer.run('loginctl', 'list-sessions', '--no-legend').out;
  story.check('nobody is logged in', sessions === '', sessions);
  const { agents } = shop.status();
  const of = (name) => agents.find((one) => one.name === name);
  const is = (name, phase, reason) => of(name).phase === phase && of(name).reason?.code === reason;
  for (const name of ['talker', 'worker']) {
    const good = is(name, 'ready', 'rebooted') && of(name).generation === 2;
    story.check(`${name} runs again, because of the reboot`, good, of(name));
  }
  story.check('who was stopped by hand stays stopped', is('resting', 'stopped', 'user_requested'), of('resting'));
  story.check('on_reboot: stay_down stays down', is('sleepy', 'stopped', 'rebooted'), of('sleepy'));
  const events = computer.peek('cd ~/shop && colony events').out;
  story.check('the journal tells of no crash', !/^\S+ \S+ +(talker|worker|sleepy) +ended/m.test(events), events);
  const lives = computer.peek('cat ~/lives.talker').out.split('\n');
  story.quote(lives.map((life) => `a life of talker was started with: ${life}`).join('\n'));
  const goesOn =
    typeof conversation === 'string' &&
    of('talker').conversation === conversation &&
    lives.at(-1)?.includes(`--resume ${conversation}`);
  story.check('talker is in the conversation that it was in', goesOn, { conversation, now: of('talker').conversation });
  const differ = computer.peek(
    `for n in 1 2; do grep -v -E '${OF_ONE_LIFE}' ~/env.worker.$n > /tmp/env.$n; done; diff /tmp/env.1 /tmp/env.2`,
  );
  const token = computer.peek('grep -c SECRET_TOKEN=tell-nobody /tmp/env.2').out;
  story.check('worker has the very environment that it had', differ.out === '' && token === '1', differ.out);
  story.check('tmux is in a scope of its own', SCOPE.test(shop.place()), shop.place());
  const running = shop.pids();
  shop.systemctl('restart', UNIT);
  story.check(
    'a restart of the unit leaves every agent alone',
    same(shop.pids(), running) && shop.isActive(),
    shop.pids(),
  );
}

/** What is another one in each life. */
const OF_ONE_LIFE = '^COLONY_(GENERATION|RUN_ID)|^TMUX|^_=';

/** Each is planted, found by its own id, mended by what the doctor says, and not found again. */
const FAULTS = [
  {
    fault: 'lingering is off',
    id: 'login',
    plant: ({ computer }) => computer.run('loginctl', 'disable-linger', 'dev'),
  },
  { fault: 'the unit is disabled', id: 'login', plant: (shop) => shop.systemctl('disable', UNIT) },
  { fault: 'the unit is stopped', id: 'login', plant: (shop) => shop.systemctl('stop', UNIT) },
  {
    fault: 'a drop-in says KillMode=control-group',
    id: 'kill_mode',
    plant: (shop) => {
      const folder = `~/.config/systemd/user/${UNIT}.d`;
      shop.computer.peek(`mkdir ${folder} && printf '[Service]\\nKillMode=control-group\\n' > ${folder}/kill.conf`);
      shop.systemctl('daemon-reload');
    },
    after: ({ computer }) => computer.sh(`rmdir /home/dev/.config/systemd/user/${UNIT}.d`),
  },
  {
    fault: 'the unit was edited',
    id: 'login_files',
    plant: ({ computer }) => computer.sh(`sed -i s/^Restart=.*/Restart=no/ /home/dev/.config/systemd/user/${UNIT}`),
  },
  {
    fault: 'the unit is gone',
    id: 'login',
    plant: (shop) => {
      shop.computer.sh(`rm /home/dev/.config/systemd/user/${UNIT} /home/dev/.config/systemd/user/*.wants/${UNIT}`);
      shop.systemctl('daemon-reload');
    },
  },
  {
    fault: 'the launcher is gone',
    id: 'launcher',
    plant: ({ computer }) => computer.remove('home/dev/.local/state/colony/shop/login.sh'),
  },
  {
    fault: 'Node.js was moved',
    id: 'launcher',
    plant: ({ computer }) => computer.sh('mv /usr/local/bin/node /usr/bin/node'),
    after: ({ computer }) => computer.sh('mv /usr/bin/node /usr/local/bin/node; rm -f /usr/bin/node'),
    again: 'colony enable',
  },
  {
    fault: 'the captured environment has another PATH',
    id: 'environment',
    plant: ({ computer }) =>
      computer.sh(
        `sed -i 's|"PATH":"[^"]*"|"PATH":"/usr/bin:/bin"|' /home/dev/.local/state/colony/shop/environment.json`,
      ),
  },
];

/** Findings that say that something is amiss, or will be. */
function grave(computer) {
  const { out } = computer.login('cd ~/shop && colony doctor -o json');
  const { findings } = out.startsWith('{')
    ? JSON.parse(out)
    : { findings: [{ id: 'none', level: 'error', text: out }] };
  return findings.filter(({ level }) => level === 'warning' || level === 'error');
}

/** The command lines that a mend names, those that need no administrator. */
function commandsIn(mend) {
  return [...mend.matchAll(/`([^`]+)`/g)].map(([, line]) => line).filter((line) => !line.startsWith('sudo'));
}

export async function doctored({ computer, story }, shop) {
  story.say('faults are planted, and the doctor is asked');
  const running = shop.pids();
  const before = grave(computer);
  story.check('nothing is amiss before', before.length === 0, before);
  for (const { fault, id, plant, after, again } of FAULTS) {
    plant(shop);
    const found = grave(computer);
    const named = found.find((finding) => finding.id === id);
    const lines = commandsIn(named?.mend ?? '');
    const mended = computer.login(['cd ~/shop', ...lines].join(' && '));
    const left = grave(computer);
    const good = named !== undefined && lines.length > 0 && mended.code === 0 && left.length === 0;
    story.check(`${fault}: found, and mended by \`${lines.join('`, `')}\``, good, { found, mended, left });
    if (after) after(shop);
    if (again) computer.login(`cd ~/shop && ${again}`);
  }
  story.check('no agent noticed', same(shop.pids(), running) && shop.isSupervisedByUnit(), [running, shop.pids()]);
}

export async function movedFolder({ computer, story }, shop) {
  story.say('the folder of the colony is moved');
  const running = shop.pids();
  const moved = computer.login('mv ~/shop ~/store && cd ~/store && colony doctor -o json; colony apply');
  story.check('apply says what to do', moved.code === 75 && moved.err.includes('--supervisor-only'), moved);
  const said = computer.login(
    'cd ~/store && colony down --supervisor-only -f /home/dev/shop/colony.yaml && colony apply && colony plan',
  );
  story.check('what it says takes the agents over', said.code === 0, said);
  const started = computer.run('grep', '-c', '/home/dev/store/colony.yaml', LAUNCHER[0]);
  story.check('what starts it at boot knows the new place', started.out !== '0' && shop.isActive(), started);
  computer.login(
    'mv ~/store ~/shop && cd ~/shop && colony down --supervisor-only -f /home/dev/store/colony.yaml && colony apply',
  );
  story.check('and back again', grave(computer).length === 0 && shop.isActive(), [
    running,
    shop.pids(),
    grave(computer),
  ]);
}

export async function moving({ computer, story }, shop) {
  story.say('Node.js and colony move to another place');
  const running = shop.pids();
  computer.sh(
    'mv /usr/local/bin/node /usr/bin/node && mkdir -p /usr/lib/node_modules && mv ~dev/.npm/lib/node_modules/agent-colony /usr/lib/node_modules/',
  );
  const restarted = shop.systemctl('restart', UNIT);
  story.check('the launcher finds both', restarted.code === 0 && shop.isActive(), restarted.err);
  computer.sh('mv /usr/bin/node /usr/bin/node.gone');
  shop.systemctl('restart', UNIT);
  const logged = `journalctl --no-pager _SYSTEMD_USER_UNIT=${UNIT} | grep 'no Node.js' | tail -1`;
  const said = await until('a word about it', () => computer.sh(logged).out);
  story.check('it says what is missing when there is none', said.includes(`colony enable -f ${CONFIG}`), said);
  computer.sh(
    'mv /usr/bin/node.gone /usr/local/bin/node; mv /usr/lib/node_modules/agent-colony ~dev/.npm/lib/node_modules/',
  );
  await until('the supervisor', () => shop.isActive() && shop.status()?.supervisor);
  story.check('it goes on as soon as there is one, and no agent noticed', same(shop.pids(), running), [
    running,
    shop.pids(),
  ]);
}

export async function upgrading({ computer, story }, shop) {
  story.say('a newer release is applied');
  const running = shop.pids();
  computer.sh(
    `cp -r ~dev/.npm/lib/node_modules/agent-colony /opt/newer && grep -rl '"0\\.1\\.0"' /opt/newer/dist | xargs sed -i 's/"0\\.1\\.0"/"9.9.9"/g'`,
  );
  const applied = computer.login('cd ~/shop && node /opt/newer/dist/colony.cjs apply');
  story.quote(applied.out);
  const version = shop.status()?.supervisor?.version;
  story.check(
    'the unit runs the newer supervisor',
    applied.code === 0 && version === '9.9.9' && shop.isSupervisedByUnit(),
    version,
  );
  story.check('no agent noticed', same(shop.pids(), running), [running, shop.pids()]);
  const enabled = computer.login('cd ~/shop && colony enable');
  story.check(
    'an older release does not replace it',
    enabled.code === 1 && shop.status()?.supervisor?.version === '9.9.9',
    `${enabled.out}\n${enabled.err}`,
  );
  computer.login('cd ~/shop && node /opt/newer/dist/colony.cjs enable');
}

export async function disabling({ computer, story }, shop) {
  story.say('the colony is disabled');
  const running = shop.pids();
  const disabled = computer.login('cd ~/shop && colony disable');
  story.quote(disabled.out);
  story.check('colony disable', disabled.code === 0, disabled.err);
  story.check('lingering stays, because agents need it', disabled.err.includes('lingering stays on'), disabled.err);
  const left = computer.sh(
    'find /home/dev/.config -name "*colony*"; ls /home/dev/.local/state/colony/shop | grep login',
  ).out;
  story.check('it leaves nothing', left === '' && shop.systemctl('is-enabled', UNIT).code !== 0, left);
  story.check(
    'agents and a supervisor run on',
    same(shop.pids(), running) && shop.status()?.supervisor !== null,
    shop.pids(),
  );
  story.check('disabling it twice is fine', computer.login('cd ~/shop && colony disable').code === 0);
  computer.login('cd ~/shop && colony enable && colony down --yes');
  story.check('down ends the supervisor of the unit for good', !shop.isActive() && shop.status()?.supervisor === null);
  shop.systemctl('start', UNIT);
  story.check('what is down is not started by the unit', !shop.isActive() && shop.status()?.supervisor === null);
  const up = computer.login('cd ~/shop && colony apply');
  story.check(
    'an apply after that is handed to the unit',
    up.code === 0 && shop.isSupervisedByUnit(),
    `${up.out}\n${up.err}`,
  );
}

export async function refused({ computer, story }, shop) {
  story.say('a user who may not turn on lingering, and one without a user bus');
  computer.login('cd ~/shop && colony down --yes && colony disable');
  computer.run('loginctl', 'disable-linger', 'dev');
  computer.run('systemctl', 'mask', '--now', 'polkit.service');
  const poor = computer.login('cd ~/shop && colony apply && colony enable');
  const names = poor.code === 1 && poor.err.includes('sudo loginctl enable-linger dev');
  story.check('enable ends with 1 and names the one command', names, `${poor.code}\n${poor.out}\n${poor.err}`);
  const wants = computer.run('ls', '/home/dev/.config/systemd/user/default.target.wants').out;
  story.check('the unit is enabled all the same', wants === UNIT, wants);
  computer.login('cd ~/shop && colony disable && colony down --yes');
  await until('the service manager to be gone', () => shop.systemctl('is-active', 'default.target').code !== 0);
  const busless = computer.peek('cd ~/shop && colony apply; colony enable');
  story.check('without a user bus it says so', busless.code === 1 && busless.err.includes('no user bus'), busless.err);
  computer.run('loginctl', 'enable-linger', 'dev');
  story.say('an administrator turns lingering on, somebody breaks colony.yaml, and the computer is rebooted');
  computer.put('home/dev/shop/colony.yaml', 'version: 1\nagents: [\n');
  await computer.reboot();
  await until('two agents', () => shop.isSettled(2));
  story.check('all is back, by the unit', shop.isSupervisedByUnit());
  story.check('status says that it lingers', shop.status().login?.lingering === true, shop.status().login);
  story.check('status says that the file is wrong', shop.status().config.valid === false, shop.status().config);
}

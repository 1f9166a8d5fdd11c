// A program that does what a test tells it. It calls the test's socket ($FAKE_SOCKET), says who it is (`hello`), and then
// obeys one JSON command a line, {"do": …}; where it answers, the answer is {"event": …}:
//
//   say {text}                     print a line
//   exit {code}                    end
//   ignore {signals}               be deaf to them from now on         -> ignoring; ignored {signal} each time
//   fork {away, deaf, stopped}     a child that outlives it; in a session of its own and reparented to init, deaf to
//                                  what asks it to end, stopped by SIGSTOP  -> forked {pid}
//   leak {mebibytes, below}        take so much memory; below: so much a second, in a grandchild  -> leaking {pid}
//   spin {}                        a child that takes a whole processor and says nothing          -> spinning {pid}
//   hang {}                        do nothing any more, not even listen, without using the CPU    -> hanging
//   notify {notice}                tell colony, as programs of users do -> notified {done}
//   env {}                         -> env {env, cwd, argv}
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

const socket = connect(process.env.FAKE_SOCKET);
const tell = (message) => socket.write(`${JSON.stringify(message)}\n`);
const leaked = [];

const COMMANDS = {
  say: ({ text }) => console.log(text),
  exit: ({ code }) => process.exit(code),
  ignore: ({ signals }) => {
    for (const signal of signals) process.on(signal, () => tell({ event: 'ignored', signal }));
    tell({ event: 'ignoring' });
  },
  /** A child that outlives its parent unless somebody ends it; `away`: in a session of its own, and reparented. */
  fork: ({ away, deaf, stopped }) => {
    const ears = deaf ? "trap '' TERM HUP INT;" : '';
    const stop = stopped ? 'kill -STOP $$;' : '';
    const body = `${ears} echo $$ >&3; exec 3>&-; ${stop} while :; do sleep 0.2; done`;
    const argv = away ? ['setsid', 'sh', '-c', `sh -c '${body.replaceAll("'", `'\\''`)}' & :`] : ['sh', '-c', body];
    const child = spawn(argv[0], argv.slice(1), { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    child.stdio[3].once('data', (text) => tell({ event: 'forked', pid: Number(text) }));
  },
  leak: ({ mebibytes, below }) => {
    if (!below) {
      leaked.push(Buffer.alloc(mebibytes * 1024 * 1024, 1));
      return tell({ event: 'leaking', pid: process.pid });
    }
    const leak = `const all = []; setInterval(() => all.push(Buffer.alloc(${mebibytes} << 20, 1)), 1000)`;
    const line = `"$0" -e "$1" & echo $! >&3; exec 3>&-; wait`;
    const argv = ['-c', line, process.execPath, leak];
    const child = spawn('sh', argv, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    child.stdio[3].once('data', (text) => tell({ event: 'leaking', pid: Number(text) }));
  },
  spin: () => {
    const child = spawn('sh', ['-c', 'while :; do :; done'], { stdio: 'ignore' });
    tell({ event: 'spinning', pid: child.pid });
  },
  hang: () => {
    const hang = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    socket.write(`${JSON.stringify({ event: 'hanging' })}\n`, hang);
  },
  notify: async ({ notice }) => {
    const { notify } = await import(new URL('../../dist/child.js', import.meta.url));
    tell({ event: 'notified', done: notify(notice) });
  },
  env: () => tell({ event: 'env', env: process.env, cwd: process.cwd(), argv: process.argv.slice(2) }),
};

socket.on('connect', () => {
  const { COLONY_AGENT: agent, COLONY_GENERATION: generation, COLONY_RUN_ID: run } = process.env;
  tell({ event: 'hello', agent, generation: Number(generation), run, pid: process.pid });
});
socket.on('error', () => process.exit(70));
createInterface({ input: socket }).on('line', (line) => {
  const command = JSON.parse(line);
  COMMANDS[command.do]?.(command);
});
console.log('fake agent ready');
setInterval(() => undefined, 1 << 30);

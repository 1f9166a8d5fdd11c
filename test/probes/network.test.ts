import { createServer as createHttp } from 'node:http';
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { check } from '../../src/probes/index.ts';
import { look, probe } from './rig.ts';

const open: Server[] = [];
const sockets = new Set<Socket>();

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(open.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

/** Let a server listen on a free port of this machine. */
async function listening(server: Server): Promise<number> {
  server.on('connection', (socket) => sockets.add(socket));
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A port on which nobody listens. */
/** Nobody listens there; a port that was free a moment ago may be another test's by now. */
const NOBODYS = 1;

const tcp = (port: number, timeout = 5_000, host = '127.0.0.1') =>
  check(probe({ tcp: { host, port } }), look({ timeout }));

const http = (url: string, over: { headers?: Record<string, string>; timeout?: number; status?: string } = {}) => {
  const { headers = {}, timeout = 5_000, status = '200-399' } = over;
  return check(probe({ http: { url, headers, status } }), look({ timeout }));
};

describe('tcp', () => {
  test('somebody listens', async () => {
    const port = await listening(createTcp());
    expect(await tcp(port)).toEqual({ is: 'healthy', text: `127.0.0.1:${port} accepts connections` });
    expect(await tcp(port, 5_000, 'localhost')).toMatchObject({ is: 'healthy' });
  });
  test('nobody listens', async () => {
    expect(await tcp(NOBODYS)).toEqual({ is: 'unhealthy', text: `nobody listens on 127.0.0.1:${NOBODYS}` });
    expect(await tcp(NOBODYS, 5_000, 'localhost')).toEqual({
      is: 'unhealthy',
      text: `nobody listens on localhost:${NOBODYS}`,
    });
  });
  test('there is no such host', async () => {
    const { is } = await tcp(80, 5_000, 'no-such-host.invalid');
    expect(['unhealthy', 'unknown']).toContain(is);
  });
  test('called off', async () => {
    const cancel = new AbortController();
    // An address that is kept for documentation: nobody answers there.
    const checked = check(probe({ tcp: { host: '192.0.2.1', port: 80 } }), look({ cancel: cancel.signal }));
    cancel.abort();
    await checked;
  });
});

describe('http', () => {
  test('the status decides', async () => {
    const server = createHttp((request, response) => {
      response.writeHead(Number(request.url?.slice(1)) || 200).end('a page');
    });
    const url = `http://127.0.0.1:${await listening(server)}`;
    expect(await http(url)).toEqual({ is: 'healthy', text: 'the answer was 200' });
    expect(await http(`${url}/302`)).toEqual({ is: 'healthy', text: 'the answer was 302' });
    expect(await http(`${url}/503`)).toEqual({ is: 'unhealthy', text: 'the answer was 503' });
    expect(await http(`${url}/503`, { status: '503' })).toEqual({ is: 'healthy', text: 'the answer was 503' });
  });
  test('headers, name and password, and the whole address are sent', async () => {
    const seen: unknown[] = [];
    const server = createHttp((request, response) => {
      const { authorization, token } = request.headers;
      seen.push([request.url, authorization, token]);
      response.end();
    });
    const port = await listening(server);
    await http(`http://me:pw@127.0.0.1:${port}/ok?a=b`, { headers: { Token: 't' } });
    expect(seen).toEqual([['/ok?a=b', `Basic ${Buffer.from('me:pw').toString('base64')}`, 't']]);
  });
  test('an endless page is not waited for', async () => {
    const server = createHttp((_, response) => {
      const more = () => response.write('x'.repeat(65_536), () => !response.destroyed && setImmediate(more));
      more();
    });
    expect(await http(`http://127.0.0.1:${await listening(server)}`)).toMatchObject({ is: 'healthy' });
  });
  test.each<[string, (socket: Socket) => void, number, RegExp]>([
    ['no answer', () => undefined, 200, /^http:\S+ did not answer within 200ms$/],
    ['a connection that is closed', (socket) => socket.destroy(), 20_000, /^http:\S+ closed the connection$/],
    [
      'another protocol',
      (socket) => socket.end('220 mail ready\r\n'),
      20_000,
      /^http:\S+ gave no proper answer \(HPE_\w+\)$/,
    ],
  ])('%s', async (_, answer, timeout, text) => {
    const server = createTcp((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => answer(socket));
    });
    const found = await http(`http://127.0.0.1:${await listening(server)}/`, { timeout });
    expect(found).toEqual({ is: 'unhealthy', text: expect.stringMatching(text) });
  });
  test('a server that speaks no TLS', async () => {
    const port = await listening(createHttp((_, response) => response.end()));
    expect(await http(`https://127.0.0.1:${port}/`)).toMatchObject({ is: 'unhealthy' });
  });
  test('nobody listens, and no text holds a secret', async () => {
    const url = `http://127.0.0.1:${NOBODYS}/ok`;
    const found = await http(`${url.replace('//', '//me:hidden@')}?token=hidden#hidden`, { headers: { a: 'hidden' } });
    expect(found).toEqual({ is: 'unhealthy', text: `nobody listens on ${url}` });
  });
  test('a header that cannot be sent is a mistake of the check', async () => {
    const found = await http('http://127.0.0.1:1/', { headers: { 'not a name': 'hidden' } });
    expect(found.is).toBe('unknown');
    expect(found.text).not.toContain('hidden');
  });
});

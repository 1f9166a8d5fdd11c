import { connect } from 'node:net';
import { formatSpan } from '../reconciler/span.ts';
import type { Finding } from '../reconciler/types/health.ts';
import type { ProbeSpec } from '../spec/probes.ts';
import { deadline } from './deadline.ts';
import { healthy, type Look, unhealthy } from './look.ts';
import { connectionFailure } from './network.ts';

type Tcp = NonNullable<ProbeSpec['tcp']>;

/** Healthy if somebody accepts a connection. Not a byte is sent. */
export async function tcp({ host, port }: Tcp, { timeout, cancel }: Look): Promise<Finding> {
  const where = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  const limit = deadline(timeout, cancel);
  const socket = connect({ host, port, signal: limit.signal });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.on('error', reject);
    });
    return healthy(`${where} accepts connections`);
  } catch (error) {
    if (limit.passed) return unhealthy(`${where} did not answer within ${formatSpan(timeout)}`);
    return connectionFailure(error, where);
  } finally {
    socket.destroy();
    limit.clear();
  }
}

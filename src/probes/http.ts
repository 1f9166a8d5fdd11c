import { request as plain } from 'node:http';
import { request as encrypted } from 'node:https';
import { formatSpan } from '../reconciler/span.ts';
import type { Finding } from '../reconciler/types/health.ts';
import type { ProbeSpec } from '../spec/probes.ts';
import { deadline } from './deadline.ts';
import { healthy, type Look, unhealthy } from './look.ts';
import { connectionFailure } from './network.ts';
import { publicAddress } from './text.ts';

type Http = NonNullable<ProbeSpec['http']>;

/** Ask for a page. Only the status is waited for; the page is not read, and a redirect is an answer like any other. */
export async function http({ url, headers, status }: Http, { timeout, cancel }: Look): Promise<Finding> {
  const address = new URL(url);
  const where = publicAddress(address);
  const limit = deadline(timeout, cancel);
  try {
    return judgeStatus(await statusOf(address, headers, limit.signal), status);
  } catch (error) {
    if (limit.passed) return unhealthy(`${where} did not answer within ${formatSpan(timeout)}`);
    return connectionFailure(error, where);
  } finally {
    limit.clear();
  }
}

async function statusOf(address: URL, headers: Http['headers'], signal: AbortSignal): Promise<number> {
  const send = address.protocol === 'https:' ? encrypted : plain;
  // A connection of its own for each: a program whose old connections still answer may take no new ones.
  const asked = send(address, { headers: { 'user-agent': 'colony', ...headers }, agent: false, signal });
  try {
    return await new Promise((resolve, reject) => {
      asked.on('error', reject);
      asked.once('response', (response) => {
        response.on('error', () => undefined);
        resolve(response.statusCode ?? 0);
      });
      asked.end();
    });
  } finally {
    asked.destroy();
  }
}

/** Whether a status is one of those that are healthy: one code, or both ends of a range. */
export function judgeStatus(got: number, wanted: string): Finding {
  const [low = '', high = low] = wanted.split('-');
  const fits = got >= Number(low) && got <= Number(high);
  return fits ? healthy(`the answer was ${got}`) : unhealthy(`the answer was ${got}`);
}

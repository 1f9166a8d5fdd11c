import type { Finding } from '../reconciler/types/health.ts';
import { unhealthy, unknown } from './look.ts';
import { inOneLine } from './text.ts';

/** Errors of a connection that say something of the other side. */
const THEIRS: Readonly<Record<string, (where: string) => string>> = {
  ECONNREFUSED: (where) => `nobody listens on ${where}`,
  ECONNRESET: (where) => `${where} closed the connection`,
  EPIPE: (where) => `${where} closed the connection`,
  ETIMEDOUT: (where) => `${where} did not answer`,
  EHOSTUNREACH: (where) => `${where} cannot be reached`,
  ENETUNREACH: (where) => `${where} cannot be reached`,
  EHOSTDOWN: (where) => `${where} cannot be reached`,
  ENOTFOUND: (where) => `there is no host for ${where}`,
};

/** Errors that say that this machine, or this process, has run out of something. */
const OURS: ReadonlySet<string> = new Set([
  ...['EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS', 'EADDRNOTAVAIL', 'EACCES', 'EPERM', 'EAI_AGAIN', 'EAI_MEMORY'],
]);

/** Node's own refusals: what was asked for cannot be sent, or is not wanted any more. Those of TLS are about the answer. */
const REFUSALS = /^(ERR_(?!SSL|TLS)|ABORT_ERR$|$)/;

/** What an error of a connection says of the program; `where`: the address, without anything secret. */
export function connectionFailure(error: unknown, where: string): Finding {
  const code = codeOf(error);
  const theirs = THEIRS[code];
  if (theirs) return unhealthy(theirs(where));
  if (OURS.has(code) || REFUSALS.test(code)) return unknown(`the check failed: ${inOneLine(String(error))}`);
  // What remains is an answer that is none: another protocol, a certificate that is not trusted.
  return unhealthy(`${where} gave no proper answer (${code})`);
}

/** A name with several addresses fails with one error for each. */
function codeOf(error: unknown): string {
  const { code, errors } = error as { code?: string; errors?: readonly { code?: string }[] };
  return code ?? errors?.[0]?.code ?? '';
}

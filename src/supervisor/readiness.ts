import { execFile } from 'node:child_process';

/**
 * Tell systemd that this service is ready, if that is who waits for it.
 *
 * Node.js cannot write to the kind of socket that this goes through, and systemd brings a program that does. No child is
 * to speak for this process later.
 */
export function sayReady(): void {
  if (process.env.NOTIFY_SOCKET === undefined) return;
  const said = execFile('systemd-notify', ['--ready'], { env: process.env }, () => undefined);
  said.unref();
  delete process.env.NOTIFY_SOCKET;
}

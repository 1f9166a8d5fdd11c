import { launcherText } from './launcher.ts';
import { xmlText } from './quote.ts';
import { isThere } from './steps.ts';
import type { Facts, Step, Target, Verdict } from './types.ts';

export function agentLabel(colony: string): string {
  return `agent-colony.${colony}`;
}

export function agentPath(colony: string, home: string): string {
  return `${home}/Library/LaunchAgents/${agentLabel(colony)}.plist`;
}

/** The domain of a user's own agents: that of the graphical login. */
function domain(uid: number): string {
  return `gui/${uid}`;
}

/** How launchd calls the agent of a colony. */
export function agentTarget(colony: string, uid: number): string {
  return `${domain(uid)}/${agentLabel(colony)}`;
}

/** The launchd agent of one colony: started at login, again when it fails, and never taking its children along. */
export function agentFile({ colony, launcher, log }: Target): string {
  const string = (text: string) => `<string>${xmlText(text)}</string>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  ${string(agentLabel(colony))}
  <key>ProgramArguments</key>
  <array>
    ${['/bin/sh', launcher, 'launchd'].map(string).join('\n    ')}
  </array>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>AbandonProcessGroup</key>
  <true/>
  <key>ProcessType</key>
  <string>Interactive</string>
  <key>StandardErrorPath</key>
  ${string(log)}
</dict>
</plist>
`;
}

/** An agent that is loaded is loaded anew if its file changed: launchd reads it only then. */
export function launchdSteps(target: Target, { files, user, launchd }: Facts): readonly Step[] {
  const { colony, launcher } = target;
  const path = agentPath(colony, user.home);
  const texts: readonly Step[] = [
    { kind: 'write', path: launcher, text: launcherText(target), mode: 0o700 },
    { kind: 'write', path, text: agentFile(target), mode: 0o644 },
  ];
  const missing = texts.filter((step) => !isThere(step, files));
  const loaded = launchd?.loaded ?? false;
  if (missing.length === 0 && loaded) return [];
  return [
    ...missing,
    ...(loaded ? [{ kind: 'run', argv: ['launchctl', 'bootout', agentTarget(colony, user.uid)] } as const] : []),
    { kind: 'run', argv: ['launchctl', 'bootstrap', domain(user.uid), path], mayFail: true },
  ];
}

export function launchdVerdict({ colony }: Target, { launchd, user }: Facts): Verdict {
  const amiss = launchd?.loaded
    ? []
    : [
        {
          text: `launchd does not know ${agentLabel(colony)}: it is loaded at your next login`,
          mend: `to have it at once, run \`launchctl bootstrap ${domain(user.uid)} ${agentPath(colony, user.home)}\` in a terminal of the graphical login`,
          again: true as const,
        },
      ];
  return { good: `launchd starts its supervisor when you log in (${agentLabel(colony)})`, amiss };
}

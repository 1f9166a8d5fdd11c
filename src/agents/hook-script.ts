/** Where the script finds what draws a status line; both absolute. */
export type ScriptPlaces = {
  /** The program that runs colony. */
  readonly node: string;
  /** Colony itself. */
  readonly colony: string;
};

/** Of a longer message the rest is thrown away. */
const MOST_BYTES = 262_144;

/** So many messages of one run wait while no supervisor reads them; from then on each new one replaces the oldest. */
const MOST_HOOKS = 64;
const MOST_LINES = 8;

/**
 * The program that agents call by their hooks: `hook EVENT` with the message on its standard input, and `hook statusline
 * [COMMAND]`, which also shows a status line: that of COMMAND, if there is one.
 *
 * It leaves the message in COLONY_SPOOL, as a file that is whole from the moment in which it can be seen. It works while
 * no supervisor runs, never fails and never blocks its caller, and a hook prints nothing, because agents read what hooks
 * print. Outside of an agent it only shows the status line.
 */
export function hookScript(places?: ScriptPlaces): string {
  const colony = places ? `${quoted(places.node)} ${quoted(places.colony)}` : 'colony';
  return SCRIPT.replace('@COLONY@', () => colony);
}

/** A word as a shell reads it literally. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

// The message is kept in a variable: it is needed twice, and what is left may be read and deleted at once. Names tell
// the order in which messages came: hundredths of a second since the start of the machine, and the process.
const SCRIPT = `#!/bin/sh
# Written by colony. Leaves what an agent tells by its hooks for colony's supervisor.
umask 077
[ -t 0 ] && exit 0
event=$1
{ message=$(head -c ${MOST_BYTES}); } 2>/dev/null

leave() {
  case $event in '' | *[!A-Za-z]*) return ;; esac
  case $COLONY_RUN_ID in '' | *[!a-z0-9-]*) return ;; esac
  case $COLONY_AGENT in '' | *[!a-z0-9-]*) return ;; esac
  [ -n "$COLONY_SPOOL" ] && [ -d "$COLONY_SPOOL" ] || return
  kind=hook mark=h most=${MOST_HOOKS}
  [ "$event" = statusline ] && kind=statusline mark=s most=${MOST_LINES}
  set -- "$COLONY_SPOOL/$COLONY_RUN_ID.$mark"*
  [ $# -ge $most ] && rm -f -- "$1"
  since=0.00
  read -r since rest </proc/uptime
  order=\${since%.*}\${since#*.}
  while [ \${#order} -lt 13 ]; do order=0$order; done
  name=$COLONY_RUN_ID.$mark$order-$$
  hidden=$COLONY_SPOOL/.$name
  { printf '{"v":1,"run":"%s","agent":"%s","kind":"%s","event":"%s"}\\n' "$COLONY_RUN_ID" "$COLONY_AGENT" "$kind" "$event" &&
    printf '%s' "$message"; } >"$hidden" && mv -f -- "$hidden" "$COLONY_SPOOL/$name" || rm -f -- "$hidden"
}

leave >/dev/null 2>&1 </dev/null
cat >/dev/null 2>&1
[ "$event" = statusline ] || exit 0
shift
printf '%s' "$message" | COLONY_TOLD=1 @COLONY@ statusline "$@"
exit 0
`;

/** The script for a colony that is found by PATH. */
export const HOOK_SCRIPT: string = hookScript();

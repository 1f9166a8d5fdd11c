/** Who starts a supervisor when nobody is there to type: see `manager.ts` for which of them is taken. */
export type Manager = 'systemd' | 'launchd' | 'cron';

/** What is to be started, and where the files for that live. All paths are absolute. */
export type Target = {
  readonly colony: string;
  /** The colony.yaml. */
  readonly config: string;
  /** Is there while the colony is up: without it nothing is started. */
  readonly owner: string;
  readonly log: string;
  readonly launcher: string;
  /** Where it is written down that the colony is enabled. */
  readonly record: string;
  /** The Node.js that runs at this moment. */
  readonly node: string;
  /** The program's own file, by the names it has: as it was called, and what that leads to. */
  readonly program: readonly string[];
  /** What the launcher sets: PATH, and where the state lives. Nothing of it is secret. */
  readonly variables: Readonly<Record<string, string>>;
};

/** One thing to do, shown as it is by `--dry-run`. */
export type Step =
  | { readonly kind: 'write'; readonly path: string; readonly text: string; readonly mode: number }
  | { readonly kind: 'link'; readonly path: string; readonly to: string }
  | { readonly kind: 'remove'; readonly path: string }
  | {
      readonly kind: 'run';
      readonly argv: readonly [string, ...string[]];
      readonly input?: string;
      /** How the characters of `input` become bytes; undefined: as UTF-8. */
      readonly coding?: Coding;
      /** It needs the service manager of this user to answer; where that one does not, it is left out. */
      readonly asks?: 'user_manager';
      /** That it fails is told, and is no reason to stop: what matters is looked at afterwards. */
      readonly mayFail?: true;
    };

/** Of a text whose coding is not known `latin1` makes a character of each byte, and the same bytes of it again. */
export type Coding = 'utf8' | 'latin1';

export type User = { readonly name: string; readonly uid: number; readonly home: string };

/** What is there of systemd; version 252 is that of Debian 12. */
export type Systemd = {
  readonly version: number | undefined;
  /** There is the program that tells systemd that a service is ready. */
  readonly notifies: boolean;
  /** The service manager of this user answers. */
  readonly answers: boolean;
  /** Where it looks for units: what it takes for XDG_CONFIG_HOME. */
  readonly configHome: string;
  /** The service manager of this user runs from boot on, and goes on after the last logout. */
  readonly lingering: boolean;
  readonly unit: {
    readonly enabled: boolean;
    readonly active: boolean;
    readonly stale: boolean;
    /** What its end does to processes of it, all its files considered; undefined: the manager does not say. */
    readonly killMode: string | undefined;
    /** Files of a person that say something else of that. */
    readonly killDropIns: readonly string[];
  };
  /** Units of this user that are enabled and have nothing to do with this colony. */
  readonly others: readonly string[];
};

export type Cron = {
  /** A character is a byte: nobody says in which coding the lines of others are written. */
  readonly table: string;
  /** A cron daemon was seen among the processes. */
  readonly runs: boolean;
};

/** What was read of the machine, for the pure parts to decide by. */
export type Facts = {
  readonly platform: 'linux' | 'darwin' | 'other';
  /** Windows runs this Linux: it has systemd only if it is told to. */
  readonly wsl: boolean;
  readonly user: User;
  readonly systemd: Systemd | undefined;
  readonly launchd: { readonly loaded: boolean } | undefined;
  readonly cron: Cron | undefined;
  /** A file that would have to be written, and belongs to somebody else. */
  readonly foreign: string | undefined;
  /** The text of each file that may be written, and what each link leads to; absent: there is none of ours. */
  readonly files: ReadonlyMap<string, string>;
};

/** What came of it: `amiss` is empty if the colony starts by itself from now on. */
export type Verdict = {
  readonly good: string;
  readonly amiss: readonly Amiss[];
};

export type Amiss = {
  readonly text: string;
  /** What mends it where `colony enable` was run just now. */
  readonly mend: string;
  /** What `colony enable` has done once, so that where it is found amiss later another one does it again. */
  readonly again?: true;
  /** The end of the supervisor would be that of the agents. */
  readonly deadly?: true;
  /** The next boot finds it as it should be. */
  readonly untilBoot?: true;
};

// Bundles src/ into dist/: `colony` starts fast only if it loads no more than the command at hand needs.
//
//   dist/colony.cjs   the command line in one file of CommonJS, which Node loads 10 ms faster than modules; a shell
//                     that executes it reads scripts/launcher.sh in it
//   dist/child.js     what a program that colony started may import, with its declaration beside it
//   dist/LICENCES.txt of the packages that are in there
//   dist/lib/         what only some commands need (the supervisor, reading the file), as modules
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { licences } from './licences.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The first lines of the program: to a shell its script, to node a string and a comment. */
const launcher = () => `':' /*\n${readFileSync(join(root, 'scripts/launcher.sh'), 'utf8')}*/`;

/** What the command line loads with import(), and only then. */
const HEAVY = [
  'src/supervisor/main.ts',
  'src/supervisor/offline.ts',
  'src/login/login.ts',
  'src/config/schema.ts',
  'src/doctor/doctor.ts',
  'src/cli/init/look.ts',
  'src/cli/check-file.ts',
  'src/cli/judge-screen.ts',
  'src/cli/write-agent.ts',
  'src/cli/render/yaml.ts',
];

/** What users' own programs import, and the files whose declarations say what is in it; each of those stands alone. */
const CHILD = { entry: 'src/child/index.ts', declared: ['src/child/context.ts', 'src/child/notify.ts'] };

const common = (plugins) => ({
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
  write: false,
  metafile: true,
  // Modules keep the names of their packages, not of a folder elsewhere that node_modules is a link to.
  preserveSymlinks: true,
  plugins,
});

/** Leaves the heavy parts out of the command line and says where they are. */
const heavyElsewhere = {
  name: 'heavy-elsewhere',
  setup(build) {
    const heavy = new Set(HEAVY.map((path) => join(root, path)));
    build.onResolve({ filter: /\.ts$/ }, ({ kind, path, resolveDir }) =>
      kind === 'dynamic-import' && heavy.has(join(resolveDir, path))
        ? { path: `./lib/${basename(path, '.ts')}.js`, external: true }
        : undefined,
    );
  },
};

/**
 * Bundle the program into `outdir`.
 *
 * Earlier files stay unless `clean` is asked for: a supervisor that runs from them may still load some. `plugins` change
 * what is built, as a test of two releases does.
 */
export async function bundle(outdir = `${root}dist`, { clean = false, plugins = [] } = {}) {
  if (clean) rmSync(outdir, { recursive: true, force: true });
  const [program, parts, child] = await Promise.all([
    build({
      ...common([heavyElsewhere, ...plugins]),
      entryPoints: { colony: 'src/cli/main.ts' },
      outdir,
      outExtension: { '.js': '.cjs' },
      format: 'cjs',
      banner: { js: launcher() },
    }),
    build({
      ...common(plugins),
      entryPoints: HEAVY,
      outdir: `${outdir}/lib`,
      entryNames: '[name]',
      chunkNames: 'chunks/[name]-[hash]',
      format: 'esm',
      splitting: true,
      // Bundled CommonJS packages ask for node's own modules through `require`.
      banner: {
        js: "import{createRequire as makeRequire}from'node:module';const require=makeRequire(import.meta.url);",
      },
    }),
    build({ ...common(plugins), entryPoints: { child: CHILD.entry }, outdir, format: 'esm' }),
  ]);
  // The program comes last, and each file at once: who runs it at this moment meets the old one or the new one.
  put(join(outdir, 'LICENCES.txt'), licences(root, [program.metafile, parts.metafile, child.metafile]));
  put(join(outdir, 'child.d.ts'), (await Promise.all(CHILD.declared.map(declaration))).join('\n'));
  for (const { path, contents } of [...parts.outputFiles.reverse(), ...child.outputFiles, ...program.outputFiles])
    put(path, contents);
}

/** The declaration of one file whose types need no other file, which needs no program around it. */
async function declaration(path) {
  const { default: ts } = await import('typescript');
  const { outputText, diagnostics } = ts.transpileDeclaration(readFileSync(join(root, path), 'utf8'), {
    fileName: path,
    reportDiagnostics: true,
    compilerOptions: {
      isolatedDeclarations: true,
      declaration: true,
      target: ts.ScriptTarget.ES2023,
      removeComments: false,
    },
  });
  if (diagnostics?.length > 0) throw new Error(ts.formatDiagnostics(diagnostics, FORMAT));
  return outputText;
}

const FORMAT = { getCurrentDirectory: () => root, getCanonicalFileName: (name) => name, getNewLine: () => '\n' };

function put(path, contents) {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, contents, { mode: path.endsWith('.cjs') ? 0o755 : 0o644 });
  renameSync(temporary, path);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await bundle(undefined, { clean: process.argv.includes('--clean') });
}

// Brings a fresh clone to a state where the built command runs: packages, then the build; both only when stale.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const at = (...parts) => join(root, ...parts);

const run = (command, args) => {
  const done = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (done.status !== 0) {
    console.error(`setup: "${command} ${args.join(' ')}" failed`);
    process.exit(done.status ?? 1);
  }
};

const changedMs = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

const newestSourceMs = (folder) =>
  readdirSync(folder, { withFileTypes: true }).reduce((newest, entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return Math.max(newest, newestSourceMs(path));
    return /\.(ts|tsx|js|json|html|css)$/.test(entry.name) ? Math.max(newest, changedMs(path)) : newest;
  }, changedMs(folder));

if (changedMs(at('node_modules', '.package-lock.json')) < changedMs(at('package-lock.json'))) {
  run('npm', ['ci', '--no-audit', '--no-fund']);
}

const sources = ['engine', 'executor', 'scenarios', 'bench'].map((folder) => newestSourceMs(at(folder)));
const newest = Math.max(...sources, ...['cli.ts', 'tsconfig.json', 'package.json'].map((file) => changedMs(at(file))));
if (changedMs(at('dist', '.built')) < newest) {
  const startedAt = new Date();
  rmSync(at('dist'), { recursive: true, force: true });
  run('npm', ['run', '--silent', 'build']);
  chmodSync(at('dist', 'cli.js'), 0o755);
  // What changes while it builds is newer than the build.
  writeFileSync(at('dist', '.built'), '');
  utimesSync(at('dist', '.built'), startedAt, startedAt);
}

const command = at('node_modules', '.bin', 'muster');
if (!existsSync(command)) {
  mkdirSync(dirname(command), { recursive: true });
  rmSync(command, { force: true });
  symlinkSync('../../dist/cli.js', command);
}

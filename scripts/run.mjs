#!/usr/bin/env node
/**
 * What `npm start`, `npm test` and their kin call. Needs Node and npm only: brings the dependencies and the build up to
 * date, then hands over to packages/devstack.
 */
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lock } from './lock.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const CLI = join(ROOT, 'packages/devstack/dist/cli.js');
const INSTALLED = join(ROOT, 'node_modules/.agf-installed');
const RUN = join(ROOT, '.agf/run');
/** These act on what is there already, so they need no fresh build. */
const ACTS_ON_WHAT_RUNS = ['stop', 'reset', 'token'];

const say = (text) => process.stderr.write(`${text}\n`);
const [command = 'start', ...args] = process.argv.slice(2);

/** A home that cannot be written to (a service user's, a read-only one) is replaced by a folder under .agf. */
function usableEnv() {
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', npm_config_update_notifier: 'false' };
  try {
    const home = process.env.HOME ?? homedir();
    mkdirSync(home, { recursive: true });
    accessSync(home, constants.W_OK);
    env.HOME = home;
  } catch {
    env.HOME = join(ROOT, '.agf/cache/home');
    mkdirSync(env.HOME, { recursive: true });
    // npm hands its own settings on to its scripts
    env.npm_config_cache = join(env.HOME, '.npm');
    for (const name of ['XDG_CACHE_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME', 'XDG_CONFIG_HOME']) delete env[name];
  }
  return env;
}
const ENV = usableEnv();

/** Somebody asked this process to end. What runs may answer that with success: turbo does. */
let interrupted = false;

/** Runs a program in the repository; the terminal's Ctrl-C reaches it too, so this process only waits for its end. */
function run(program, programArgs, { onMessage } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = onMessage ? ['inherit', 'inherit', 'inherit', 'ipc'] : ['ignore', 2, 2];
    const child = spawn(program, programArgs, { cwd: ROOT, env: ENV, stdio });
    if (onMessage) child.on('message', onMessage);
    const note = () => {
      interrupted = true;
    };
    const pass = (signal) => {
      note();
      child.kill(signal);
    };
    process.on('SIGTERM', pass).on('SIGHUP', pass).on('SIGINT', note);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.off('SIGTERM', pass).off('SIGHUP', pass).off('SIGINT', note);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1));
    });
  });
}

const { packageManager } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/**
 * Puts this repository's version of pnpm on the PATH, whether the machine has one or not: turbo and the checks call it
 * by its name. npx finds or fetches it once; asking npx each time would cost a second.
 */
function putPnpmOnPath() {
  const bin = join(RUN, 'bin');
  ENV.PATH = [bin, ENV.PATH].join(delimiter);
  const shim = join(bin, 'pnpm');
  if (existsSync(shim) && readFileSync(shim, 'utf8').includes(`# ${packageManager}\n`) && works(shim)) return;
  const options = { cwd: ROOT, env: ENV, encoding: 'utf8', stdio: ['ignore', 'pipe', 2] };
  rmSync(shim, { force: true });
  const find = ['--yes', '--prefer-offline', `--package=${packageManager}`, '-c', 'command -v pnpm'];
  const pnpm = execFileSync('npx', find, options).trim();
  mkdirSync(bin, { recursive: true });
  writeFileSync(shim, `#!/bin/sh\n# ${packageManager}\nexec "${pnpm}" "$@"\n`, { mode: 0o755 });
}

/** What npx fetched may have been cleaned away since. */
const works = (shim) => existsSync(/exec "(.*)" "\$@"/.exec(readFileSync(shim, 'utf8'))?.[1] ?? '');

/** Everything that decides what is installed. */
const wanted = () => {
  const hash = createHash('sha256');
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json'])
    hash.update(readFileSync(join(ROOT, file)));
  return `${hash.digest('hex')} ${process.platform}-${process.arch}\n`;
};
const installed = () => existsSync(INSTALLED) && readFileSync(INSTALLED, 'utf8') === wanted();

async function install() {
  if (installed()) return;
  say('installing dependencies');
  rmSync(INSTALLED, { force: true });
  const code = await run('pnpm', ['install', '--frozen-lockfile', '--prefer-offline', '--reporter=append-only']);
  if (interrupted) fail(130, 'interrupted');
  if (code !== 0) fail(code, 'pnpm install failed');
  writeFileSync(INSTALLED, wanted());
}

async function build() {
  say('building');
  const turbo = join(ROOT, 'node_modules/.bin/turbo');
  const code = await run(turbo, ['run', 'build', '--output-logs=errors-only', '--log-prefix=task']);
  if (interrupted) fail(130, 'interrupted');
  if (code !== 0) fail(code, 'the build failed');
  if (!existsSync(CLI)) fail(1, 'the build ended early');
}

function fail(code, why) {
  say(why);
  release?.();
  // The last line of a test run says how it went, however it went.
  if (command === 'test') console.log('0 passed, 1 failed');
  process.exit(code);
}

let release;
const hold = async (name) => {
  release = await lock(join(RUN, `${name}.lock`), (pid) => say(`waiting for process ${pid}, which is at it already`));
};

if (!(ACTS_ON_WHAT_RUNS.includes(command) && existsSync(CLI))) {
  await hold('build');
  putPnpmOnPath();
  await install();
  await build();
  release();
}
// Two starts at once: the second waits until the first is ready, and then finds it running. Two tests: one after the other.
if (['start', 'dev', 'test', 'bench', 'campaign'].includes(command)) await hold(command === 'dev' ? 'start' : command);
process.exitCode = await run(process.execPath, ['--disable-warning=ExperimentalWarning', CLI, command, ...args], {
  onMessage: (message) => {
    if (message === 'ready') release?.();
  },
});
release?.();

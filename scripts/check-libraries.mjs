#!/usr/bin/env node
// The libraries the platform is built on must be used where they belong: each rule names files and what they must import.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const APPS = ['api-gateway', 'execution-worker', 'hitl-approval', 'circuit-breaker-monitor'];
const RULES = [
  ...APPS.map((app) => ({ library: '@nestjs/common', where: `apps/${app}/src` })),
  { library: 'class-validator', where: 'apps/api-gateway/src', each: /\.dto\.ts$/ },
  { library: 'class-validator', where: 'apps/hitl-approval/src', each: /\.dto\.ts$/ },
  { library: 'class-validator', where: 'apps/circuit-breaker-monitor/src', each: /\.dto\.ts$/ },
  { library: 'nestjs-pino', where: 'packages/platform/src' },
  { library: 'pg', where: 'packages/events/src' },
  { library: 'typeorm', where: 'packages/persistence/src' },
  { library: 'ioredis', where: 'packages/resilience/src' },
  { library: 'kafkajs', where: 'packages/events/src' },
  { library: '@nestjs/microservices', where: 'packages/events/src' },
  { library: '@nestjs/microservices', where: 'apps/circuit-breaker-monitor/src' },
  { library: '@temporalio/worker', where: 'packages/engine/src' },
  { library: '@langchain/langgraph', where: 'packages/engine/src/workflow' },
  { library: '@opentelemetry/api', where: 'packages/platform/src' },
];

const files = (dir) =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile() && e.name.endsWith('.ts'))
    .map((e) => path.join(e.parentPath, e.name));
const imports = (file, library) =>
  new RegExp(`from '${library.replace(/[/.]/g, '\\$&')}(/[^']*)?'`).test(readFileSync(file, 'utf8'));

const problems = [];
for (const { library, where, each } of RULES) {
  const all = files(where);
  if (each) {
    const matching = all.filter((f) => each.test(f));
    if (!matching.length) problems.push(`${where}: no file matches ${each}`);
    for (const f of matching) if (!imports(f, library)) problems.push(`${f} does not use ${library}`);
  } else if (!all.some((f) => imports(f, library))) problems.push(`${where} does not use ${library}`);
}
/** What is run, and what must be run by it. */
const { scripts, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const RUNS = [
  { tool: 'turbo', what: 'the script build', text: scripts.build, pattern: /^turbo run build\b/ },
  { tool: 'jest', what: 'the script jest', text: scripts.jest, pattern: /node_modules\/jest\/bin\/jest\.js/ },
  ...[
    ['turbo', 'scripts/run.mjs', /node_modules\/\.bin\/turbo/],
    ['jest', 'packages/devstack/src/test-run/run-jest.ts', /node_modules\/jest\/bin\/jest\.js/],
  ].map(([tool, file, pattern]) => ({ tool, what: file, text: readFileSync(file, 'utf8'), pattern })),
];
for (const { tool, what, text, pattern } of RUNS) {
  if (!devDependencies[tool]) problems.push(`package.json does not have ${tool}`);
  if (!pattern.test(text ?? '')) problems.push(`${what} does not run ${tool}`);
}
for (const p of problems) console.error(p);
process.exit(problems.length ? 1 : 0);

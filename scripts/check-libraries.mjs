#!/usr/bin/env node
// The libraries the platform is built on must be used where they belong: each rule names files and what they must import.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const APPS = ['api-gateway', 'execution-worker', 'hitl-approval', 'circuit-breaker-monitor'];
const RULES = [
  ...APPS.map((app) => ({ library: '@nestjs/common', where: `apps/${app}/src` })),
  { library: 'class-validator', where: 'apps/api-gateway/src', each: /\.dto\.ts$/ },
  { library: 'class-validator', where: 'apps/hitl-approval/src', each: /\.dto\.ts$/ },
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
const root = JSON.parse(readFileSync('package.json', 'utf8'));
for (const tool of ['turbo', 'jest'])
  if (!root.devDependencies[tool]) problems.push(`package.json does not use ${tool}`);
for (const p of problems) console.error(p);
process.exit(problems.length ? 1 : 0);

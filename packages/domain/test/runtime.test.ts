import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

/** What runtime.ts reaches at run time: own files and the packages they name. */
function graph(entry: string, files = new Map<string, string>(), packages = new Set<string>()) {
  if (files.has(entry)) return { files, packages };
  expect(existsSync(entry)).toBe(true);
  const source = readFileSync(entry, 'utf8');
  files.set(entry, source);
  for (const [statement, from] of source.matchAll(/^(?:import|export) [^;]*?from '([^']+)'/gm)) {
    if (/^(?:import|export) type /.test(statement)) continue;
    if (from!.startsWith('.')) graph(resolve(dirname(entry), from!.replace(/\.js$/, '.ts')), files, packages);
    else packages.add(from!);
  }
  return { files, packages };
}

describe('what the workflow sandbox loads', () => {
  const { files, packages } = graph(fileURLToPath(new URL('../src/runtime.ts', import.meta.url)));
  it('is these packages only: no zod, no graphology, nothing of Node', () =>
    expect([...packages].sort()).toEqual([
      '@marcbachmann/cel-js',
      '@marcbachmann/cel-js/evaluator',
      '@noble/hashes/sha2.js',
      '@noble/hashes/utils.js',
      'canonicalize',
      're2js',
    ]));
  it('makes no code, asks no clock, no chance, no process', () => {
    expect(files.size).toBeGreaterThan(30);
    const forbidden =
      /\beval\(|\bFunction\(|\brequire\(|Date\.now|new Date\(\)|Math\.random|setTimeout|setInterval|\bprocess\.|\bBuffer\b(?! nor)|globalThis|\bcrypto\b|performance/;
    for (const [file, source] of files) expect([file, forbidden.exec(source)?.[0]]).toEqual([file, undefined]);
  });
});

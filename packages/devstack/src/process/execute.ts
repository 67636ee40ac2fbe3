import { type ChildProcess, spawn } from 'node:child_process';
import { type Command } from './launch.js';

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill();
});

/**
 * Runs a program to its end; it does not outlive this process.
 * @returns what it printed
 * @throws Error with the end of its output when it fails
 */
export async function execute({ program, args, ...options }: Command, input = ''): Promise<string> {
  const child = spawn(program, args, { env: process.env, ...options, stdio: ['pipe', 'pipe', 'pipe'] });
  running.add(child);
  let output = '';
  const keep = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  // A program that ends without reading its input is no failure of ours.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (code === 0) return output;
    throw new Error(`${program} ${args.join(' ')} ended with ${String(code)}\n${output.slice(-2000)}`);
  } finally {
    running.delete(child);
  }
}

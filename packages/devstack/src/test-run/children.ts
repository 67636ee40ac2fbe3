import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';

/** Programs of a test run: an interrupted one ends them all. */
export class Children {
  private readonly running = new Set<ChildProcess>();

  /** @returns its exit code, and what it printed when `capture` was asked for */
  run(
    program: string,
    args: string[],
    { capture = false, ...options }: SpawnOptions & { capture?: boolean } = {},
  ): Promise<{ code: number; output: string }> {
    const child = spawn(program, args, { ...options, stdio: ['ignore', capture ? 'pipe' : 'inherit', 'inherit'] });
    this.running.add(child);
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => {
        this.running.delete(child);
        resolve({ code: code ?? 1, output });
      });
    });
  }

  end(): void {
    for (const child of this.running) child.kill('SIGTERM');
  }
}

import { type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Its URL, from the line that every app logs; then the rest is read and dropped. */
export async function listening(app: ChildProcess): Promise<string> {
  let said = '';
  app.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
  for await (const line of createInterface({ input: app.stdout! })) {
    said += `${line}\n`;
    const entry = parse(line);
    if (entry.message === 'listening' && entry.url) {
      app.stdout!.resume();
      return entry.url;
    }
  }
  throw new Error(`the gateway ended: ${said}`);
}

function parse(line: string): { message?: string; url?: string } {
  try {
    return JSON.parse(line) as { message?: string; url?: string };
  } catch {
    return {};
  }
}

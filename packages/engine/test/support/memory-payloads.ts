import { randomUUID } from 'node:crypto';
import type { LargePayloads } from '../../src/worker/large-payloads.js';

/** Large values in memory, by tenant. */
export class MemoryPayloads implements LargePayloads {
  readonly stored: { tenant: string; execution: string | null; bytes: number }[] = [];
  private readonly contents = new Map<string, Uint8Array>();

  async put(tenant: string, execution: string | null, contents: readonly Uint8Array[]): Promise<string[]> {
    return contents.map((content) => {
      const id = randomUUID();
      this.contents.set(`${tenant}/${id}`, content);
      this.stored.push({ tenant, execution, bytes: content.length });
      return id;
    });
  }

  async get(tenant: string, ids: readonly string[]): Promise<Uint8Array[]> {
    return ids.map((id) => {
      const content = this.contents.get(`${tenant}/${id}`);
      if (!content) throw new Error(`no payload ${id} of ${tenant}`);
      return content;
    });
  }
}

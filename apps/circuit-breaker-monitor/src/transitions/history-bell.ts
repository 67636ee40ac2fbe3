import { Injectable } from '@nestjs/common';

/**
 * Tells who follows a tenant's history in this process that it may have grown. Every monitor reads every tenant's
 * stream, so each rings its own; what it misses costs delay, followers look from time to time.
 */
@Injectable()
export class HistoryBell {
  private readonly listeners = new Map<string, Set<() => void>>();

  ring(tenantId: string): void {
    for (const listener of this.listeners.get(tenantId) ?? []) listener();
  }

  /** @returns ends it */
  onRing(tenantId: string, listener: () => void): () => void {
    const ours = this.listeners.get(tenantId) ?? new Set();
    this.listeners.set(tenantId, ours.add(listener));
    return () => {
      ours.delete(listener);
      if (ours.size === 0 && this.listeners.get(tenantId) === ours) this.listeners.delete(tenantId);
    };
  }
}

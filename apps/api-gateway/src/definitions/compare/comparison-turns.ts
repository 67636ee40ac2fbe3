import { ApiError } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { ComparisonLimits } from './comparison-limits.js';

/**
 * Whose turn it is to compare: a tenant has one request at a time, and of all tenants' one execution is read and compared
 * at a time. Whoever had its turn stands in line again for the next one.
 */
@Injectable()
export class ComparisonTurns {
  private readonly tenants = new Set<string>();
  private readonly line = new Set<() => void>();
  private taken = false;

  constructor(private readonly limits: ComparisonLimits) {}

  /** @throws ApiError RATE_LIMIT_EXCEEDED, SERVICE_UNAVAILABLE */
  async ofTenant<T>(tenantId: string, body: () => Promise<T>): Promise<T> {
    if (this.tenants.has(tenantId))
      throw new ApiError('RATE_LIMIT_EXCEEDED', 'Another comparison is under way.', { retry_after_seconds: 5 });
    if (this.tenants.size >= this.limits.tenants)
      throw new ApiError('SERVICE_UNAVAILABLE', 'Too many comparisons are under way.', { retry_after_seconds: 5 });
    this.tenants.add(tenantId);
    try {
      return await body();
    } finally {
      this.tenants.delete(tenantId);
    }
  }

  /** @returns null: the turn did not come in time */
  async take<T>(withinMs: number, body: () => Promise<T>): Promise<T | null> {
    if (withinMs <= 0 || !(await this.came(withinMs))) return null;
    try {
      return await body();
    } finally {
      this.next();
    }
  }

  private async came(withinMs: number): Promise<boolean> {
    if (!this.taken) return (this.taken = true);
    return new Promise((resolve) => {
      const begin = (): void => {
        clearTimeout(late);
        resolve(true);
      };
      const late = setTimeout(() => {
        this.line.delete(begin);
        resolve(false);
      }, withinMs);
      this.line.add(begin);
    });
  }

  private next(): void {
    const [first] = this.line;
    if (!first) {
      this.taken = false;
      return;
    }
    this.line.delete(first);
    first();
  }
}

import { Injectable } from '@nestjs/common';
import { TenantDb } from '../tenant/tenant-db.js';
import { PATHS } from './family.sql.js';

/** An execution on the way from a root down to one of its descendants. */
export interface PathStep {
  execution_id: string;
  workflow_id: string;
  workflow_name: string;
  /** the visit that leads down to the next one; null at the end of the way */
  node: string | null;
  visit: number | null;
}

/** Executions and those above them. Every method needs an open tenant scope. */
@Injectable()
export class FamiliesRepository {
  constructor(private readonly db: TenantDb) {}

  /** By execution: the way to it, the root first, itself last. One that is not there has none. */
  async pathsTo(executionIds: readonly string[]): Promise<Map<string, PathStep[]>> {
    const paths = new Map<string, PathStep[]>();
    if (executionIds.length === 0) return paths;
    const rows = await this.db.em.query<(PathStep & { of: string })[]>(PATHS, [[...new Set(executionIds)]]);
    for (const { of, ...step } of rows) paths.set(of, [...(paths.get(of) ?? []), step]);
    return paths;
  }
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testStack } from '@aumos/agf-testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { provideWarehouse, type Warehouse } from '../src/provision/warehouse.js';
import { rowsIn } from '../src/main-job/warehouse-rows.js';
import { Secrets } from '../src/state/secrets.js';

const folder = mkdtempSync(join(tmpdir(), 'agf-warehouse-'));
const secrets = new Secrets(join(folder, 'secrets.json'));
let warehouse: Warehouse;

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  warehouse = await provideWarehouse(testStack().postgres, secrets);
});
afterAll(async () => {
  await query(testStack().postgres, 'drop database warehouse with (force)');
  for (const role of ['warehouse_acme', 'warehouse_globex']) await query(testStack().postgres, `drop role ${role}`);
  rmSync(folder, { recursive: true });
});

describe("the tenants' warehouse", () => {
  it('gives each tenant a schema that its tables go to by themselves', async () => {
    await query(warehouse.tenants.acme, 'create table cars (name text)');
    await query(warehouse.tenants.acme, `insert into cars values ('rebel sst'), ('torino')`);
    expect(await rowsIn(warehouse.admin, 'acme', 'cars')).toBe(2);
    expect(await rowsIn(warehouse.admin, 'globex', 'cars')).toBe(0);
  });

  it('shows a tenant nothing of another, nor the public schema', async () => {
    await expect(query(warehouse.tenants.globex, 'select * from acme.cars')).rejects.toThrow('permission denied');
    await expect(query(warehouse.tenants.globex, 'create table acme.mine (n int)')).rejects.toThrow(
      'permission denied',
    );
    await expect(query(warehouse.tenants.globex, 'create table public.mine (n int)')).rejects.toThrow(
      'permission denied',
    );
  });

  it('is made once: again, nothing is lost', async () => {
    expect(await provideWarehouse(testStack().postgres, secrets)).toEqual(warehouse);
    expect(await rowsIn(warehouse.admin, 'acme', 'cars')).toBe(2);
  });
});

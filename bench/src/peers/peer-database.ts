import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { testStack } from '@aumos/agf-testing';
import pg from 'pg';

/** A database of a peer's own, on the server that the platform uses. */
export interface PeerDatabase {
  url: string;
  drop(): Promise<void>;
}

async function asAdministrator(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: testStack().postgres });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

const SESSIONS_END_MS = 10_000;
const LOOK_MS = 50;
const IN_USE = '55006';

/** Without force: a pool whose last sessions are still ending would tell of it in an error that nobody hears. */
async function dropped(name: string): Promise<void> {
  const until = Date.now() + SESSIONS_END_MS;
  for (;;)
    try {
      return await asAdministrator(`drop database ${name}`);
    } catch (error) {
      if ((error as pg.DatabaseError).code !== IN_USE || Date.now() > until) throw error;
      await sleep(LOOK_MS);
    }
}

export async function peerDatabase(peer: string): Promise<PeerDatabase> {
  const name = `bench_${peer}_${randomUUID().slice(0, 8)}`;
  await asAdministrator(`create database ${name}`);
  const url = new URL(testStack().postgres);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => dropped(name) };
}

#!/usr/bin/env node
/** The command that Kubernetes jobs and local stacks run: AUMOS_AGF_MIGRATION_DATABASE_URL names owner and database. */
import { migrate } from './migrations/migrate.js';

const VARIABLE = 'AUMOS_AGF_MIGRATION_DATABASE_URL';
const url = process.env[VARIABLE];
if (!url) {
  process.stderr.write(`${VARIABLE} is not set\n`);
  process.exit(2);
}
const applied = await migrate(url);
process.stdout.write(applied.length > 0 ? `applied ${applied.join(', ')}\n` : 'nothing to migrate\n');

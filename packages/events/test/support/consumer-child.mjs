// A consumer whose handler writes its effect and then hangs; says so. Argument: JSON of {databaseUrl, …its options}.
import { createDataSource, InboxRepository, TenantDb } from '@aumos/agf-persistence';
import { ReliableKafkaServer, TenantInbox } from '../../dist/index.js';

const { databaseUrl, eventType, effect, ...options } = JSON.parse(process.argv[2]);
const tenants = new TenantDb(await createDataSource(databaseUrl, { applicationName: 'consumer-child' }));
const inbox = new TenantInbox(tenants, new InboxRepository(tenants));
const server = new ReliableKafkaServer({ ...options, inbox, onWedged: () => process.exit(70) });
server.addHandler(
  eventType,
  async (event) => {
    await tenants.em.query(effect, [event.tenant_id, event.event_id, 'child']);
    process.send('handling');
    await new Promise(() => undefined);
  },
  true,
);
await server.listen(() => undefined);

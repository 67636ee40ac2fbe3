import { type Nudges } from './nudges.js';
import { type RecordSender } from './record-sender.js';

export interface OutboxRelayOptions {
  /** of the role agf_relay, which sees the outbox of all tenants and nothing else */
  databaseUrl: string;
  brokers: string[];
  /** the app's name */
  clientId: string;
  topicPrefix?: string;
  /** without: the poll alone */
  nudges?: Nudges;
  /** default 2000 */
  pollMs?: number;
  /** default 200 */
  batchSize?: number;
  /** loops side by side, each over its part of the 16 shards; default 2 */
  lanes?: number;
  /** default 5000: how long an uncertain send is left alone before it is looked up on Kafka */
  settleMs?: number;
  /** default 60000: without progress for so long, `onWedged` is called */
  wedgedAfterMs?: number;
  /** Called once; the app ends its process with code 70, and Kubernetes starts it again. */
  onWedged(this: void, why: string): void;
  /** default: kafkajs. Tests put a crash behind a send. */
  sender?: RecordSender;
}

import { type Inbox } from './inbox.js';

export interface ReliableKafkaOptions {
  brokers: string[];
  /** the app's name */
  clientId: string;
  /** the consumer group: what one of its members has handled, none handles again */
  groupId: string;
  topicPrefix?: string;
  /** of topics that have to be made; default 1 */
  replicationFactor?: number;
  inbox: Inbox;
  /** repetitions after a failure, then the dead letters; default 4. A service being away does not count. */
  retries?: number;
  /** before the first repetition, doubled each time, at most 5 s; default 200 */
  backoffMs?: number;
  /** default 30000 */
  handlerTimeoutMs?: number;
  /** default 30000: a member that died is missed after this */
  sessionTimeoutMs?: number;
  /** partitions worked on at once; default 4 */
  concurrency?: number;
  /** default 120000 */
  wedgedAfterMs?: number;
  /** Called once; the app ends its process with code 70, and Kubernetes starts it again. */
  onWedged(this: void, why: string): void;
}

export const withDefaults = (o: ReliableKafkaOptions): Required<ReliableKafkaOptions> => ({
  topicPrefix: '',
  replicationFactor: 1,
  retries: 4,
  backoffMs: 200,
  handlerTimeoutMs: 30_000,
  sessionTimeoutMs: 30_000,
  concurrency: 4,
  wedgedAfterMs: 120_000,
  ...o,
});

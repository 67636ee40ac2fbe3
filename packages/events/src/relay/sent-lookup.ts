import { randomUUID } from 'node:crypto';
import { Kafka, logLevel, type Admin, type EachBatchPayload } from 'kafkajs';
import { headerText } from '../contract/headers.js';
import { withDeadline } from '../watchdog/with-deadline.js';

/** Which of some events are on Kafka already: what a relay asks when it does not know how a send ended. */
export abstract class SentLookup {
  /**
   * @param sinceMs records of an earlier time are not looked at
   * @returns the ids that were found
   * @throws when the topics could not be read to their ends
   */
  abstract find(eventIds: ReadonlySet<string>, topics: readonly string[], sinceMs: number): Promise<Set<string>>;
}

/** Longer than the three seconds a broker by default waits for more members of a new group. */
const LOOKUP_DEADLINE_MS = 8_000;
/** A topic that bears the broker's time instead of ours may differ by the clocks. */
const CLOCK_MARGIN_MS = 60_000;

/** A stretch of a partition: from (inclusive) to (exclusive). */
interface Stretch {
  topic: string;
  partition: number;
  next: bigint;
  end: bigint;
}

/** Reads the topics' tails with a consumer of its own (group `agf-relay-lookup-…`), which commits nothing. */
export class KafkaSentLookup extends SentLookup {
  private readonly kafka: Kafka;

  constructor(brokers: string[], clientId: string) {
    super();
    this.kafka = new Kafka({ clientId, brokers, logLevel: logLevel.NOTHING, requestTimeout: 6_000 });
  }

  async find(eventIds: ReadonlySet<string>, topics: readonly string[], sinceMs: number): Promise<Set<string>> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      const stretches = await Promise.all(topics.map((topic) => tailOf(admin, topic, sinceMs - CLOCK_MARGIN_MS)));
      const toRead = stretches.flat().filter(({ next, end }) => next < end);
      return toRead.length === 0 ? new Set() : await this.read(admin, toRead, eventIds);
    } finally {
      await admin.disconnect();
    }
  }

  private async read(admin: Admin, stretches: Stretch[], eventIds: ReadonlySet<string>): Promise<Set<string>> {
    const groupId = `agf-relay-lookup-${randomUUID()}`;
    const consumer = this.kafka.consumer({ groupId, maxWaitTimeInMs: 100, allowAutoTopicCreation: false });
    const found = new Set<string>();
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [...new Set(stretches.map(({ topic }) => topic))], fromBeginning: false });
      const reading = new Promise<void>((resolve, reject) => {
        const eachBatch = async (payload: EachBatchPayload): Promise<void> => {
          take(payload, stretches, eventIds, found);
          if (stretches.every(({ next, end }) => next >= end)) resolve();
        };
        const seek = ({ topic, partition, next }: Stretch): void =>
          consumer.seek({ topic, partition, offset: String(next) });
        consumer
          .run({ autoCommit: false, eachBatch })
          .then(() => stretches.forEach(seek))
          .catch(reject);
      });
      await withDeadline(reading, LOOKUP_DEADLINE_MS, 'reading back what was sent');
      return found;
    } finally {
      await consumer.disconnect();
      await admin.deleteGroups([groupId]).catch(() => undefined);
    }
  }
}

async function tailOf(admin: Admin, topic: string, sinceMs: number): Promise<Stretch[]> {
  const starts = await admin.fetchTopicOffsetsByTimestamp(topic, sinceMs);
  const ends = await admin.fetchTopicOffsets(topic);
  return ends.map(({ partition, high }) => {
    const start = starts.find((one) => one.partition === partition)?.offset ?? high;
    return { topic, partition, next: BigInt(start), end: BigInt(high) };
  });
}

function take(
  { batch }: EachBatchPayload,
  stretches: Stretch[],
  eventIds: ReadonlySet<string>,
  found: Set<string>,
): void {
  const stretch = stretches.find(({ topic, partition }) => topic === batch.topic && partition === batch.partition);
  // What was fetched before the seek took effect leaves a hole: it does not count.
  if (!stretch || BigInt(batch.firstOffset() ?? 0) > stretch.next) return;
  for (const message of batch.messages) {
    const id = headerText(message.headers, 'ce_id');
    if (eventIds.has(id)) found.add(id);
  }
  const after = BigInt(batch.lastOffset()) + 1n;
  if (after > stretch.next) stretch.next = after;
}

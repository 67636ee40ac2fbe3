import { KafkaRecordSender, type KafkaRecord, RecordSender } from '../../src/index.js';

/** Sends for real, and every other time tells nobody: before the send, after it, or after half of it. */
export class FlakySender extends RecordSender {
  private readonly real: KafkaRecordSender;
  sends = 0;

  constructor(brokers: string[]) {
    super();
    this.real = new KafkaRecordSender(brokers, 'flaky');
  }

  ready(): Promise<void> {
    return this.real.ready();
  }

  async send(records: readonly KafkaRecord[], timestamp: string): Promise<void> {
    const turn = this.sends++ % 6;
    if (turn === 1) throw new Error('lost before the send');
    if (turn === 3) await this.real.send(records.slice(0, Math.ceil(records.length / 2)), timestamp);
    else await this.real.send(records, timestamp);
    if (turn === 3 || turn === 5) throw new Error('lost after the send');
  }

  close(): Promise<void> {
    return this.real.close();
  }
}

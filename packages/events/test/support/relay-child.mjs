// A relay that dies at its first send. Arguments: JSON of the relay's options and {die: 'before' | 'after'}.
import { KafkaRecordSender, OutboxRelay, RecordSender } from '../../dist/index.js';

const { die, ...options } = JSON.parse(process.argv[2]);
const dieNow = () => process.kill(process.pid, 'SIGKILL');

class DyingSender extends RecordSender {
  real = new KafkaRecordSender(options.brokers, options.clientId);
  ready() {
    return this.real.ready();
  }
  async send(records, timestamp) {
    if (die === 'before') return dieNow();
    await this.real.send(records, timestamp);
    dieNow();
  }
  close() {
    return this.real.close();
  }
}

new OutboxRelay({ ...options, sender: new DyingSender(), onWedged: () => process.exit(70) }).start();

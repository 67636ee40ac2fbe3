import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { execute } from '../../process/execute.js';
import { kafkaIsHealthy } from '../health/kafka.js';
import { type Service } from '../service.js';
import { JAVA_FLAGS, classArchiveFlags, keepClassArchive } from './java.js';
import { findJava, installedKafka, kafkaFromMaven } from './programs.js';
import { kafkaProperties } from './settings.js';

/** In a fixed order: the class archive is bound to it. */
const classPath = (jars: string): string =>
  readdirSync(jars)
    .filter((name) => name.endsWith('.jar'))
    .sort()
    .map((name) => join(jars, name))
    .join(delimiter);

export const kafka: Service = {
  name: 'kafka',
  variable: 'AGF_KAFKA_BROKERS',
  ports: ['kafka', 'kafka_controller'],
  politely: 'SIGTERM',
  healthy: kafkaIsHealthy,
  advice: 'install Java ≥ 17 with Kafka ≥ 3.7 (KAFKA_HOME), or with Maven to download it',
  installed: installedKafka,
  registry: kafkaFromMaven,

  async command(around, { path: jars }) {
    const { places } = around;
    const program = await findJava();
    const data = join(places.data, 'kafka');
    const properties = join(places.run, 'kafka.properties');
    // Its tool takes a dash in front for an option.
    const cluster = randomBytes(16).toString('base64url').replace(/^-/, '0');
    mkdirSync(data, { recursive: true });
    mkdirSync(places.run, { recursive: true });
    writeFileSync(properties, kafkaProperties(around));
    const java = [...JAVA_FLAGS, '-cp', classPath(jars)];
    if (!existsSync(join(data, 'meta.properties'))) {
      const format = ['kafka.tools.StorageTool', 'format', '-t', cluster, '-c', properties];
      await execute({ program, args: [...java, ...format] });
    }
    return { program, args: [...classArchiveFlags(places, jars), ...java, 'kafka.Kafka', properties] };
  },

  ended: ({ places }, { path }) => {
    keepClassArchive(places, path);
  },
};

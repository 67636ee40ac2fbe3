import { existsSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execute } from '../../process/execute.js';
import { findProgram } from '../../process/find-program.js';
import { cachedFolder } from '../registry/folder.js';
import { type Installation, type Surroundings } from '../service.js';
import { isAtLeast, versionIn } from '../version.js';

const VERSION = '4.3.1';
const SLF4J = '1.7.36';
const LEAST = [3, 7];
const LEAST_JAVA = [17];

/**
 * @returns Java's program
 * @throws when there is none, or it is too old
 */
export async function findJava(): Promise<string> {
  const home = process.env['JAVA_HOME'];
  const program =
    (home && existsSync(join(home, 'bin/java')) ? join(home, 'bin/java') : undefined) ?? findProgram('java');
  if (!program) throw new Error('there is no java');
  const version = versionIn(await execute({ program, args: ['-version'] }));
  if (!isAtLeast(version, LEAST_JAVA))
    throw new Error(`${program} is ${version.join('.')}, below ${LEAST_JAVA.join('.')}`);
  return program;
}

/** @returns a Kafka distribution of this machine: KAFKA_HOME, or where its start script lies */
export async function installedKafka(): Promise<Installation | string> {
  const script = findProgram('kafka-server-start.sh') ?? findProgram('kafka-server-start');
  const home = process.env['KAFKA_HOME'] ?? (script && dirname(dirname(realpathSync(script))));
  if (!home) return 'neither KAFKA_HOME is set nor kafka-server-start.sh on the PATH';
  const libs = [join(home, 'libs'), join(home, 'libexec/libs')].find((folder) => existsSync(folder));
  const jar = libs && readdirSync(libs).find((name) => /^kafka_2\.13-[\d.]+\.jar$/.test(name));
  if (!libs || !jar) return `${home} has no Kafka in libs`;
  const version = versionIn(jar.replace('kafka_2.13', ''));
  if (!isAtLeast(version, LEAST)) return `${home} is ${version.join('.')}, below ${LEAST.join('.')}`;
  await findJava();
  return { title: `${home} ${version.join('.')}`, path: libs };
}

const dependency = (group: string, artifact: string, version: string): string =>
  `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;

const PROJECT = `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>local</groupId><artifactId>kafka</artifactId><version>1</version><packaging>pom</packaging><dependencies>
${dependency('org.apache.kafka', 'kafka_2.13', VERSION)}
${dependency('org.slf4j', 'slf4j-simple', SLF4J)}
</dependencies></project>`;
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

/** Kafka's jars from Maven Central; Maven's own repository is thrown away again. */
export async function kafkaFromMaven({ places, report }: Surroundings): Promise<Installation> {
  await findJava();
  const maven = findProgram('mvn');
  const folder = join(places.cache, `kafka-${VERSION}`);
  if (!maven && !existsSync(folder)) throw new Error('there is no mvn to download with');
  const path = await cachedFolder(folder, async (aside) => {
    report('kafka', `downloading (kafka_2.13 ${VERSION} of Maven Central)`);
    writeFileSync(join(aside, 'pom.xml'), PROJECT);
    const repository = join(aside, 'repository');
    const settings = [`-Dmaven.repo.local=${repository}`, '-DincludeScope=runtime', `-DoutputDirectory=${aside}`];
    await execute({
      program: maven ?? 'mvn',
      args: ['-B', '-q', '-ntp', '-f', join(aside, 'pom.xml'), COPY, ...settings],
    });
    rmSync(repository, { recursive: true, force: true });
  });
  return { title: `kafka_2.13 ${VERSION} of Maven Central`, path };
}

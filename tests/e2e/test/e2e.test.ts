import { afterAll, beforeAll, describe, jest } from '@jest/globals';
import { approvals } from './scenarios/approvals.js';
import { artifacts } from './scenarios/artifacts.js';
import { badInput } from './scenarios/bad-input.js';
import { breakers } from './scenarios/breakers.js';
import { definitions } from './scenarios/definitions.js';
import { isolation } from './scenarios/isolation.js';
import { mainPath } from './scenarios/main-path.js';
import { privileges } from './scenarios/privileges.js';
import { cancelling, idempotency, quota } from './scenarios/starts.js';
import { theWhole } from './scenarios/the-whole.js';
import { closeSystem, openSystem } from './system.js';

jest.setTimeout(90_000);
beforeAll(openSystem, 150_000);
afterAll(closeSystem, 90_000);

describe('the main path', mainPath);
describe('an approval', approvals);
describe('privileges', privileges);
describe('an Idempotency-Key', idempotency);
describe('the quota', quota);
describe('cancelling', cancelling);
describe('the other tenant', isolation);
describe('a breaker', breakers);
describe('a definition', definitions);
describe('artifacts', artifacts);
describe('bad input', badInput);
describe('the whole', theWhole);

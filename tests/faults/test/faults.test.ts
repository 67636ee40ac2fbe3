import { afterAll, beforeAll, describe, jest } from '@jest/globals';
import { agents } from './scenarios/agents.js';
import { alone } from './scenarios/alone.js';
import { kills } from './scenarios/kills.js';
import { loads } from './scenarios/loads.js';
import { redisAway } from './scenarios/redis-away.js';
import { theWhole } from './scenarios/the-whole.js';
import { closeSystem, openSystem, startApps } from './system.js';

jest.setTimeout(120_000);
beforeAll(() => openSystem('faults'), 150_000);
afterAll(closeSystem, 90_000);

// The order matters: at first no app runs, and the oracle looks back at everything.
describe('alone', alone);

describe('together', () => {
  beforeAll(startApps, 120_000);

  describe('a load', loads);
  describe('a kill', kills);
  describe('an agent', agents);
  describe('Redis that is away', redisAway);

  describe('the whole', theWhole);
});

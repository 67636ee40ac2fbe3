import { afterAll, beforeAll, describe, jest } from '@jest/globals';
import { mainPath } from './scenarios/main-path.js';
import { closeSystem, openSystem } from './system.js';

jest.setTimeout(90_000);
beforeAll(openSystem, 150_000);
afterAll(closeSystem, 90_000);

describe('the main path', mainPath);

import { defineHandler } from '@aumos/agf-node-worker';

const any = defineHandler({ run: () => null });

export const handlers = { 'no name': any, double: any, plain: () => null };

export * from './gen/aumos/events/v1/agent_framework_pb.js';
export * from './contract/registry.js';
export * from './contract/errors.js';
export * from './contract/received-event.js';
export * from './contract/encode-event.js';
export * from './contract/decode-event.js';

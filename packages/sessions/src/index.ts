export { AgentSession, type Compared } from './agent-session.js';
export { AgentSessions, type SessionOptions } from './agent-sessions.js';
export { DEFAULT_LIMITS, type SessionLimits } from './limits.js';
export { SessionsModule, type SessionsModuleOptions } from './nest/sessions.module.js';
export { type SessionInfo } from './session-info.convert.js';
export { isSessionId, type PrivateSession, type SessionOf, type SharedSession } from './session-ref.js';
export { tenantAclRules } from './tenant-acl.js';
export { type CipherContext, type ValueCipher } from './values/value-cipher.js';
export { type Entry } from './values/value-text.js';

/** What a service can have injected from the platform, beside the classes. */
export const CONFIG = Symbol('config');
export const POOL = Symbol('pool');

import { config } from 'zod';

/** Before any schema exists: zod would otherwise try `new Function`, which the content security policy forbids. */
config({ jitless: true });

import { parentPort, workerData } from 'node:worker_threads';
import Fastify from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { createPool } from '../store/pool.ts';
import { createStore } from '../store/store.ts';
import { silent, testRedactor } from '../store/testing.ts';
import { type ApiOptions, typed } from './context.ts';
import { auditRoutes } from './routes/audit.ts';

/** Body of a thread with little memory that serves the entries of a database. `workerData`: its address; answers its own. */
const pool = await createPool(workerData as string, silent, 2);
const store = createStore({ pool, redact: testRedactor, now: () => new Date(), log: silent, sinks: [] });
const api = Fastify();
api.setValidatorCompiler(validatorCompiler);
api.setSerializerCompiler(serializerCompiler);
auditRoutes(typed(api), { store } as ApiOptions);
parentPort?.postMessage(await api.listen({ host: '127.0.0.1', port: 0 }));

export { createGrowingRedactor } from './growing.ts';
export { createRedactor } from './redactor.ts';

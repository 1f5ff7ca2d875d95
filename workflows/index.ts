/** Entry point of the workflow bundle: every workflow type, nothing else. */
export { change } from './change.ts';
export { incident } from './incident.ts';
export { investigation } from './investigation.ts';
export { look } from './look.ts';
export { question } from './question.ts';
export { read } from './read.ts';

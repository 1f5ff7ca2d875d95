import type { Json } from '../types.ts';
import type { Workspace } from '../workspace.ts';

/** One Web API method: arguments in, the answer without `ok` out. Refuses by throwing SlackRefusal. */
export type Method = (workspace: Workspace, args: Json) => Json;

export type MethodTable = Readonly<Record<string, Method>>;

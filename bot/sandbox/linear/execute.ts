import { readFileSync } from 'node:fs';
import { buildSchema, type DocumentNode, type ExecutionResult, execute, GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import { completingResolver } from './complete.ts';
import { mutations, type OnChange } from './mutations.ts';
import { createPresenter } from './present.ts';
import { queries } from './queries.ts';
import type { LinearWorkspace } from './workspace.ts';

export interface Executed {
  readonly result: ExecutionResult;
  /** Id of what was created or changed. */
  readonly effect: string | null;
}

export interface Executor {
  /** The root field that names the call, e.g. `issueCreate`; null when the text is no GraphQL document. */
  operation(query: string): string | null;
  execute(query: string, variables: Readonly<Record<string, unknown>>): Promise<Executed>;
}

export function loadSchema(): GraphQLSchema {
  return buildSchema(readFileSync(new URL('./schema.graphql', import.meta.url), 'utf8'));
}

function parsed(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query);
  } catch (error) {
    return error instanceof GraphQLError ? error : new GraphQLError('The document could not be read.');
  }
}

export function createExecutor(workspace: LinearWorkspace, onChange: OnChange): Executor {
  const schema = loadSchema();
  const present = createPresenter(workspace);
  return {
    operation: (query) => {
      const document = parsed(query);
      if (document instanceof GraphQLError) return null;
      const definition = document.definitions.find((one) => one.kind === 'OperationDefinition');
      const field = definition?.selectionSet.selections.find((one) => one.kind === 'Field');
      return field?.name.value ?? null;
    },
    execute: async (query, variables) => {
      const document = parsed(query);
      const errors = document instanceof GraphQLError ? [document] : validate(schema, document);
      if (document instanceof GraphQLError || errors.length > 0) return { result: { errors: errors.map(asValidationError) }, effect: null };
      let effect: string | null = null;
      const rootValue = { ...queries(workspace, present), ...mutations(workspace, (id) => (effect = id), onChange) };
      const result = await execute({ schema, document, rootValue, variableValues: variables, fieldResolver: completingResolver });
      return { result, effect };
    },
  };
}

function asValidationError(error: GraphQLError): GraphQLError {
  return new GraphQLError(error.message, { extensions: { type: 'graphql error', code: 'GRAPHQL_VALIDATION_FAILED', userError: true } });
}

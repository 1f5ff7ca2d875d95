import { GraphQLError } from 'graphql';

/** A refusal in Linear's shape. */
export function refusal(message: string, type: string, code: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type, code, statusCode: 400, userError: true, userPresentableMessage: message } });
}

export function invalidInput(message: string): GraphQLError {
  return refusal(message, 'invalid input', 'INVALID_INPUT');
}

export function notFound(what: string): GraphQLError {
  return refusal(`Entity not found: ${what} - Could not find referenced ${what}.`, 'invalid input', 'INPUT_ERROR');
}

import {
  defaultFieldResolver,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  isEnumType,
  isListType,
  isNonNullType,
  isScalarType,
} from 'graphql';

const epoch = '2026-01-01T00:00:00.000Z';
const neutral: Readonly<Record<string, unknown>> = {
  Boolean: false,
  Float: 0,
  Int: 0,
  String: '',
  ID: '',
  DateTime: epoch,
  JSON: {},
  JSONObject: {},
};

function neutralValue(type: GraphQLOutputType): unknown {
  if (!isNonNullType(type)) return null;
  const inner = type.ofType;
  if (isListType(inner)) return [];
  if (isScalarType(inner)) return neutral[inner.name];
  if (isEnumType(inner)) return inner.getValues()[0]?.value;
  return {};
}

/** Answers what is kept; a field that is not kept gets the neutral value of its type, because clients dereference every field that they select. */
export const completingResolver: GraphQLFieldResolver<unknown, unknown> = (source, args, context, info) => {
  const value: unknown = defaultFieldResolver(source, args, context, info);
  return value === undefined ? neutralValue(info.returnType) : value;
};

import type { Program } from '../system.ts';
import { awsEnvironment } from './environment.ts';

/** In the words of `An error occurred (CODE) when calling the OPERATION operation`. */
const code = (pattern: string) => new RegExp(`\\((?:[A-Za-z]+\\.)*(?:${pattern})\\) when calling`);

export const program: Program = {
  name: 'aws',
  version: ['--version'],
  // The first that takes an endpoint from its environment, and can be told to take none from a file.
  oldest: '1.29.0',
  environment: awsEnvironment,
  isDryRun: ([service, , ...flags]) => service === 'ec2' && flags.includes('--dry-run'),
  failures: [
    [
      code(
        'Throttl[A-Za-z]*|RequestThrottled(Exception)?|RequestLimitExceeded|TooManyRequests(Exception)?|SlowDown|BandwidthLimitExceeded|ProvisionedThroughputExceeded(Exception)?|LimitExceeded(Exception)?',
      ),
      'throttled',
    ],
    [
      code(
        'Expired[A-Za-z]*|RequestExpired|AccessDenied(Exception)?|AuthFailure|AuthorizationError(Exception)?|Unauthorized[A-Za-z]*|NotAuthorized(Exception)?|InvalidClientTokenId|InvalidAccessKeyId|UnrecognizedClient(Exception)?|SignatureDoesNotMatch|InvalidSignature(Exception)?|InvalidIdentityToken|OptInRequired|SubscriptionRequired(Exception)?|403',
      ),
      'forbidden',
    ],
    [
      code('[A-Za-z.]*NotFound[A-Za-z]*|NoSuch[A-Za-z]+|NonExistentQueue|QueueDoesNotExist|AutomationExecutionNotFound[A-Za-z]*|404'),
      'not_found',
    ],
    [code('Validation(Error|Exception)|Invalid[A-Za-z.]*|Malformed[A-Za-z.]*|MissingParameter|SerializationException'), 'bad_input'],
    [
      code(
        'ServiceUnavailable(Exception)?|Unavailable|InternalError|InternalFailure|InternalServer(Error|Exception)|InternalServiceError|RequestTimeout(Exception)?|50[0-9]',
      ),
      'unreachable',
    ],
    [
      /Could not connect to the endpoint URL|[Cc]onnect(ion)? timeout|Read timeout|Connection was closed|Failed to connect to proxy|SSL validation failed|EndpointConnectionError/,
      'unreachable',
    ],
    [
      /Unable to locate credentials|Partial credentials found|config profile .* could not be found|Error when retrieving (credentials|token)/,
      'context_unknown',
    ],
    [/Parameter validation failed|Error parsing parameter|the following arguments are required|Unknown options/, 'bad_input'],
  ],
};

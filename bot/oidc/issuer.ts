import { allowInsecureRequests, ClientSecretBasic, ClientSecretPost, Configuration, discovery, None } from 'openid-client';
import { isLoopback } from './settings.ts';

/** Where people sign in, and as which client this program asks. */
export interface OidcPlace {
  readonly issuer: string;
  readonly clientId: string;
  /** Null: a client without a secret. */
  readonly clientSecret: string | null;
}

/** The issuer did not answer, or not as an issuer does: nobody can be told from anybody else now. */
export class IssuerUnavailable extends Error {
  readonly code = 'issuer_unavailable';
  constructor(issuer: string, cause: unknown) {
    super(`the identity provider ${issuer} does not answer`, { cause });
    this.name = 'IssuerUnavailable';
  }
}

/** Seconds. */
const timeout = 5;

/** What the issuer publishes of itself. Asked once; a failure is not remembered. Throws IssuerUnavailable. */
export type Issuer = () => Promise<Configuration>;

function authentication({ clientSecret }: OidcPlace, methods: readonly string[] | undefined) {
  if (clientSecret === null) return None();
  // Where an issuer lists nothing, it takes the first kind (OpenID Connect Discovery 1.0, 3).
  return methods === undefined || methods.includes('client_secret_basic')
    ? ClientSecretBasic(clientSecret)
    : ClientSecretPost(clientSecret);
}

async function discover(place: OidcPlace): Promise<Configuration> {
  const address = new URL(place.issuer);
  const execute = isLoopback(address) ? [allowInsecureRequests] : [];
  const found = (await discovery(address, place.clientId, undefined, None(), { timeout, execute })).serverMetadata();
  const configuration = new Configuration(
    found,
    place.clientId,
    undefined,
    authentication(place, found.token_endpoint_auth_methods_supported),
  );
  configuration.timeout = timeout;
  if (isLoopback(address)) allowInsecureRequests(configuration);
  return configuration;
}

export function createIssuer(place: OidcPlace): Issuer {
  let asked: Promise<Configuration> | null = null;
  return () => {
    asked ??= discover(place).catch((error: unknown) => {
      asked = null;
      throw new IssuerUnavailable(place.issuer, error);
    });
    return asked;
  };
}

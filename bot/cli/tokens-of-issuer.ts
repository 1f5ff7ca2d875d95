/** RFC 8707: an issuer that knows it gives a token for that audience; others are told by their scopes. */
export function resourceOf(audience: string): Record<string, string> {
  return URL.canParse(audience) ? { resource: audience, audience } : { audience };
}

/** Milliseconds since the epoch; a token whose life is not told is used for five minutes. */
export function expiryOf(tokens: { readonly expires_in?: number | undefined }): number {
  return Date.now() + (tokens.expires_in ?? 300) * 1_000;
}

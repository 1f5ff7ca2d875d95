import { initiateDeviceAuthorization, pollDeviceAuthorizationGrant } from 'openid-client';
import { clean } from '../../tools/clean.ts';
import { type SignIn, SignInFailed } from './sign-in.ts';
import { resourceOf } from './tokens-of-issuer.ts';

/** RFC 8628: the person signs in on any device, and types in the code that is shown here. */
export const signInByDevice: SignIn = async (configuration, { audience, scopes }, out) => {
  try {
    const device = await initiateDeviceAuthorization(configuration, { scope: scopes.join(' '), ...resourceOf(audience) });
    out.note(`Open ${clean(device.verification_uri)} on any device, and type in the code: ${clean(device.user_code)}`);
    return await pollDeviceAuthorizationGrant(configuration, device, resourceOf(audience));
  } catch (error) {
    throw new SignInFailed(error);
  }
};

import type { LinkRefusal } from '../identity/linking.ts';

interface Words {
  readonly status: number;
  readonly title: string;
  readonly text: string;
}

const again = 'To get a new link, go back to Slack and do again what you wanted to do.';

/** What a person is told; `subject` is who signed in, where that is known. */
export function refusalWords(code: LinkRefusal, subject: string | null): Words {
  switch (code) {
    case 'unknown_code':
      return { status: 404, title: 'This link is not valid', text: `It was never given out, or a newer one has taken its place. ${again}` };
    case 'used_code':
      return { status: 410, title: 'This link was used already', text: `Each link works once. ${again}` };
    case 'expired_code':
      return { status: 410, title: 'This link is too old', text: `A link works for a few minutes only. ${again}` };
    case 'other_browser':
      return {
        status: 400,
        title: 'This sign-in did not start here',
        text: 'It began in another browser, on another site, or long ago. Nothing was linked. Open the link from Slack again, in this browser, and go on from there.',
      };
    case 'not_signed_in':
      return {
        status: 400,
        title: 'You are not signed in',
        text: 'The identity provider did not say who you are. Nothing was linked. Open the link from Slack again.',
      };
    case 'unknown_person':
      return {
        status: 403,
        title: 'Nobody here knows you yet',
        text: `You have signed in${subject === null ? '' : ` as ${subject}`}. An administrator has to list you under people in watchkeeper.yaml${subject === null ? '' : `, with oidc: ${subject}`}. Nothing was linked.`,
      };
    case 'taken':
      return {
        status: 409,
        title: 'This Slack account is somebody else’s',
        text: 'It belongs to another person here. Nothing was linked, and it was recorded. If that is wrong, an administrator can list the account under people in watchkeeper.yaml.',
      };
    case 'other_account':
      return {
        status: 409,
        title: 'You have another Slack account here',
        text: 'Each person has one. Nothing was linked, and it was recorded. If you have a new account, an administrator can list it under people in watchkeeper.yaml.',
      };
  }
}

import type { AckFn, SlackViewMiddlewareArgs, ViewResponseAction, ViewSubmitAction } from '@slack/bolt';

export type Submission = Pick<SlackViewMiddlewareArgs<ViewSubmitAction>, 'ack' | 'body' | 'view'>;

/** What was typed into the input `value` of a block. */
export function typed({ view }: Submission, block: 'reason' | 'text'): string {
  return view.state.values[block]?.['value']?.value?.trim() ?? '';
}

/** Keeps the modal open and says in it what is wrong. */
export function complain(ack: AckFn<ViewResponseAction> | AckFn<void>, block: 'reason' | 'text', message: string): Promise<void> {
  return (ack as AckFn<ViewResponseAction>)({ response_action: 'errors', errors: { [block]: message.slice(0, 1000) } });
}

import type { App } from '@slack/bolt';
import type { ListenerContext } from '../context.ts';
import { answerCommand } from './watchkeeper.ts';

export function registerCommands(app: App, context: ListenerContext): void {
  app.command('/watchkeeper', async ({ ack, command }) => {
    const { text, blocks } = await answerCommand(context, command);
    await ack({ response_type: 'ephemeral', text, blocks: [...blocks] });
  });
}

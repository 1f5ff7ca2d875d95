import { validateBlocks, validateView } from '../blocks/validate.ts';
import { SlackRefusal } from '../errors.ts';
import type { Json } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { agents } from './agents.ts';
import { canvases } from './canvases.ts';
import { chat } from './chat.ts';
import { conversations } from './conversations.ts';
import { files } from './files.ts';
import type { MethodTable } from './method.ts';
import { users } from './users.ts';
import { views } from './views.ts';

function validate(workspace: Workspace, args: Json): Json {
  const given = ['blocks', 'message', 'view'].filter((key) => args[key] !== undefined);
  if (given.length !== 1) throw new SlackRefusal('invalid_arguments', ['[ERROR] exactly one of blocks, message, view']);
  const unsupported = workspace.unsupported.blocks;
  const message = args['message'] as Json | undefined;
  const problems =
    args['view'] === undefined
      ? validateBlocks(message?.['blocks'] ?? args['blocks'], 'message', unsupported)
      : validateView(args['view'], unsupported);
  if (problems.length > 0) throw new SlackRefusal('invalid_blocks', [], { errors: problems });
  return {};
}

const general: MethodTable = {
  'auth.test': (workspace) => ({
    url: `${workspace.origin()}/`,
    team: workspace.team.name,
    user: workspace.app.handle,
    team_id: workspace.team.id,
    user_id: workspace.app.botUserId,
    bot_id: workspace.app.botId,
    is_enterprise_install: false,
  }),
  'team.info': (workspace) => ({ team: { ...workspace.team, email_domain: '', icon: {} } }),
  'blocks.validate': validate,
};

/** Every method of the Web API that this server knows, save `apps.connections.open`, which needs the other token. */
export const methods: MethodTable = { ...general, ...chat, ...conversations, ...users, ...views, ...files, ...canvases, ...agents };

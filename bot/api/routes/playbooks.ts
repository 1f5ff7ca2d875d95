import { z } from 'zod';
import { NotFound } from '../../store/errors.ts';
import { PlaybookMember, PlaybookTrouble } from '../../store/playbooks.ts';
import type { ApiOptions, Routes } from '../context.ts';

/** The set in use. */
export const PlaybooksAnswer = z.object({
  /** Null: no worker has started yet. */
  hash: z.string().nullable(),
  at: z.string().nullable(),
  items: z.array(PlaybookMember),
  /** What is wrong in the operator's directory. */
  problems: z.array(PlaybookTrouble),
});

export const PlaybookAnswer = PlaybookMember.extend({ /** YAML. */ content: z.string() });

export function playbookRoutes(v1: Routes, { store }: ApiOptions): void {
  v1.get(
    '/playbooks',
    {
      config: { scope: 'read' },
      schema: { summary: 'Playbooks that are in use, and what is wrong in the directory of your own', response: { 200: PlaybooksAnswer } },
    },
    async () => {
      const set = await store.playbooks.latest();
      if (set === null) return { hash: null, at: null, items: [], problems: [] };
      return { hash: set.hash, at: set.at, items: set.members, problems: set.problems };
    },
  );

  v1.get(
    '/playbooks/:name',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'One playbook that is in use, with its text',
        params: z.object({ name: z.string().max(100) }),
        response: { 200: PlaybookAnswer },
      },
    },
    async (request) => {
      const { name } = request.params;
      const member = (await store.playbooks.latest())?.members.find((one) => one.name === name);
      const content = member === undefined ? null : await store.playbooks.text(member.sha256);
      if (member === undefined || content === null) throw new NotFound('playbook', name);
      return { ...member, content };
    },
  );
}

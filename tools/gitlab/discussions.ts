import { z } from 'zod';
import { parseJson } from '../json.ts';
import { read } from '../operation.ts';
import { cutTo, partOf } from '../text.ts';
import { gitlabTimeoutMs, Numbered, projectApi } from './api.ts';
import { readProject } from './rights.ts';

const Note = z.object({
  ...{ body: z.string(), created_at: z.string(), system: z.boolean(), author: z.object({ username: z.string() }).nullable() },
  ...{ resolvable: z.boolean().nullish(), resolved: z.boolean().nullish() },
});

export const Discussions = z.array(z.object({ id: z.string(), notes: z.array(Note).nullish() }));
type Discussion = z.infer<typeof Discussions>[number];

const isOpen = ({ notes }: Discussion) => (notes ?? []).some(({ resolvable, resolved }) => resolvable === true && resolved !== true);

export function unresolvedIn(discussions: readonly Discussion[]): number {
  return discussions.filter(isOpen).length;
}

/** Characters kept of one note. */
const mostNote = 2_000;

export const mrDiscussions = read({
  name: 'gitlab.mr_discussions',
  summary: 'What people say of a merge request, and which of it nobody resolved',
  input: Numbered.extend({ unresolvedOnly: z.boolean().default(false), limit: z.int().min(1).max(100).default(50) }),
  output: z.object({
    discussions: z.array(
      z.object({
        unresolved: z.boolean(),
        notes: z.array(z.object({ by: z.string().nullable(), at: z.string(), text: z.string() })),
      }),
    ),
    /** There may be more than are told. */
    more: z.boolean(),
  }),
  command: ({ repository, number, limit }, site) =>
    projectApi(site, repository).get(`/merge_requests/${number}/discussions`, { per_page: limit }),
  parse: ({ stdout }, { unresolvedOnly, limit }) => {
    const all = parseJson(Discussions, stdout);
    // What GitLab itself notes, e.g. that commits were added, is no discussion.
    const said = all.filter((one) => (one.notes ?? []).some(({ system }) => !system) && (!unresolvedOnly || isOpen(one)));
    const discussions = said.map((one) => ({
      unresolved: isOpen(one),
      notes: (one.notes ?? []).slice(0, 20).map(({ author, created_at: at, body }) => ({
        ...{ by: author?.username ?? null, at, text: partOf(body, mostNote) },
      })),
    }));
    return { discussions, more: all.length === limit };
  },
  cut: ({ discussions, ...rest }) => ({
    ...rest,
    discussions: discussions.map(({ notes, ...one }) => ({
      ...one,
      notes: notes.map((note) => ({ ...note, text: cutTo(note.text, mostNote) })),
    })),
  }),
  timeoutMs: gitlabTimeoutMs,
  permissions: readProject,
});

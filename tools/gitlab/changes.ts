import { z } from 'zod';
import { parseJson } from '../json.ts';
import { type HttpCommand, read, type SiteFacts } from '../operation.ts';
import { textOf } from '../text.ts';
import { gitlabTimeoutMs, Numbered, projectApi } from './api.ts';
import { readProject } from './rights.ts';

const Diff = z.object({
  ...{ old_path: z.string(), new_path: z.string(), diff: z.string() },
  ...{ new_file: z.boolean(), renamed_file: z.boolean(), deleted_file: z.boolean() },
});
type Diff = z.infer<typeof Diff>;

/** Files of one page, as many as the API gives. */
const limit = 100;

/** Characters kept of one file's diff. */
const mostDiff = 4_000;

/** What a merge request changes; also the dry run of its merge. */
export function diffRequest({ repository, number }: z.infer<typeof Numbered>, site: SiteFacts): HttpCommand {
  return projectApi(site, repository).get(`/merge_requests/${number}/diffs`, { per_page: limit });
}

function kindOf({ new_file, renamed_file, deleted_file }: Diff): 'added' | 'renamed' | 'deleted' | 'changed' {
  if (new_file) return 'added';
  if (deleted_file) return 'deleted';
  return renamed_file ? 'renamed' : 'changed';
}

/** As git prints it. */
export function diffText(stdout: string): string {
  const files = parseJson(z.array(Diff), stdout);
  const text = files.map((file) => `--- ${file.old_path} (${kindOf(file)})\n+++ ${file.new_path}\n${file.diff}`).join('\n');
  return files.length === limit ? `${text}\n[there may be more files]\n` : text;
}

export const mrChanges = read({
  name: 'gitlab.mr_changes',
  summary: 'The files that a merge request changes, with their differences',
  input: Numbered,
  output: z.object({
    files: z.array(
      z.object({
        ...{ path: z.string(), oldPath: z.string(), kind: z.enum(['added', 'renamed', 'deleted', 'changed']), diff: z.string() },
        /** Characters left out at the end. */
        omitted: z.number().int().nonnegative(),
      }),
    ),
    /** There may be more than are told. */
    more: z.boolean(),
  }),
  command: diffRequest,
  parse: ({ stdout }) => {
    const all = parseJson(z.array(Diff), stdout);
    const files = all.map((file) => ({
      ...{ path: file.new_path, oldPath: file.old_path, kind: kindOf(file), diff: textOf(file.diff).text },
      omitted: 0,
    }));
    return { files, more: all.length === limit };
  },
  cut: (output) => ({
    ...output,
    files: output.files.map((file) => ({
      ...{ ...file, diff: file.diff.slice(0, mostDiff).toWellFormed(), omitted: Math.max(0, file.diff.length - mostDiff) },
    })),
  }),
  timeoutMs: gitlabTimeoutMs,
  permissions: readProject,
});

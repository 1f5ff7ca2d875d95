import type { SystemSettings } from '../site.ts';
import { type Examples, sampleFiles } from '../testing/example.ts';

const json = '-format=json';
const scope = { scope: 'p_1234567890' };
const below = `-scope-id=p_1234567890 -recursive=true ${json}`;
const emergency = { role: 'r_1234567890', user: 'u_1234567890' };
const principal = `-id=r_1234567890 -principal=u_1234567890 ${json}`;

/** In words of `boundary -h` and the reference of its commands, version 0.19. */
export const examples: Examples = {
  'boundary.break_glass': { input: emergency, line: `boundary roles add-principals ${principal}` },
  'boundary.break_glass_end': { input: emergency, line: `boundary roles remove-principals ${principal}` },
  'boundary.catalog_list': { input: scope, line: `boundary host-catalogs list ${below}` },
  'boundary.host_list': { input: { catalog: 'hcst_1234567890' }, line: `boundary hosts list -host-catalog-id=hcst_1234567890 ${json}` },
  'boundary.role_member': { input: emergency, line: `boundary roles read -id=r_1234567890 ${json}` },
  'boundary.scope_list': { input: {}, line: `boundary scopes list -scope-id=global -recursive=true ${json}` },
  'boundary.session_cancel': { input: { session: 's_1234567890' }, line: `boundary sessions cancel -id=s_1234567890 ${json}` },
  'boundary.session_list': { input: scope, line: `boundary sessions list ${below}` },
  'boundary.session_state': { input: { session: 's_1234567890' }, line: `boundary sessions read -id=s_1234567890 ${json}` },
  'boundary.target_list': { input: scope, line: `boundary targets list ${below}` },
  'boundary.target_read': { input: { target: 'ttcp_1234567890' }, line: `boundary targets read -id=ttcp_1234567890 ${json}` },
  'boundary.worker_list': { input: {}, line: `boundary workers list -scope-id=global ${json}` },
};

/** What the sample site has of it. */
export const sample: SystemSettings['boundary'] = { address: 'https://boundary.example', token: sampleFiles, breakGlass: ['r_1234567890'] };

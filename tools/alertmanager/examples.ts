import type { Examples } from '../testing/example.ts';

const url = '--alertmanager.url=http://alertmanager.example';
const id = '46a59ca3-acdf-4f6c-8633-e35a19b1d49e';
const query = `amtool silence query ${url} --output=json`;

export const examples: Examples = {
  'alertmanager.alerts': { input: {}, line: `amtool alert query ${url} --active --silenced --inhibited --unprocessed --output=json` },
  'alertmanager.silence_add': {
    input: { matchers: [{ name: 'alertname', op: '=', value: 'HighErrors' }], comment: 'INC-1: known', duration: '2h' },
    line: `amtool silence add ${url} --author=watchkeeper --duration=2h --comment=INC-1: known -- alertname="HighErrors"`,
  },
  'alertmanager.silence_expire': { input: { id }, line: `amtool silence expire ${url} -- ${id}` },
  'alertmanager.silence_state': { input: { id }, line: query },
  'alertmanager.silences': { input: {}, line: query },
};

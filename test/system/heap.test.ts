import { spawnSync } from 'node:child_process';
import { expect } from 'chai';

describe('the settings of the heap', () => {
  // V8 only complains, on standard error, of a flag that a later version has dropped.
  it('are known to the V8 of this Node', () => {
    const heap = new URL('../../src/system/heap.ts', import.meta.url);
    const script = `import { keepRowsYoung } from ${JSON.stringify(heap.href)}; keepRowsYoung();`;
    const run = (text: string) =>
      spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', text], {
        encoding: 'utf8',
      });
    expect(run(script)).to.include({ status: 0, stderr: '' });
    const unknown = `import { setFlagsFromString } from 'node:v8'; setFlagsFromString('--no-such-flag');`;
    expect(run(unknown).stderr, 'the test can fail').to.include('no-such-flag');
  });
});

const { writeFileSync } = require('node:fs');
const { inspect } = require('node:util');
const { reporters } = require('mocha');

/** Mocha's own report, and what came of it as JSON where PASSERELLE_TEST_STATS says: scripts/test.ts adds it up. */
module.exports = class CountingReporter extends reporters.Spec {
  epilogue() {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    const file = process.env.PASSERELLE_TEST_STATS;
    if (!file) return;
    const why = this.failures.map((test) => `${test.fullTitle()}: ${reason(test.err)}`);
    writeFileSync(file, JSON.stringify({ passed: passes, failed: failures, skipped: pending, why }));
  }
};

/** @param {(Error & { actual?: unknown }) | undefined} error Chai shortens what was found in its message. */
function reason(error) {
  if (!error) return 'no reason given';
  return error.actual === undefined ? error.message : `${error.message}\n${inspect(error.actual).slice(0, 2000)}`;
}

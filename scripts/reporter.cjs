const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

/** Mocha's own report, and its numbers as JSON where PASSERELLE_TEST_STATS says: scripts/test.ts adds them up. */
module.exports = class CountingReporter extends reporters.Spec {
  epilogue() {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    const file = process.env.PASSERELLE_TEST_STATS;
    if (file) writeFileSync(file, JSON.stringify({ passed: passes, failed: failures, skipped: pending }));
  }
};

'use strict';
// Counts the suite's results by server, and fails if any is not as strict as it can be.

const [file] = process.argv.slice(2);

// A case counts as unimplemented when the extension it needs was declined, which is only right for compression (13).
const isGood = (id, { behavior, behaviorClose }) =>
  (behavior === 'UNIMPLEMENTED' ? id.startsWith('13.') : ['OK', 'INFORMATIONAL'].includes(behavior)) &&
  ['OK', 'INFORMATIONAL'].includes(behaviorClose);

let cases = 0;
let bad = 0;
for (const [server, results] of Object.entries(require(file))) {
  const counts = {};
  const badCases = [];
  for (const [id, result] of Object.entries(results)) {
    counts[result.behavior] = (counts[result.behavior] ?? 0) + 1;
    if (!isGood(id, result)) {
      badCases.push(id);
    }
  }
  cases += Object.keys(results).length;
  bad += badCases.length;
  console.log(`${server}: ${Object.entries(counts).map(([behavior, count]) => `${count} ${behavior}`).join(', ')}`);
  if (badCases.length > 0) {
    console.log(`  not strict: ${badCases.join(' ')}`);
  }
}
process.exit(bad === 0 && cases > 0 ? 0 : 1);

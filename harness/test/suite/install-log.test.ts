// SPDX-License-Identifier: MIT
import t from 'tap';
import {readInstallLog, whyMissing} from '../../suite/install-log.js';

/** As make prints it with `-k -i`: a program that does not link, one whose object fails, one without a source. */
const LOG = `make: Entering directory '/w/selftests'
  CC       good
good.c:9:2: warning: unused variable 'error'
  CC       links-not
/usr/bin/ld: cannot find -lnuma: No such file or directory
collect2: error: ld returned 1 exit status
make[1]: [../lib.mk:222: /w/selftests/mm/links-not] Error 1 (ignored)
aarch64-linux-gnu-gcc -O2 -c broken.c -o /w/selftests/mm/broken.o
broken.c:4:9: error: 'not_declared' undeclared
make[1]: [Makefile:30: /w/selftests/mm/broken.o] Error 1 (ignored)
aarch64-linux-gnu-gcc -O2 /w/selftests/mm/broken.o -o /w/selftests/mm/broken
aarch64-linux-gnu-gcc: error: /w/selftests/mm/broken.o: No such file or directory
make[1]: [Makefile:33: /w/selftests/mm/broken] Error 1 (ignored)
make[1]: *** No rule to make target 'lost.c', needed by '/w/selftests/mm/lost'.
rsync -a --copy-unsafe-links /w/selftests/mm/good /w/selftests/mm/links-not /w/selftests/mm/broken /w/installed/mm/
rsync: [sender] link_stat "/w/selftests/mm/links-not" failed: No such file or directory (2)
rsync: [sender] link_stat "/w/selftests/mm/broken" failed: No such file or directory (2)
rsync error: some files/attrs were not transferred (see previous errors) (code 23) at main.c(1394) [sender=3.5.0]
make[1]: [../lib.mk:175: install] Error 23 (ignored)
rsync: link_stat "/w/selftests/mm/lost" failed: No such file or directory (2)
rsync: link_stat "/w/selftests/mm/lost" failed: No such file or directory (2)
rsync: link_stat "/w/selftests/mm/quiet.sh" failed: No such file or directory (2)
`;

t.test('what was to be installed and was not made, in the words of who failed first', async (t) => {
  const log = readInstallLog(LOG);
  t.same(log.missing, ['links-not', 'broken', 'lost', 'quiet.sh']);
  t.equal(
    whyMissing('links-not', log),
    '/usr/bin/ld: cannot find -lnuma: No such file or directory\ncollect2: error: ld returned 1 exit status',
  );
  t.equal(
    whyMissing('broken', log),
    "broken.c:4:9: error: 'not_declared' undeclared",
    "the object's words, not the link's",
  );
  t.match(whyMissing('lost', log), /No rule to make target 'lost\.c'/);
  t.equal(whyMissing('quiet.sh', log), 'make did not build it, and did not say why');
  t.same(readInstallLog(''), {missing: [], words: new Map()});
});

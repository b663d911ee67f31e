// SPDX-License-Identifier: MIT
/** `tools/testing/selftests` of a toy tree: the words of make that kselftest's own makefiles have, over three tests. */
export const TOY_SELFTESTS = {
  Makefile: [
    'TARGETS = toy',
    'TARGETS += none',
    'export BUILD := $(CURDIR)',
    'install:',
    '\tmkdir -p $(KSFT_INSTALL_PATH)',
    '\tcp run_kselftest.sh $(KSFT_INSTALL_PATH)/',
    '\tfor target in $(TARGETS); do $(MAKE) -C $$target OUTPUT=$(BUILD)/$$target DEST=$(KSFT_INSTALL_PATH)/$$target install; done',
    '\tfor target in $(TARGETS); do \\',
    '\t\t$(MAKE) -s --no-print-directory -C $$target COLLECTION=$$target emit_tests >> $(KSFT_INSTALL_PATH)/kselftest-list.txt; \\',
    '\tdone',
    '',
  ].join('\n'),
  'run_kselftest.sh': '#!/bin/sh\n',
  none: {Makefile: 'install emit_tests:\n'},
  toy: {
    Makefile: [
      'programs := steady broken',
      'CFLAGS = -DOWN=\'"own flags kept $(KHDR_INCLUDES)"\'',
      'install: $(addprefix $(OUTPUT)/,$(programs))',
      '\tmkdir -p $(DEST)',
      '\trsync -a $^ script.sh settings $(DEST)/',
      '$(OUTPUT)/%: %.c',
      '\t$(CROSS_COMPILE)gcc $(CFLAGS) $(LDFLAGS) $< -o $@',
      'emit_tests:',
      '\tfor name in $(programs) script.sh; do echo "$(COLLECTION):$$name"; done',
      '',
    ].join('\n'),
    settings: 'timeout=9\n',
    'steady.c': '#include <stdio.h>\n\nint main(void)\n{\n\treturn puts(OWN) < 0;\n}\n',
    'broken.c': 'int main(void)\n{\n\treturn not_declared;\n}\n',
    'script.sh': '#!/bin/sh\necho "1..1"\n',
  },
};

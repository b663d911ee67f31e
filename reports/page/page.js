// SPDX-License-Identifier: MIT
// What the page can do beyond being read: filter, keys, dark or light, copying a command. Nothing is fetched or kept.

(() => {
  const byId = (id) => document.getElementById(id);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const filter = byId('filter');
  const change = byId('change');
  const rows = all('tr[data-c]').map((row) => {
    const suite = row.closest('.suite');
    const table = row.closest('table');
    const head = row.parentElement.querySelector('.test th');
    const where = [suite.querySelector('h3'), head, row.querySelector('th'), table.tHead.rows[0]];
    return {
      row,
      suite,
      body: row.parentElement,
      text: where
        .map((part) => part?.textContent ?? '')
        .join(' ')
        .toLowerCase(),
    };
  });
  const others = all('[data-k]').map((element) => ({element, text: element.dataset.k, change: element.dataset.c}));

  /** A row has a result of each machine that ran it. */
  const resultsIn = (row) => row.querySelectorAll('td.profile:not(.none)').length;
  const total = rows.reduce((sum, {row}) => sum + resultsIn(row), 0);

  /** `!x`: anything but x; `#fail`, `#skip`: a cell of that kind; else a change by its name. */
  function fits(row, wanted) {
    if (wanted === '') return true;
    if (wanted === '#fail') return row.querySelector('td.fail, td.mixed') !== null;
    if (wanted === '#skip') return row.querySelector('td.skip') !== null;
    const changes = row.dataset.c.split(' ');
    return wanted.startsWith('!') ? changes.some((one) => one !== wanted.slice(1)) : changes.includes(wanted);
  }

  function apply() {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = change.value;
    const isActive = words.length > 0 || wanted !== '';
    const has = (text) => words.every((word) => text.includes(word));
    const seen = new Set();
    let shown = 0;
    for (const {row, suite, body, text} of rows) {
      const keep = has(text) && fits(row, wanted);
      row.hidden = !keep;
      if (!keep) continue;
      shown += resultsIn(row);
      seen.add(suite).add(body);
    }
    for (const suite of all('.suite')) {
      suite.hidden = !seen.has(suite);
      for (const body of suite.querySelectorAll('tbody')) body.hidden = !seen.has(body);
      if (isActive && seen.has(suite)) suite.open = true;
    }
    for (const one of others) one.element.hidden = !has(one.text);
    byId('shown').textContent = isActive ? `${shown} of ${total} results` : '';
  }

  let timer;
  filter.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(apply, 80);
  });
  change.addEventListener('change', apply);

  const folds = () => all('.finding, .suite').filter((one) => !one.hidden);
  function toggleAll() {
    const open = folds().some((one) => !one.open);
    for (const one of folds()) one.open = open;
    byId('all').textContent = open ? 'Close all' : 'Open all';
  }

  const isDark = () => {
    const chosen = document.documentElement.dataset.theme;
    return chosen === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : chosen === 'dark';
  };
  const nameTheme = () => {
    byId('theme').textContent = isDark() ? 'Light' : 'Dark';
  };
  function toggleTheme() {
    document.documentElement.dataset.theme = isDark() ? 'light' : 'dark';
    nameTheme();
  }

  function step(by) {
    const summaries = all('.finding:not([hidden]) > summary');
    const at = summaries.indexOf(document.activeElement);
    const next = summaries[at === -1 && by < 0 ? summaries.length - 1 : at + by];
    next?.focus();
    next?.scrollIntoView({block: 'nearest'});
  }

  function clear() {
    filter.value = '';
    change.value = '';
    apply();
    document.activeElement?.blur();
  }

  const keys = {
    '/': () => filter.focus(),
    j: () => step(1),
    k: () => step(-1),
    e: toggleAll,
    d: toggleTheme,
    '?': () => byId('keys').showModal(),
  };
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || byId('keys').open) return;
    if (event.key === 'Escape') {
      clear();
      return;
    }
    if (['INPUT', 'SELECT', 'TEXTAREA'].includes(event.target.tagName)) return;
    const act = keys[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  });

  byId('all').addEventListener('click', toggleAll);
  byId('theme').addEventListener('click', toggleTheme);
  byId('help').addEventListener('click', keys['?']);

  /** A file opened from the disk may not touch the clipboard: then the command is at least selected. */
  async function copy(code, button) {
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(code);
      button.textContent = 'Selected';
    }
    setTimeout(() => {
      button.textContent = 'Copy';
    }, 1500);
  }
  for (const command of all('.command')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = 'Copy';
    button.addEventListener('click', () => copy(command.querySelector('code'), button));
    command.append(button);
  }

  // On paper nothing can be opened.
  addEventListener('beforeprint', () => {
    for (const finding of all('.finding')) finding.open = true;
  });

  nameTheme();
  byId('toolbar').hidden = false;
})();

// SPDX-License-Identifier: MIT
import type {ComponentChildren, VNode} from 'preact';
import {cleanLine} from '../../harness/lib/text.js';
import {partWords} from '../../harness/verdict/coverage-words.js';
import type {Results} from '../../harness/verdict/results.js';
import {symbolWords} from '../../harness/verdict/untestable.js';
import {KernelChanges} from './kernel-changes.js';
import {Command, FileLink, Wide} from './parts.js';
import {duration} from './words.js';

const MAX_GUESTS = 300;
const MAX_PROBLEMS = 200;
const MAX_PATCHES = 100;
const MAX_FILES = 300;

/** What a person asks for only when something is odd: closed, and complete but for what is very long. */
export function Details({results, links}: {results: Results; links: string}): VNode {
  const {base, series, problems} = results;
  return (
    <section id="details" aria-labelledby="details-title">
      <h2 id="details-title">Details</h2>
      <Fold title="Command and host">
        <Command text={results.command} />
        <p>{`${results.host.cpus} CPUs, ${results.host.memoryMiB} MiB of memory, Linux ${results.host.kernel}`}</p>
      </Fold>
      {series === null ? null : (
        <Fold title={series.history === undefined ? `Patches (${series.patches.length})` : 'Commits'}>
          <ol>
            {series.patches.slice(0, MAX_PATCHES).map(({number, subject, author, files}) => (
              <li key={number} value={number}>
                {subject}
                {author === undefined ? null : <small>{` ${author.name}`}</small>}
                <ul class="files">
                  {files.slice(0, 40).map((file) => (
                    <li key={file}>
                      <code>{file}</code>
                    </li>
                  ))}
                </ul>
              </li>
            ))}
          </ol>
        </Fold>
      )}
      {base === null || base.attempts.length === 0 ? null : (
        <Fold title="Choosing the base">
          <ul>
            {base.attempts.map(({candidate, how, error}) => (
              <li key={`${candidate} ${how}`}>
                <code>{candidate}</code> {`(${how}): ${error ?? 'the series applies'}`}
              </li>
            ))}
          </ul>
        </Fold>
      )}
      <TouchedFiles results={results} />
      {results.changes.length === 0 ? null : (
        <Fold title="Changed in the kernel">
          <KernelChanges changes={results.changes} />
        </Fold>
      )}
      <Builds results={results} links={links} />
      <Machines results={results} />
      <Guests results={results} links={links} />
      {problems.length === 0 ? null : (
        <Fold id="problems" title={`Oddities in the tests’ output (${problems.length})`}>
          <ul class="problems">
            {problems.slice(0, MAX_PROBLEMS).map((problem, index) => (
              <li key={index}>{problem}</li>
            ))}
          </ul>
        </Fold>
      )}
    </section>
  );
}

function Fold({id, title, children}: {id?: string; title: string; children: ComponentChildren}): VNode {
  return (
    <details class="fold" id={id}>
      <summary>
        <h3>{title}</h3>
      </summary>
      {children}
    </details>
  );
}

/** Which kernels, and which suites' programs, each file is part of; those that were missed come first. */
function TouchedFiles({results: {coverage}}: {results: Results}): VNode | null {
  if (coverage === undefined || coverage.touched.length === 0) return null;
  const {touched, omitted = 0} = coverage;
  const more = touched.length + omitted - MAX_FILES;
  return (
    <Fold title={`Touched files (${touched.length + omitted})`}>
      <ul class="files">
        {touched.slice(0, MAX_FILES).map((one) => (
          <li key={one.file}>
            <code>{cleanLine(one.file)}</code> <small>{partWords(one)}</small>
          </li>
        ))}
      </ul>
      {more > 0 ? <p>{`And ${more} more: see coverage in results.json.`}</p> : null}
    </Fold>
  );
}

function Builds({results, links}: {results: Results; links: string}): VNode | null {
  if (results.builds.length === 0) return null;
  return (
    <Fold title={`Kernels (${results.builds.length})`}>
      <ul>
        {results.builds.map(({arch, side, release, compiler, status, log, absentSymbols, ...symbols}) => (
          <li key={`${arch} ${side}`}>
            {`${arch}${side === 'only' ? '' : ` ${side}`}: Linux ${release || '-'}, ${compiler || '-'}, ${status} `}
            {log === undefined ? null : <FileLink path={log} links={links} />}
            {symbols.missingSymbols === undefined ? null : (
              <small>{` This tree does not know: ${symbolWords(symbols.missingSymbols)}.`}</small>
            )}
            {symbols.renamedSymbols === undefined ? null : (
              <small>
                {` By another name: ${symbols.renamedSymbols.map(({symbol, as}) => `${symbol} as ${as}`).join(', ')}.`}
              </small>
            )}
            {absentSymbols.length === 0 ? null : (
              <small>{` It can do without, and does: ${absentSymbols.join(', ')}.`}</small>
            )}
          </li>
        ))}
      </ul>
    </Fold>
  );
}

function Machines({results: {profiles}}: {results: Results}): VNode | null {
  if (profiles.length === 0) return null;
  return (
    <Fold title={`Machines (${profiles.length})`}>
      <ul>
        {profiles.map(({name, arch, qemu, accelerator, supported, skipped, untestable, reason}) => (
          <li key={name}>
            <b>{name}</b>
            {skipped !== undefined || untestable
              ? `: ${arch}, not booted: ${skipped ?? 'no chosen suite is testable on this tree'}. `
              : `: ${arch}, QEMU ${qemu}, ${accelerator === null ? 'nothing was started' : `${accelerator.kind}: ${accelerator.reason}`}. `}
            {supported ? (reason ?? '') : `Unsupported here: ${reason ?? ''}`}
          </li>
        ))}
      </ul>
    </Fold>
  );
}

function Guests({results: {guests}, links}: {results: Results; links: string}): VNode | null {
  if (guests.length === 0) return null;
  return (
    <Fold title={`Guests (${guests.length})`}>
      <Wide label="Guests">
        <table class="listing">
          <thead>
            <tr>
              <th scope="col">guest</th>
              <th scope="col">profile</th>
              <th scope="col">side</th>
              <th scope="col">boot</th>
              <th scope="col">ended</th>
              <th scope="col">console</th>
            </tr>
          </thead>
          <tbody>
            {guests.slice(0, MAX_GUESTS).map(({name, profile, side, bootSeconds, ended, detail, console}) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{profile}</td>
                <td>{side}</td>
                <td>{bootSeconds === null ? '–' : duration(bootSeconds)}</td>
                <td>
                  {ended}
                  {detail === undefined ? null : <small>{` ${detail.split('\n', 1)[0]}`}</small>}
                </td>
                <td>
                  {console === undefined ? (
                    '–'
                  ) : (
                    <FileLink path={console} links={links}>
                      log
                    </FileLink>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      {guests.length > MAX_GUESTS ? (
        <p>{`And ${guests.length - MAX_GUESTS} more: see guests in results.json.`}</p>
      ) : null}
    </Fold>
  );
}

import { useWords } from '../i18n/use-words.ts';
import { ProblemNote } from '../parts/problem-note.tsx';
import { shortDayText, spanText } from '../time/zone.ts';
import type { Connection, DifferingListing } from './model.ts';
import { momentText, zoneOf } from './texts.ts';
import { useListings } from './use-connections.ts';

/** What stands there otherwise than it is wanted: the soonest first, since that is what a patient meets first. */
export function ListingsPart({ connection }: { readonly connection: Connection }) {
  const { t } = useWords();
  const { data, error, refetch } = useListings(connection.id);
  return (
    <section aria-labelledby="differing">
      <h3 id="differing">{t('connections.differing.title')}</h3>
      {error !== null && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {data && data.listings.length === 0 && <p className="quiet-text">{t('connections.differing.none')}</p>}
      {data && data.listings.length > 0 && (
        <table className="stacks">
          <thead>
            <tr>
              <th scope="col">{t('connections.differing.when')}</th>
              <th scope="col">{t('connections.differing.who')}</th>
              <th scope="col">{t('connections.differing.wanted')}</th>
              <th scope="col">{t('connections.differing.known')}</th>
              <th scope="col">{t('connections.differing.why')}</th>
            </tr>
          </thead>
          <tbody>
            {data.listings.map((listing) => (
              <Row key={keyOf(listing)} listing={listing} />
            ))}
          </tbody>
        </table>
      )}
      {data && !data.complete && <p className="help">{t('connections.differing.more')}</p>}
    </section>
  );
}

function Row({ listing }: { readonly listing: DifferingListing }) {
  const { t, language } = useWords();
  const { start, end, wanted, known, state, since, attempts, nextAttemptAt, error } = listing;
  const zone = zoneOf(listing.timeZone);
  return (
    <tr>
      <td>
        {shortDayText(start, zone)}, {spanText(start, end, zone)}
      </td>
      <td>{listing.practitioner ?? listing.schedule}</td>
      <td>{t(`agenda.standing.${wanted}`)}</td>
      <td>{t(`agenda.standing.${known}`)}</td>
      <td>
        {error ? error[language] : t(`agenda.listing.${state}`)}
        <span className="help">
          {t('connections.differing.since', { when: momentText(since, zone) })}
          {attempts > 0 && ` · ${t('agenda.panel.attempts', { count: attempts })}`}
          {nextAttemptAt !== null &&
            ` · ${t('agenda.panel.next', { when: momentText(nextAttemptAt, zone) })}`}
        </span>
      </td>
    </tr>
  );
}

const keyOf = ({ start, kind, schedule, externalId }: DifferingListing): string =>
  [start, kind, schedule, externalId].join(' ');

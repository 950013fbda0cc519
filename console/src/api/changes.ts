import { useEffect, useRef, useState } from 'react';

/**
 * Server-sent events of slots and appointments as they change (GET /api/events). The browser opens the stream again by itself,
 * where it was; only where it was refused it does not.
 */

export type StreamState = 'opening' | 'open' | 'lost';

const TYPES = ['Slot', 'Appointment'] as const;
const AGAIN_MILLISECONDS = 5_000;

/**
 * @param criteria FHIR searches, as `Slot?schedule=a,b`.
 * @param onChange what was heard: at once, once for all that came together.
 */
export function useChanges(criteria: readonly string[], onChange: () => void): StreamState {
  const [state, setState] = useState<StreamState>('opening');
  const told = useRef(onChange);
  told.current = onChange;
  const address = `/api/events?${criteria.map((each) => `criteria=${encodeURIComponent(each)}`).join('&')}`;
  const isWanted = criteria.length > 0;

  useEffect(() => {
    if (!isWanted) return;
    let source: EventSource | null = null;
    let again: ReturnType<typeof setTimeout> | null = null;
    let telling: ReturnType<typeof setTimeout> | null = null;
    const tell = (): void => {
      telling ??= setTimeout(() => {
        telling = null;
        told.current();
      });
    };
    const open = (): void => {
      source = new EventSource(address);
      source.addEventListener('open', () => {
        setState('open');
        // What happened before the stream stood was told to nobody.
        tell();
      });
      for (const type of [...TYPES, 'reset']) source.addEventListener(type, tell);
      source.addEventListener('error', () => {
        setState('lost');
        if (source?.readyState === EventSource.CLOSED) again = setTimeout(open, AGAIN_MILLISECONDS);
      });
    };
    open();
    return () => {
      source?.close();
      if (again !== null) clearTimeout(again);
      if (telling !== null) clearTimeout(telling);
    };
  }, [address, isWanted]);
  return state;
}

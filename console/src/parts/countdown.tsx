import { useNow } from '../time/use-now.ts';

/** As 4:59, until an instant. Not told anew each second to who listens to the page. */
export function Countdown({ until }: { readonly until: string }) {
  const now = useNow(1_000);
  return (
    <span className="number" aria-hidden="true">
      {remaining(until, now)}
    </span>
  );
}

export function remaining(until: string, now: number): string {
  const seconds = Math.max(0, Math.ceil((Date.parse(until) - now) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

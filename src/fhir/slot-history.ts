import type { SlotRow } from '../engine/ports/front.ts';
import type { SlotVersion, VersionReader } from '../engine/ports/versions.ts';
import { metaHead } from './answer.ts';
import { sourceTail } from './freshness.ts';
import { type History, historyOf, type ServedVersion } from './history.ts';
import { isUuid } from './values.ts';

/**
 * What a slot was. How fresh its source is and from when it may be booked follow from the clock, so the current version
 * is served with them, as it is read, and a former one without.
 * @param now serves current slots as things stand now, for one answer.
 */
export const slotHistory = (versions: VersionReader, now: () => (row: SlotRow) => string): History =>
  historyOf('Slot', {
    isId: isUuid,
    find: async (query) => {
      const found = await versions.slotVersions(query);
      const current = now();
      return found.map((each) => served(each, current));
    },
    count: versions.countSlotVersions,
  });

function served(version: SlotVersion, current: (row: SlotRow) => string): ServedVersion {
  const { id, version: number, updatedMs } = version.row;
  return { id, version: number, updatedMs, text: textOf(version, current) };
}

function textOf(version: SlotVersion, current: (row: SlotRow) => string): string | null {
  switch (version.state) {
    case 'gone':
      return null;
    case 'current':
      return current(version.row);
    case 'former': {
      const { document, status, version: number, updatedMs, connectionId } = version.row;
      return `${document},"status":"${status}",${metaHead(number, updatedMs)}${sourceTail(connectionId)}`;
    }
  }
}

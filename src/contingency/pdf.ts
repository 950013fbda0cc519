import { createRequire } from 'node:module';
import { setImmediate as turn } from 'node:timers/promises';
import PDFDocument from 'pdfkit';
import { timeOf } from './days.ts';
import type { Paper } from './paper.ts';
import type { Sheet, SheetDay, SheetEntry, SheetLocation, SheetSchedule } from './sheet.ts';
import {
  commentText,
  instantText,
  type Language,
  nameText,
  platformText,
  sourceTexts,
  staleText,
  stateText,
  WORDS,
  zoneOf,
} from './words.ts';

/**
 * To be printed: a table for each doctor and day, with a column to write in. It is tagged (ISO 32000-1, 14.8), in its language and
 * with a title, so that it can be read aloud. Fonts are in the file: names are written in more letters than those of the fonts
 * that every reader has.
 */

export type PdfOptions = { readonly language: Language; readonly paper: Paper; readonly isStale: boolean };

type Doc = PDFKit.PDFDocument;
type Element = PDFKit.PDFStructureElement;

const require = createRequire(import.meta.url);
const fontAt = (name: string): string => require.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`);
const REGULAR = fontAt('DejaVuSansCondensed');
const BOLD = fontAt('DejaVuSansCondensed-Bold');

const MARGINS = { top: 60, bottom: 36, left: 36, right: 36 };
const HEADER_Y = 26;
const BODY_SIZE = 8;
const PADDING = 3;
/** A line of handwriting. */
const ROW_HEIGHT_MIN = 20;
/** A comment may be of any length, and a page is not; what is cut ends in dots, and is whole in the other forms. */
const ROW_HEIGHT_MAX = 200;
const HEADING_HEIGHT = 20;
/** Of the width; what is left over is written into by hand. */
const SHARES = [0.08, 0.24, 0.15, 0.19, 0.14, 0.2];
const COLUMNS = ['time', 'patient', 'platform', 'comment', 'state', 'byHand'] as const;
const GREY = '#555555';
const SHADE = '#e8e8e8';
const ALARM = '#8a0000';

export async function toPdf(sheet: Sheet, options: PdfOptions): Promise<Buffer> {
  const { language, paper } = options;
  const title = `${WORDS.title[language]} – ${sheet.organization.name}`.replaceAll(/[<>&]/g, ' ');
  const doc = new PDFDocument({
    size: paper === 'a4' ? 'A4' : 'LETTER',
    layout: 'landscape',
    margins: MARGINS,
    bufferPages: true,
    pdfVersion: '1.7',
    tagged: true,
    lang: language === 'fr' ? 'fr-CA' : 'en-CA',
    displayTitle: true,
    info: { Title: title, Creator: 'Passerelle', Producer: 'Passerelle', CreationDate: new Date(sheet.asOf) },
  });
  const chunks: Buffer[] = [];
  const whole = new Promise<Buffer>((resolve, reject) => {
    doc.on('data', (chunk: Buffer) => chunks.push(chunk));
    doc.once('end', () => resolve(Buffer.concat(chunks)));
    doc.once('error', reject);
  });
  doc.registerFont('regular', REGULAR).registerFont('bold', BOLD).font('regular').fontSize(BODY_SIZE);
  const root = doc.struct('Document');
  doc.addStructure(root);
  introduction(doc, root, sheet, options);
  for (const location of sheet.locations) {
    for (const schedule of location.schedules) {
      for (const [index, day] of schedule.days.entries()) {
        const { namesPatients } = sheet;
        dayTable(doc, root, { location, schedule, day, isToday: index === 0, language, namesPatients });
        // Whoever else asks the server is answered between two tables.
        await turn();
      }
    }
  }
  root.end();
  headers(doc, sheet, options);
  doc.end();
  return whole;
}

function introduction(doc: Doc, root: Element, sheet: Sheet, { language, isStale }: PdfOptions): void {
  const zone = zoneOf(sheet);
  const paragraph = (type: 'H1' | 'P', text: string, style: () => Doc): void => {
    root.add(doc.struct(type, {}, [() => void style().text(text)]));
    doc.moveDown(0.4).fillColor('black').font('regular').fontSize(BODY_SIZE);
  };
  paragraph('H1', `${WORDS.title[language]} – ${sheet.organization.name}`, () =>
    doc.font('bold').fontSize(14),
  );
  if (isStale) {
    paragraph('P', staleText(sheet, zone, language), () => doc.font('bold').fontSize(11).fillColor(ALARM));
  }
  const sources = sourceTexts(sheet, zone, language).join('; ');
  const colon = language === 'fr' ? ' :' : ':';
  paragraph('P', `${WORDS.sources[language]}${colon} ${sources}`, () => doc.fillColor(GREY));
  paragraph('P', WORDS.confidential[language], () => doc.font('bold'));
}

type DayTable = {
  readonly location: SheetLocation;
  readonly schedule: SheetSchedule;
  readonly day: SheetDay;
  readonly isToday: boolean;
  readonly namesPatients: boolean;
  readonly language: Language;
};

/** A table that goes on on another page has its heading and the names of its columns there too. */
function dayTable(doc: Doc, root: Element, about: DayTable): void {
  const { location, schedule, day, isToday, language, namesPatients } = about;
  const { timeZone } = location;
  const heading = [
    schedule.practitioner,
    schedule.service[language],
    location.name,
    `${(isToday ? WORDS.today : WORDS.tomorrow)[language]} ${day.date}`,
  ].join(' – ');
  const rows = day.entries.map((entry) => ({
    cells: cellsOf(entry, timeZone, language, namesPatients),
    isFree: entry.kind === 'free',
  }));
  const bottom = doc.page.height - MARGINS.bottom;
  const first = rows[0] ? rowHeight(doc, rows[0].cells) : ROW_HEIGHT_MIN;
  if (doc.y + HEADING_HEIGHT + ROW_HEIGHT_MIN + first > bottom) doc.addPage();
  headingOf(doc, root, heading);
  if (rows.length === 0) {
    root.add(doc.struct('P', {}, [() => void doc.text(WORDS.nothing[language])]));
    doc.moveDown(1);
    return;
  }
  let table = begunTable(doc, root, language);
  for (const { cells, isFree } of rows) {
    if (doc.y + rowHeight(doc, cells) > bottom) {
      table.end();
      doc.addPage();
      headingOf(doc, root, `${heading} (${{ fr: 'suite', en: 'continued' }[language]})`);
      table = begunTable(doc, root, language);
    }
    tableRow(doc, table, cells, { isHead: false, colour: isFree ? GREY : 'black' });
  }
  table.end();
  doc.moveDown(1);
}

function headingOf(doc: Doc, root: Element, heading: string): void {
  doc.x = MARGINS.left;
  root.add(doc.struct('H2', {}, [() => void doc.font('bold').fontSize(10).fillColor('black').text(heading)]));
  doc.font('regular').fontSize(BODY_SIZE).moveDown(0.3);
}

function begunTable(doc: Doc, root: Element, language: Language): Element {
  const table = doc.struct('Table');
  root.add(table);
  const names = COLUMNS.map((column) => WORDS[column][language]);
  tableRow(doc, table, names, { isHead: true, colour: 'black' });
  return table;
}

const widthOf = (doc: Doc, column: number): number => (SHARES[column] ?? 0) * contentWidth(doc);

function rowHeight(doc: Doc, cells: readonly string[]): number {
  doc.font('regular').fontSize(BODY_SIZE);
  const heights = cells.map((text, column) =>
    text === '' ? 0 : doc.heightOfString(text, { width: widthOf(doc, column) - 2 * PADDING }) + 2 * PADDING,
  );
  return Math.min(ROW_HEIGHT_MAX, Math.max(ROW_HEIGHT_MIN, ...heights));
}

/** The lines and the ground are no part of the text; each cell is. */
function tableRow(
  doc: Doc,
  table: Element,
  cells: readonly string[],
  { isHead, colour }: { readonly isHead: boolean; readonly colour: string },
): void {
  const { y } = doc;
  const height = rowHeight(doc, cells);
  const row = doc.struct('TR');
  table.add(row);
  let x = MARGINS.left;
  for (const [column, text] of cells.entries()) {
    const left = x;
    const width = widthOf(doc, column);
    doc.markContent('Artifact', { type: 'Layout' });
    doc.lineWidth(0.5).rect(left, y, width, height);
    if (isHead) doc.fillAndStroke(SHADE, GREY);
    else doc.stroke(GREY);
    doc.endMarkedContent();
    const write = (): void => {
      doc
        .font(isHead ? 'bold' : 'regular')
        .fontSize(BODY_SIZE)
        .fillColor(colour);
      const box = { width: width - 2 * PADDING, height: height - 2 * PADDING, ellipsis: true };
      if (text !== '') doc.text(text, left + PADDING, y + PADDING, box);
    };
    const cell = doc.struct(isHead || column === 0 ? 'TH' : 'TD', {}, [write]);
    row.add(cell);
    x += width;
  }
  row.end();
  doc.x = MARGINS.left;
  doc.y = y + height;
}

function cellsOf(entry: SheetEntry, zone: string, language: Language, namesPatients: boolean): string[] {
  const { start, end } = entry.interval;
  const time = `${timeOf(start, zone)}–${timeOf(end, zone)}`;
  const platform = platformText(entry, language);
  const state = stateText(entry, zone, language);
  if (entry.kind === 'free') return [time, '', platform, '', state, ''];
  const { patient, confirmation } = entry;
  const who = [nameText(entry, namesPatients, language), patient?.phone, patient?.nam]
    .filter(Boolean)
    .join('\n');
  const where = confirmation === null ? platform : `${platform}\n${confirmation}`;
  return [time, who, where, commentText(entry, language), state, ''].map(printable);
}

/** What somebody wrote may have characters that are none of a text. */
const printable = (text: string): string => text.replaceAll(/[^\P{C}\n]+/gu, ' ');

const contentWidth = (doc: Doc): number => doc.page.width - MARGINS.left - MARGINS.right;

/** On every page: whose it is, as of when, and which page of how many. They are no part of the text (14.8.2.2). */
function headers(doc: Doc, sheet: Sheet, { language, isStale }: PdfOptions): void {
  const { start, count } = doc.bufferedPageRange();
  const zone = zoneOf(sheet);
  const asOf = `${WORDS.asOf[language]} ${instantText(sheet.asOf, zone)} (${zone})`;
  const warning = isStale ? ` – ${{ fr: 'PÉRIMÉE', en: 'NOT UP TO DATE' }[language]}` : '';
  for (let page = start; page < start + count; page += 1) {
    doc.switchToPage(page);
    doc.markContent('Artifact', { type: 'Pagination', attached: ['Top'] });
    doc
      .font('regular')
      .fontSize(BODY_SIZE)
      .fillColor(isStale ? ALARM : GREY);
    const at = { width: contentWidth(doc), lineBreak: false };
    doc.text(`${sheet.organization.name} – ${asOf}${warning}`, MARGINS.left, HEADER_Y, at);
    const pages = `${WORDS.page[language]} ${page - start + 1} ${WORDS.of[language]} ${count}`;
    const x = doc.page.width - MARGINS.right - doc.widthOfString(pages);
    doc.text(pages, x, HEADER_Y, { lineBreak: false });
    doc.endMarkedContent();
  }
}
